"""Accounts: whose watching is tracked, and whether Trakt holds them up."""

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from watchd.store import writer
from watchd.store.rows import one

ME = "me"
NEVER = 253_402_300_799_000
"""When a hold is probed that only a person can lift."""
_KEPT = "token, account_id, scope, source, created_at"
_COLUMNS = "id, name, trakt_uuid, trakt_slug, trakt_since, held_reason, held_at, probe_at"


@dataclass(frozen=True, slots=True)
class Account:
    """`trakt_since`: the first login, before which nothing is owed; `held_reason` set: Trakt takes nothing until mended."""

    id: int
    name: str
    trakt_uuid: str | None = None
    trakt_slug: str | None = None
    trakt_since: int | None = None
    held_reason: str | None = None
    held_at: int | None = None
    probe_at: int | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A secret that opens our own HTTP: `scope` hook, read or admin; without an account it is the household's.

    A hook token may be for one source only. `made_at` is in ms.
    """

    token: str
    account_id: int | None
    scope: str
    source: str | None
    made_at: int = 0


def ensure(connection: sqlite3.Connection, name: str, now: int) -> Account:
    """The account of that name, made if there is none."""
    connection.execute("INSERT OR IGNORE INTO accounts (name, created_at) VALUES (?, ?)", (name, now))
    return Account(*one(connection, f"SELECT {_COLUMNS} FROM accounts WHERE name = ?", name))


def arrange(connection: sqlite3.Connection, names: Sequence[str], now: int) -> tuple[Account, ...]:
    """The accounts of these names in this order, the missing ones made; a name in other capitals is the same account.

    Who has tracked alone as `me` and now names people is the first of them: that row is renamed, so that its history is kept.
    """
    known = {name.casefold(): name for (name,) in connection.execute("SELECT name FROM accounts")}
    first = names[0].casefold()
    if ME in known and first not in known and ME not in map(str.casefold, names):
        known[first] = known.pop(ME)
    for name in names:
        old = known.get(name.casefold(), name)
        if old != name:
            connection.execute("UPDATE accounts SET name = ? WHERE name = ?", (name, old))
    return tuple(ensure(connection, name, now) for name in names)


def touch(connection: sqlite3.Connection) -> None:
    """Write something that changes nothing, to see whether the disk takes it."""
    connection.execute("UPDATE accounts SET name = name")


def get(connection: sqlite3.Connection, account_id: int) -> Account:
    return Account(*one(connection, f"SELECT {_COLUMNS} FROM accounts WHERE id = ?", account_id))


def trakt_since(connection: sqlite3.Connection, account_id: int) -> int | None:
    """The account's first login alone: asked at each step of each play."""
    logins = writer.logins(connection)
    if account_id not in logins:
        logins[account_id] = one(connection, "SELECT trakt_since FROM accounts WHERE id = ?", account_id)[0]
    return logins[account_id]


def everyone(connection: sqlite3.Connection) -> list[Account]:
    return [Account(*row) for row in connection.execute(f"SELECT {_COLUMNS} FROM accounts ORDER BY id")]


def has_plays(connection: sqlite3.Connection, account_id: int) -> bool:
    """Whether anything was ever recorded for the account."""
    return one(connection, "SELECT 1 FROM plays WHERE account_id = ? LIMIT 1", account_id) is not None


def bind(connection: sqlite3.Connection, account_id: int, uuid: str, slug: str, now: int) -> None:
    """Tie the account to a Trakt user, and let it owe from now on if this is its first login."""
    connection.execute(
        "UPDATE accounts SET trakt_uuid = ?, trakt_slug = ?, trakt_since = coalesce(trakt_since, ?) WHERE id = ?",
        (uuid, slug, now, account_id),
    )
    writer.logins(connection).clear()


def bound_too(connection: sqlite3.Connection, account_id: int, uuid: str) -> str | None:
    """The name of another account that is tied to this Trakt user; None when there is none."""
    row = one(connection, "SELECT name FROM accounts WHERE trakt_uuid = ? AND id <> ? ORDER BY id", uuid, account_id)
    return None if row is None else str(row[0])


def hold(connection: sqlite3.Connection, account_id: int, reason: str, now: int, probe_at: int) -> None:
    """Trakt refuses the whole account: stop, and try one delivery at `probe_at`."""
    connection.execute(
        "UPDATE accounts SET held_reason = ?, held_at = coalesce(held_at, ?), probe_at = ? WHERE id = ?",
        (reason, now, probe_at, account_id),
    )


def unhold(connection: sqlite3.Connection, account_id: int) -> None:
    connection.execute("UPDATE accounts SET held_reason = NULL, held_at = NULL, probe_at = NULL WHERE id = ?", (account_id,))


def undoubt(connection: sqlite3.Connection, account_id: int) -> None:
    """End a hold that was about whose login it is, for that login is no more; Trakt's own holds stay."""
    if get(connection, account_id).probe_at == NEVER:
        unhold(connection, account_id)


def api_tokens(connection: sqlite3.Connection) -> list[ApiToken]:
    rows = connection.execute(f"SELECT {_KEPT} FROM api_tokens ORDER BY created_at, scope")
    return [ApiToken(*row) for row in rows]


def source_tokens(connection: sqlite3.Connection) -> list[ApiToken]:
    """The hook tokens that are for one source each, the oldest first."""
    return [one for one in api_tokens(connection) if one.scope == "hook" and one.source is not None]


def drop_source_token(connection: sqlite3.Connection, account_id: int | None, source: str) -> bool:
    """Forget the hook token for one source alone; whether there was one."""
    wanted = "scope = 'hook' AND account_id IS ? AND source = ?"
    return connection.execute(f"DELETE FROM api_tokens WHERE {wanted}", (account_id, source)).rowcount > 0


def ensure_api_token(
    connection: sqlite3.Connection, account_id: int | None, scope: str, source: str | None, now: int
) -> ApiToken:
    """The token of that account (None: the household), scope and source, generated when there is none: 192 random bits."""
    row = one(
        connection,
        f"SELECT {_KEPT} FROM api_tokens WHERE account_id IS ? AND scope = ? AND source IS ?",
        account_id,
        scope,
        source,
    )
    if row is not None:
        return ApiToken(*row)
    made = ApiToken(secrets.token_urlsafe(24), account_id, scope, source, now)
    connection.execute("INSERT INTO api_tokens VALUES (?, ?, ?, ?, ?)", (made.token, account_id, scope, source, now))
    return made
