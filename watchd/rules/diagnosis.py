"""Doctor's rules: what is so, from the settings, the status and the records; what to do about it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from watchd.model.diagnosis import Finding, Level, Records, Setup
from watchd.rules.diagnosis_intake import of_sources, of_users, of_watchers
from watchd.rules.diagnosis_owed import of_debts, of_index, of_pictures
from watchd.rules.diagnosis_place import of_listener, of_tokens
from watchd.rules.diagnosis_trakt import is_told_of, of_account

_ORDER = tuple(Level)


def findings(setup: Setup, status: Mapping[str, Any], records: Records, now: int) -> Iterator[Finding]:
    """All that does not need the machine's own eyes.

    `status` is that of the daemon; without one it has the accounts alone, as far as the database tells of them.
    """
    if not status.get("healthy", True):
        told = "the loop or the database does not keep up: requests are answered late, or with 503"
        yield Finding(Level.PROBLEM, "daemon", told, "look at the log: journalctl -u watchd")
    served = status.get("accounts", ())
    told_of = frozenset(str(account["name"]) for account in served if is_told_of(account, setup))
    yield from of_listener(setup, expected=not told_of and not any(heard.good for heard in records.heard))
    yield from of_tokens(setup, records)
    for warning in status.get("warnings", ()):
        yield Finding(Level.WARNING, "users", str(warning))
    yield from of_users(setup, records, status.get("users", ()), told_of)
    yield from of_sources(setup, records, now, told_of)
    yield from of_watchers(status.get("watchers", ()), now)
    for account in served:
        yield from of_account(account, setup, str(served[0]["name"]), now)
    held = frozenset(str(account["name"]) for account in served if account.get("held_reason"))
    yield from of_debts(records, held, now)
    yield from of_pictures(setup, status)
    yield from of_index(records)


def worst_last(found: Iterable[Finding]) -> list[Finding]:
    """As they are printed: what is well first, what is bad next to the prompt."""
    return sorted(found, key=lambda finding: _ORDER.index(finding.level))
