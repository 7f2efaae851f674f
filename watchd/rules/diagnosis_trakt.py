"""Doctor on an account's standing with Trakt: app, login, hold, clock, and how whole the library is here."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchd.clock import DAY, SECOND, parse_iso
from watchd.model.diagnosis import Finding, Level, Setup
from watchd.rules.diagnosis_words import because, command, counted, span

_TRAKT, _SYNC = "trakt", "sync"
_OLD = 3 * DAY
_ASIDE = 30 * SECOND
_READING = frozenset({"ok", "unsure", "expired"})
_DELETES = "Trakt deletes apps that nobody logs in with"


def is_told_of(account: Mapping[str, Any], setup: Setup) -> bool:
    """Whether Trakt tells what that account watches, so that no media center has to."""
    trakt = account.get("trakt")
    return trakt is not None and (trakt["login"] in _READING or account["name"] in setup.trakt_names)


def of_account(account: Mapping[str, Any], setup: Setup, first: str, now: int) -> Iterator[Finding]:
    """`account` is one of the status; `first` the name of the default one."""
    name, trakt, held = str(account["name"]), account.get("trakt"), account.get("held_reason")
    whose = "" if name == first and len(setup.people) < 2 else f"{name}: "
    if held:
        mend = command("watchd login", name, first) if held.endswith("watchd login") else None
        yield Finding(Level.PROBLEM, _TRAKT, f"{whose}the account is held: {held}", mend)
    if trakt is None:
        if name == first:
            told = "no app is set: everything is recorded and served here, and Trakt hears and tells nothing"
            yield Finding(
                Level.NOTE, _TRAKT, told, "WATCHD_TRAKT__CLIENT_ID and WATCHD_TRAKT__CLIENT_SECRET, then watchd login"
            )
        return
    named = name in setup.trakt_names
    yield from _login(trakt, whose, held, command("watchd login", name, first), named=named)
    yield from _hearing(trakt, whose, now)
    if is_told_of(account, setup):
        yield from _sync(trakt.get("sync") or {}, whose, command("watchd sync --full", name, first), now)


def _login(trakt: Mapping[str, Any], whose: str, held: str | None, mend: str, *, named: bool) -> Iterator[Finding]:
    state = trakt["login"]
    reason = because(trakt.get("login_reason"))
    until = f", with a token until {trakt['token_expires_at']}" if trakt.get("token_expires_at") else ""
    reads = "what is public is read" if named else "nothing is read, for there is no WATCHD_TRAKT__USERNAME either"
    if state == "no client secret":
        told = f"{whose}there is a client id and no secret: {reads}, nothing is told to Trakt, and {_DELETES}"
        yield Finding(Level.WARNING, _TRAKT, told, f"WATCHD_TRAKT__CLIENT_SECRET, then {mend}")
    elif state == "none":
        told = f"{whose}not logged in: {reads}, nothing is told to Trakt, and {_DELETES}"
        yield Finding(Level.WARNING, _TRAKT, told, mend)
    elif state == "login_required":
        told = f"{whose}the login is of no more use{reason}; what is owed is kept"
        yield Finding(Level.PROBLEM, _TRAKT, told, mend)
    elif held:
        return
    elif state == "expired":
        told = f"{whose}the token has expired and could not be renewed yet"
        yield Finding(Level.WARNING, _TRAKT, told, f"if that lasts: {mend}")
    elif state == "unsure":
        told = f"{whose}logged in{until}; Trakt did not answer the last renewal"
        yield Finding(Level.NOTE, _TRAKT, told, f"if it ends: {mend}")
    else:
        yield Finding(Level.OK, _TRAKT, f"{whose}logged in{until}")


def _hearing(trakt: Mapping[str, Any], whose: str, now: int) -> Iterator[Finding]:
    heard = trakt.get("last_heard_at")
    if trakt.get("failing"):
        since = f"for {span(now - parse_iso(heard))}" if heard else "since the start"
        told = f"{whose}Trakt has not given a good answer {since}; what is owed waits"
        yield Finding(Level.WARNING, _TRAKT, told, "see whether this machine reaches api.trakt.tv, and https://status.trakt.tv")
    offset = trakt.get("clock_offset_ms") or 0
    if abs(offset) >= _ASIDE:
        way = "behind" if offset > 0 else "ahead of"
        told = f"{whose}the clock of this machine is {span(abs(offset))} {way} Trakt's; what is sent is corrected by that"
        yield Finding(Level.WARNING, "clock", told, "timedatectl set-ntp true")


def _sync(sync: Mapping[str, Any], whose: str, mend: str, now: int) -> Iterator[Finding]:
    if not sync:
        return
    bad = False
    if sync["reason"]:
        bad = True
        yield Finding(Level.WARNING, _SYNC, f"{whose}the last run had trouble{because(sync['reason'])}", mend)
    for name, reason in sync["failed"].items():
        bad = True
        told = f"{whose}{name} was not read{because(reason)}; what was read before is shown, and it is tried again"
        yield Finding(Level.WARNING, _SYNC, told, mend)
    for name, doubt in sync["in_doubt"].items():
        told = (
            f"{whose}{name} came with {doubt['read']} of {doubt['shown']} rows since {doubt['since']}: "
            "that is believed after a second look, hours later"
        )
        yield Finding(Level.NOTE, _SYNC, told, "if you did not remove them: look at the list at Trakt")
    for kind, more in sync["mismatch"].items():
        bad = True
        side = f"{counted(more, kind + ' play')} more than" if more > 0 else f"{counted(-more, kind + ' play')} fewer than"
        yield Finding(Level.WARNING, _SYNC, f"{whose}Trakt counts {side} are linked here", mend)
    whole = sync["last_full_at"]
    if whole is None:
        if sync["running"]:
            yield Finding(Level.NOTE, _SYNC, f"{whose}the history is being read for the first time")
        else:
            yield Finding(Level.NOTE, _SYNC, f"{whose}the history was never read to its end", mend)
    elif now - parse_iso(whole) > _OLD:
        told = f"{whose}the history was last read to its end {span(now - parse_iso(whole))} ago"
        yield Finding(Level.WARNING, _SYNC, told, mend)
    elif not bad:
        yield Finding(Level.OK, _SYNC, f"{whose}{sync['plays']:,} plays and {sync['rows']:,} rows, read whole at {whole}")
