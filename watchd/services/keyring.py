"""Keyring: hook tokens that are for one source only, so that each can be taken away without touching the others."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping

from watchd.clock import Clock, iso
from watchd.errors import WatchdError
from watchd.store import accounts
from watchd.store.accounts import ApiToken
from watchd.store.database import Database

Json = dict[str, object]


class NoSuchKey(WatchdError):
    """There is no such account, source or token."""


class Keyring:
    """By account, None for the household, and source. `changed(tokens)` hands on all there are; NoSuchKey everywhere."""

    def __init__(
        self,
        people: Mapping[str, int],
        sources: Iterable[str],
        database: Database,
        clock: Clock,
        *,
        changed: Callable[[list[ApiToken]], None],
    ) -> None:
        self._people = {name.casefold(): number for name, number in people.items()}
        self._names = {number: name for name, number in people.items()}
        self._sources = sorted(sources)
        self._database = database
        self._clock = clock
        self._changed = changed

    async def make(self, account: str | None, source: str) -> Json:
        """A new token; one that was there for the same is no good any more."""
        number, now = self._meant(account, source), self._clock.now()

        def work(connection: sqlite3.Connection) -> tuple[ApiToken, list[ApiToken]]:
            accounts.drop_source_token(connection, number, source)
            made = accounts.ensure_api_token(connection, number, "hook", source, now)
            return made, accounts.source_tokens(connection)

        made, known = await self._database.write(work)
        self._changed(known)
        return {"token": made.token, "source": source, "account": self._names.get(number or 0)}

    async def revoke(self, account: str | None, source: str) -> Json:
        """Nobody gets in with it any more; the household's and the account's own tokens stay."""
        number = self._meant(account, source)

        def work(connection: sqlite3.Connection) -> tuple[bool, list[ApiToken]]:
            return accounts.drop_source_token(connection, number, source), accounts.source_tokens(connection)

        dropped, known = await self._database.write(work)
        if not dropped:
            raise NoSuchKey(f"there is no token for {source} alone")
        self._changed(known)
        return {"revoked": source, "account": self._names.get(number or 0)}

    async def listed(self) -> list[Json]:
        """Which there are, without what they are."""
        found = await self._database.read(accounts.source_tokens)
        return [
            {"source": one.source, "account": self._names.get(one.account_id or 0), "made_at": iso(one.made_at)}
            for one in found
            if one.account_id is None or one.account_id in self._names
        ]

    def _meant(self, account: str | None, source: str) -> int | None:
        if source not in self._sources:
            raise NoSuchKey(f"no such source; there are: {', '.join(self._sources)}")
        if account is None:
            return None
        number = self._people.get(account.casefold())
        if not self._people:
            raise NoSuchKey("there is one account only: leave its name out")
        if number is None:
            raise NoSuchKey(f"there is no account '{account}'; there are: {', '.join(sorted(self._names.values()))}")
        return number
