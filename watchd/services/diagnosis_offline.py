"""How the accounts stand while no daemon runs: the part of the status that the database alone can tell."""

import json
import sqlite3

from watchd.clock import iso
from watchd.model.diagnosis import Setup
from watchd.model.sync import Progress, Result
from watchd.rules.due_sections import GHOSTS
from watchd.rules.reconcile import mismatch
from watchd.services.sync_facts import facts_of
from watchd.store import accounts, checkup, library, reconciling
from watchd.store.accounts import Account

Json = dict[str, object]


def served(connection: sqlite3.Connection, setup: Setup) -> list[Account]:
    """The accounts of the settings, in their order, as far as there are any yet."""
    known = {one.name.casefold(): one for one in accounts.everyone(connection)}
    wanted = setup.people or (accounts.ME,)
    return [known[name.casefold()] for name in wanted if name.casefold() in known]


def standing(connection: sqlite3.Connection, setup: Setup, now: int) -> list[Json]:
    """`accounts` of the status, without what only a running daemon knows."""
    return [
        {
            "name": one.name,
            "trakt": _trakt(connection, one.id, setup, now) if setup.trakt_app else None,
            "held_reason": one.held_reason,
        }
        for one in served(connection, setup)
    ]


def _trakt(connection: sqlite3.Connection, account_id: int, setup: Setup, now: int) -> Json:
    state, reason, expires = _login(connection, account_id, now) if setup.trakt_secret else ("no client secret", None, None)
    return {
        "login": state,
        "login_reason": reason,
        "token_expires_at": None if expires is None else iso(expires),
        "last_heard_at": None,
        "failing": False,
        "sync": _sync(connection, account_id),
    }


def _login(connection: sqlite3.Connection, account_id: int, now: int) -> tuple[str, str | None, int | None]:
    row = checkup.login(connection, account_id)
    if row is None:
        return "none", None, None
    required, tries, expires = row
    if required is not None:
        return "login_required", required, expires
    # A token that ran out while nothing was running is renewed at the next start.
    return ("ok" if now >= expires or not tries else "unsure"), None, None if now >= expires else expires


def _sync(connection: sqlite3.Connection, account_id: int) -> Json:
    sections = {section.name: section for section in library.sections(connection, account_id)}
    stats = library.bodies(connection, account_id, "stats")
    ghosts = sections.get(GHOSTS)
    amiss = mismatch(
        reconciling.counts(connection, account_id), ghosts.rows if ghosts else 0, json.loads(stats[0]) if stats else None
    )
    return facts_of(sections, Progress(), Result(), amiss, running=False)
