"""Where a pair of tokens is written down, with the journal of its refresh, so that a crash at any step is survived."""

from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from watchd.errors import StoreUnavailable
from watchd.model.tokens import StoredTokens, TokenPair


class TokenStore(Protocol):
    """One account's row; each method has committed when it returns, or raises StoreUnavailable."""

    async def load(self) -> StoredTokens | None: ...

    async def save(self, pair: TokenPair) -> None:
        """Keep a new pair, with an empty journal and no mark."""
        ...

    async def journal_refresh(self, at: int | None) -> None:
        """Set `refreshing_at` and count a try; with None, take the try back: it is known not to have reached Trakt."""
        ...

    async def mark_login_required(self, reason: str) -> None: ...

    async def clear(self) -> None: ...


class TokenBook:
    """The store's row in memory, ahead of it only where the store fails."""

    def __init__(self, store: TokenStore) -> None:
        self._store = store
        self._unsaved: TokenPair | None = None
        self._spent: dict[str, str] = {}
        self.kept: StoredTokens | None = None

    async def open(self) -> StoredTokens | None:
        """The tokens; read again while there are none to use, since a login may have brought some."""
        if self._unsaved is not None:
            await self.save(self._unsaved)
        elif self.kept is None or self.kept.login_required is not None:
            self.kept = await self._store.load()
            reason = self._spent.get(self.kept.pair.refresh_token) if self.kept else None
            if self.kept and reason and self.kept.login_required is None:
                await self.mark(reason)
        return self.kept

    async def save(self, pair: TokenPair) -> None:
        """Keep a pair; one that could not be written is kept in mind, for it is the only one there is."""
        self._unsaved = pair
        await self._store.save(pair)
        self.kept, self._unsaved = StoredTokens(pair), None

    async def begin_try(self, kept: StoredTokens, at: int) -> None:
        await self._store.journal_refresh(at)
        self.kept = replace(kept, refreshing_at=at, refresh_tries=kept.refresh_tries + 1)

    async def take_try_back(self, kept: StoredTokens) -> None:
        """Go back to how it was before the try; a journal that still counts it is merely too careful."""
        self.kept = replace(kept, refreshing_at=None)
        with suppress(StoreUnavailable):
            await self._store.journal_refresh(None)

    async def mark(self, reason: str) -> None:
        """Never use this refresh token again, also when that cannot be written."""
        if self.kept is not None:
            self._spent = {self.kept.pair.refresh_token: reason}
            self.kept = replace(self.kept, login_required=reason)
            await self._store.mark_login_required(reason)

    async def clear(self) -> None:
        await self._store.clear()
        self.kept = self._unsaved = None
