"""The account's tokens at Trakt, with the journal of their refresh."""

import sqlite3

from watchd.model.tokens import StoredTokens, TokenPair
from watchd.store.database import Database
from watchd.store.rows import one


class TraktTokens:
    """One account's row; each method has committed when it returns."""

    def __init__(self, database: Database, account_id: int) -> None:
        self._database = database
        self._account_id = account_id

    async def load(self) -> StoredTokens | None:
        return await self._database.read(lambda connection: load(connection, self._account_id))

    async def save(self, pair: TokenPair) -> None:
        """Keep a new pair, with an empty journal and no mark."""
        await self._database.write(lambda connection: save(connection, self._account_id, pair))

    async def journal_refresh(self, at: int | None) -> None:
        """Set `refreshing_at` and count a try; with None, take the try back."""
        step = 1 if at is not None else -1
        await self._execute(
            "UPDATE trakt_tokens SET refreshing_at = ?, refresh_tries = max(0, refresh_tries + ?) WHERE account_id = ?",
            at,
            step,
        )

    async def mark_login_required(self, reason: str) -> None:
        await self._execute("UPDATE trakt_tokens SET login_required = ? WHERE account_id = ?", reason)

    async def clear(self) -> None:
        await self._execute("DELETE FROM trakt_tokens WHERE account_id = ?")

    async def _execute(self, sql: str, *values: object) -> None:
        await self._database.write(lambda connection: connection.execute(sql, (*values, self._account_id)).close())


def load(connection: sqlite3.Connection, account_id: int) -> StoredTokens | None:
    row = one(
        connection,
        "SELECT access_token, refresh_token, created_at, expires_in, scope, refreshing_at, refresh_tries, login_required "
        "FROM trakt_tokens WHERE account_id = ?",
        account_id,
    )
    return StoredTokens(TokenPair(*row[:5]), *row[5:]) if row else None


def save(connection: sqlite3.Connection, account_id: int, pair: TokenPair) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO trakt_tokens (account_id, access_token, refresh_token, created_at, expires_in, scope) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (account_id, pair.access_token, pair.refresh_token, pair.created_at, pair.expires_in, pair.scope),
    )
