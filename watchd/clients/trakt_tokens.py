"""The tokens of one account: who asks gets a living one, and all who ask share one refresh."""

import asyncio
from enum import StrEnum

from watchd.clients.refresh_trouble import RefreshTrouble, in_one_piece, may_be_spent
from watchd.clients.token_book import TokenBook, TokenStore
from watchd.clients.trakt_auth import TraktAuth
from watchd.clock import Clock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamError, UpstreamRefusal, UpstreamUnreachable
from watchd.model.tokens import StoredTokens, TokenPair
from watchd.telemetry.metrics import Metrics

MOST_TRIES = 2
REST = 3600.0


class TokenState(StrEnum):
    NONE = "none"
    OK = "ok"
    UNSURE = "unsure"
    EXPIRED = "expired"
    LOGIN_REQUIRED = "login_required"


class TokenKeeper:
    """Keeps one account's tokens fresh.

    A refresh is due at half of the life, and needed once the access token is dead or refused. While it is merely due, the
    living token is handed out whatever becomes of the refresh. A refresh whose outcome is unknown may be repeated once, which
    is saved up until it is needed.
    """

    def __init__(self, store: TokenStore, auth: TraktAuth, clock: Clock, metrics: Metrics, *, label: str = "trakt") -> None:
        self._label = label
        self._book = TokenBook(store)
        self._auth = auth
        self._clock = clock
        self._metrics = metrics
        self._lock = asyncio.Lock()
        self._trouble = RefreshTrouble(clock)
        self._resting: tuple[str, float] | None = None

    @property
    def expires_at(self) -> int | None:
        return self._book.kept.pair.expires_at if self._book.kept else None

    @property
    def reason(self) -> str | None:
        """Why only a new login helps."""
        kept = self._book.kept
        if kept is None:
            return None
        if self._resting and self._resting[0] == kept.pair.access_token and self._clock.monotonic() < self._resting[1]:
            return "Trakt refuses a token it has just given"
        return kept.login_required

    @property
    def state(self) -> TokenState:
        """How it stands, as far as it was loaded."""
        kept = self._book.kept
        if kept is None:
            return TokenState.NONE
        if self.reason is not None:
            return TokenState.LOGIN_REQUIRED
        if self._dead(kept):
            return TokenState.EXPIRED
        return TokenState.UNSURE if kept.refresh_tries or self._trouble else TokenState.OK

    async def load(self) -> TokenState:
        """Look into the store, for those who only want to know how it stands."""
        async with self._lock:
            await self._book.open()
            self._show()
        return self.state

    async def access_token(self) -> str:
        """A token to call with; LoginRequired when there is none, UpstreamUnreachable when there may be one later."""
        kept = self._book.kept
        if kept is not None and self.reason is None and not self._dead(kept) and not self._due(kept):
            return kept.pair.access_token
        async with self._lock:
            kept = await self._usable()
            if self._due(kept):
                kept = await self._refreshed(kept, needed=self._dead(kept))
            return kept.pair.access_token

    async def last_token(self) -> str | None:
        """The access token there is, living or not, to give it back; None when there is none."""
        async with self._lock:
            kept = await self._book.open()
        return kept.pair.access_token if kept is not None else None

    async def renew(self, stale: str) -> str:
        """Another token than `stale`, which was answered with 401; no refresh if there is another one already."""
        async with self._lock:
            kept = await self._usable()
            if kept.pair.access_token != stale:
                return kept.pair.access_token
            if self._resting is not None and self._resting[0] == stale:
                raise self.rejected(stale)
            return (await self._refreshed(kept, needed=True)).pair.access_token

    def rejected(self, token: str) -> UpstreamError:
        """What to raise after a 401 on a token just renewed: it rests for an hour, and no 401 on it brings a refresh."""
        if self._book.kept is None or self._book.kept.pair.access_token != token:
            return UpstreamUnreachable("the access token changed meanwhile", maybe_done=False)
        self._resting = (token, self._clock.monotonic() + REST)
        return _login(self.reason)

    async def adopt(self, pair: TokenPair) -> None:
        """Go on with the tokens of a new login."""
        async with self._lock:
            self._book.kept = None  # should saving fail, what is there now must not pass for the new login's
            await self._keep(pair)

    async def forget(self) -> None:
        """Drop the tokens."""
        async with self._lock:
            await self._book.clear()
            self._settled()
            self._show()

    def _dead(self, kept: StoredTokens) -> bool:
        return self._clock.now() >= kept.pair.expires_at

    def _due(self, kept: StoredTokens) -> bool:
        if self._dead(kept):
            return True
        spared = kept.refresh_tries > 0 or self._trouble.waiting
        return not spared and self._clock.now() >= kept.pair.renew_at

    async def _usable(self) -> StoredTokens:
        kept = await self._book.open()
        self._show()
        if kept is None:
            raise _login("there are no tokens")
        if self.reason is not None:
            raise _login(self.reason)
        return kept

    async def _refreshed(self, kept: StoredTokens, *, needed: bool) -> StoredTokens:
        """The tokens after a refresh; the same ones if it failed and was not needed."""
        if kept.refresh_tries >= MOST_TRIES:
            raise await self._given_up()
        if self._trouble.waiting:
            raise self._trouble.later()
        try:
            await in_one_piece(self._refresh(kept))
        except (UpstreamError, StoreUnavailable) as error:
            if needed or isinstance(error, LoginRequired):
                raise
        return self._book.kept or kept

    async def _refresh(self, kept: StoredTokens) -> None:
        await self._book.begin_try(kept, self._clock.now())
        try:
            pair = await self._auth.refresh(kept.pair.refresh_token)
        except LoginRequired as refusal:
            self._count("refused")
            await self._book.mark(str(refusal))
            raise _login(str(refusal)) from refusal
        except UpstreamError as error:
            raise await self._failed(kept, error) from error
        self._count("ok")
        await self._keep(pair)

    async def _failed(self, kept: StoredTokens, error: UpstreamError) -> UpstreamError:
        """Note a refresh that brought nothing, and say what its callers are told."""
        spent = may_be_spent(error)
        self._count("ambiguous" if spent else "refused" if isinstance(error, UpstreamRefusal) else "unsent")
        self._trouble.note(error)
        if not spent:
            await self._book.take_try_back(kept)
        elif kept.refresh_tries + 1 >= MOST_TRIES:
            return await self._given_up()
        return self._trouble.later()

    async def _given_up(self) -> LoginRequired:
        reason = "two refreshes stayed without a clear answer"
        await self._book.mark(reason)
        return _login(reason)

    async def _keep(self, pair: TokenPair) -> None:
        self._settled()
        await self._book.save(pair)
        self._show()

    def _settled(self) -> None:
        self._trouble.clear()
        self._resting = None

    def _count(self, result: str) -> None:
        self._metrics.token_refreshes.labels(self._label, result).inc()

    def _show(self) -> None:
        if self.expires_at is None:
            self._metrics.token_expiry.remove(self._label)
        else:
            self._metrics.token_expiry.labels(self._label).set(self.expires_at / 1000)


def _login(reason: str | None) -> LoginRequired:
    return LoginRequired(f"{reason or 'the tokens are of no use'}: log in again with `watchd login`")
