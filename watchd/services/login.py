"""Login: connecting an account to Trakt by the device flow, and letting go of it again."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import anyio
import structlog

from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_auth import DeviceCode, DeviceLoginEnded, Pending, SlowDown, TraktAuth
from watchd.clients.trakt_tokens import TokenKeeper
from watchd.clock import Clock
from watchd.errors import StoreUnavailable, UpstreamError, UpstreamRefusal
from watchd.model.tokens import TokenPair
from watchd.store import accounts, deliveries
from watchd.store.accounts import NEVER
from watchd.store.database import Database

log = structlog.get_logger()

UNVERIFIED = "the new login is being checked against the Trakt user of this account"
_CHECK_AGAIN = 60.0
_NOT_YET = frozenset({408, 429})


class LoginState(StrEnum):
    """`asking` and `leaving`: wished for, and Trakt has not answered yet."""

    NONE = "none"
    ASKING = "asking"
    LEAVING = "leaving"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


_AT_REST = frozenset({LoginState.NONE, LoginState.DONE, LoginState.FAILED})


@dataclass(frozen=True, slots=True)
class LoginStatus:
    """How the login under way stands, or how the last one ended; `user` is the Trakt user it led to."""

    state: LoginState = LoginState.NONE
    code: DeviceCode | None = None
    reason: str | None = None
    user: str | None = None


class Login:
    """One account's login. `begin` shows a code, `run` waits until it was entered; `changed()` is called when that is over."""

    def __init__(
        self,
        account_id: int,
        database: Database,
        clock: Clock,
        auth: TraktAuth,
        keeper: TokenKeeper,
        trakt: TraktClient,
        *,
        changed: Callable[[], None],
    ) -> None:
        self._account_id = account_id
        self._database = database
        self._clock = clock
        self._auth = auth
        self._keeper = keeper
        self._trakt = trakt
        self._changed = changed
        self._confirmed = False
        self._unkept: TokenPair | None = None
        self._doubt: str | None = None
        self._begun = anyio.Event()
        self.status = LoginStatus()

    @property
    def doubt(self) -> str | None:
        """Why what Trakt says by this login is not known to be of the account's own user; None when it is."""
        return self._doubt

    @property
    def trusted(self) -> bool:
        return self._doubt is None

    async def load(self) -> None:
        """Look into the store whether the login was in doubt when the last process ended."""
        account = await self._database.read(lambda connection: accounts.get(connection, self._account_id))
        self._doubt = account.held_reason if account.probe_at == NEVER else None

    async def begin(self, *, confirm: bool = False) -> DeviceCode:
        """Ask for a code to show; `confirm` accepts another Trakt user than before. UpstreamError as it comes."""
        code = await self._auth.device_code()
        self._confirmed = confirm
        self.status = LoginStatus(LoginState.WAITING, code)
        return code

    def ask(self, *, confirm: bool = False) -> None:
        """Have `run` begin a login; nothing is waited for."""
        self._confirmed = confirm
        self.status = LoginStatus(LoginState.ASKING)
        self._begun.set()

    def leave(self) -> None:
        """Have `run` log out; nothing is waited for."""
        self.status = LoginStatus(LoginState.LEAVING)
        self._begun.set()

    async def run(self) -> None:
        """See every login and logout to its end, and a login that could not be checked yet to its check; never returns."""
        while True:
            self._begun = anyio.Event()
            await self._step()
            if self.status.state in _AT_REST:
                with anyio.move_on_after(self._clock.real(_CHECK_AGAIN)):
                    await self._begun.wait()

    async def _step(self) -> None:
        """One step on from the state things are in."""
        try:
            if self.status.state is LoginState.ASKING:
                await self.begin(confirm=self._confirmed)
            elif self.status.state is LoginState.LEAVING:
                await self.logout()
            elif self.status.state is LoginState.WAITING and self.status.code is not None:
                await self.wait(self.status.code)
            else:
                await self.check()
        except UpstreamError as error:
            self._ended(LoginStatus(LoginState.FAILED, reason=f"Trakt did not do it ({error})"))
        except StoreUnavailable as error:
            self._ended(LoginStatus(LoginState.FAILED, reason=f"it could not be written down ({error})"))

    async def wait(self, code: DeviceCode) -> LoginStatus:
        """Poll until the user has entered the code, or it has ended."""
        interval = float(code.interval)
        ends = self._clock.monotonic() + code.expires_in
        while self.status.code is code:
            await self._clock.sleep(interval)
            if self._clock.monotonic() > ends:
                return self._ended(LoginStatus(LoginState.FAILED, reason="the code has expired"))
            try:
                answer = await self._auth.poll_device(code)
            except DeviceLoginEnded as error:
                return self._ended(LoginStatus(LoginState.FAILED, reason=str(error)))
            except UpstreamRefusal as error:
                if error.status == 403 and not error.is_html:
                    return self._ended(LoginStatus(LoginState.FAILED, reason="Trakt does not know this API app"))
                interval = min(60.0, interval * 2)
                continue
            except UpstreamError:
                interval = min(60.0, interval * 2)
                continue
            if isinstance(answer, TokenPair):
                return self._ended(await self._adopt(answer))
            if isinstance(answer, SlowDown):
                interval = max(interval + 5.0, answer.retry_after or 0.0)
            elif isinstance(answer, Pending):
                interval = max(float(code.interval), min(interval, 60.0))
        return self.status

    def _ended(self, status: LoginStatus) -> LoginStatus:
        self.status = status = replace(status, code=self.status.code)
        log.info("login.ended", state=str(status.state), reason=status.reason)
        self._changed()
        return status

    async def _adopt(self, pair: TokenPair) -> LoginStatus:
        """Keep the tokens, holding the account until it is known whose they are.

        Those that cannot be saved stay in memory, and `check` tries again.
        """
        self._unkept, self._doubt = pair, UNVERIFIED
        now = self._clock.now()
        try:
            await self._database.write(lambda connection: accounts.hold(connection, self._account_id, UNVERIFIED, now, NEVER))
            self._unkept = None  # from here on the keeper has them, saved or not
            await self._keeper.adopt(pair)
        except StoreUnavailable as error:
            reason = f"the tokens could not be saved ({error}); while watchd runs it keeps trying"
            return LoginStatus(LoginState.FAILED, reason=reason)
        try:
            return await self._verify()
        except (UpstreamError, StoreUnavailable) as error:
            return LoginStatus(LoginState.DONE, reason=f"logged in; Trakt could not be asked yet whose login it is ({error})")

    async def _verify(self) -> LoginStatus:
        user = await self._trakt.settings()
        uuid = user.uuid or user.slug
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> str | None:
            account = accounts.get(connection, self._account_id)
            bound = account.trakt_uuid
            taken = accounts.bound_too(connection, self._account_id, uuid) if bound is None else None
            if not self._confirmed and (taken is not None or bound not in (None, uuid)):
                named = "" if account.name == accounts.ME else f" --account {account.name}"
                whose = f"the Trakt user of the account {taken}" if taken is not None else "another Trakt user"
                reason = f"the new login is of {whose} ({user.slug}): `watchd login{named} --confirm` accepts that"
                accounts.hold(connection, self._account_id, reason, now, NEVER)
                return reason
            accounts.bind(connection, self._account_id, uuid, user.slug, now)
            accounts.unhold(connection, self._account_id)
            deliveries.release(connection, self._account_id, now)
            return None

        self._doubt = await self._database.write(work)
        if self._doubt is None:
            return LoginStatus(LoginState.DONE, user=user.slug)
        return LoginStatus(LoginState.FAILED, reason=self._doubt, user=user.slug)

    async def _unverified(self) -> bool:
        account = await self._database.read(lambda connection: accounts.get(connection, self._account_id))
        return account.held_reason == UNVERIFIED

    async def check(self) -> None:
        """Save the tokens, and ask whose they are, if that could not be done when they came."""
        try:
            if self._unkept is not None:
                self._ended(await self._adopt(self._unkept))
            elif await self._unverified():
                self._ended(await self._verify())
        except (UpstreamError, StoreUnavailable) as error:
            log.info("login.unverified", error=str(error))

    async def logout(self) -> None:
        """Give the tokens back to Trakt and forget them.

        UpstreamError, and nothing forgotten, when Trakt cannot be told. What it refuses for good is forgotten all the same.
        """
        token = self._unkept.access_token if self._unkept is not None else await self._keeper.last_token()
        reason = "there was no login" if token is None else None
        if token is not None:
            try:
                await self._auth.revoke(token)
            except UpstreamRefusal as error:
                if error.is_html or error.status >= 500 or error.status in _NOT_YET:
                    raise
                reason = f"Trakt refused to revoke the tokens ({error}); they are forgotten here"
        await self._keeper.forget()
        self._unkept = None
        await self._database.write(lambda connection: accounts.undoubt(connection, self._account_id))
        self._doubt = None
        self.status = LoginStatus(reason=reason)
        self._changed()
