"""Hook tokens for one source alone: asked of the running daemon, or of its state directory while none runs."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio

from watchd.cli.api import path_for, running
from watchd.cli.setups import SETUPS
from watchd.clock import SystemClock
from watchd.services.keyring import Keyring
from watchd.settings import Settings
from watchd.store import accounts, state_dir
from watchd.store.accounts import ApiToken
from watchd.store.database import Database
from watchd.store.readonly import looked_into

T = TypeVar("T")

_PATH = "/api/hooks/tokens"


def make(settings: Settings, account: str | None, source: str) -> str:
    """A new token; the one before opens nothing any more."""
    daemon = running(settings)
    if daemon is not None:
        return str(daemon.call("POST", path_for(_PATH, account), {"source": source})["token"])
    told = anyio.run(_here, settings, lambda keyring: keyring.make(account, source))
    return str(told["token"])


def revoke(settings: Settings, account: str | None, source: str) -> None:
    daemon = running(settings)
    if daemon is not None:
        daemon.call("DELETE", path_for(f"{_PATH}/{source}", account))
    else:
        anyio.run(_here, settings, lambda keyring: keyring.revoke(account, source))


def table(settings: Settings) -> list[str]:
    """One line a token, without the token."""
    daemon = running(settings)
    found: Any = daemon.call("GET", _PATH)["tokens"] if daemon is not None else anyio.run(_here, settings, Keyring.listed)
    if not found:
        return ["no source has a token of its own"]
    return [f"{one['source']:<14} {one['account'] or 'everybody':<20} since {one['made_at']}" for one in found]


def stored(settings: Settings, source: str) -> str | None:
    """The household's token for one source alone; None when there is none."""
    path = settings.state_dir / state_dir.DATABASE
    if not path.exists():
        return None
    with looked_into(path) as connection:
        found = [one.token for one in accounts.source_tokens(connection) if (one.account_id, one.source) == (None, source)]
    return found[0] if found else None


async def _here(settings: Settings, work: Callable[[Keyring], Awaitable[T]]) -> T:
    served = {person.name.casefold() for person in settings.accounts}
    with state_dir.owned(settings.state_dir) as path:
        async with Database.opened(path) as database:
            everyone = await database.read(accounts.everyone)
            people = {one.name: one.id for one in everyone if one.name.casefold() in served}
            return await work(Keyring(people, SETUPS, database, SystemClock(), changed=_nobody))


def _nobody(_tokens: list[ApiToken]) -> None:
    """No guard is there to be told."""
