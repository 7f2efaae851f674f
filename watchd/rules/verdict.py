"""What an answer of Trakt means for a delivery: the table of design 7, as pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from watchd.clock import parse_iso
from watchd.errors import LoginRequired, UpstreamError, UpstreamRefusal, UpstreamUnreachable
from watchd.model.relay import Verb


class Kind(StrEnum):
    """What to do next."""

    DELIVERED = "delivered"
    LATER = "later"
    CONFLICT = "conflict"
    """409 on a stop: ours if its moment lies in this sitting, otherwise a rewatch."""
    WAIT = "wait"
    """409 on a checkin: not before `until`."""
    BY_HISTORY = "by_history"
    """Taken for something else than a play: goes to the history instead."""
    UNIDENTIFIED = "unidentified"
    HELD = "held"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`maybe_done`: the work may have been done all the same, so that a second try must read back first.

    `retry_after` is in seconds; `until` and `watched_at` are milliseconds of Trakt's time.
    """

    kind: Kind
    reason: str
    status: int | None = None
    body: str = ""
    maybe_done: bool = False
    retry_after: float | None = None
    history_id: int | None = None
    until: int | None = None
    watched_at: int | None = None


MENDS = {
    403: "Trakt refuses the API app (403): its client id was removed or may not scrobble; mend the app, then `watchd login`",
    420: "an account limit of Trakt is reached (420): free some room at Trakt",
    423: "the Trakt account is locked or deactivated (423): write to Trakt's support",
    426: "Trakt wants VIP for this (426)",
    401: "log in again: watchd login",
}
_TRANSIENT = frozenset({408, 429})
_HELD = frozenset({403, 420, 423, 426})


def before_sending(verb: Verb, error: UpstreamError) -> Verdict:
    """Trouble with what is asked before anything is sent: whatever the status, nothing was done and nothing conflicts."""
    found = of_error(verb, error)
    if found.kind in (Kind.CONFLICT, Kind.WAIT, Kind.DELIVERED):
        return Verdict(Kind.LATER, f"could not be looked up ({found.status})", found.status, found.body)
    return replace(found, status=None) if found.kind is Kind.DEAD else found


def at_large(verdict: Verdict) -> bool:
    """Whether Trakt as a whole is evidently not to be had: no connection, or it asks for a pause."""
    if verdict.kind is not Kind.LATER:
        return False
    no_connection = verdict.status is None and not verdict.maybe_done
    return no_connection or verdict.status in (429, 503) or verdict.retry_after is not None


def unwell(verdict: Verdict) -> bool:
    """Whether it may be Trakt that is ill, or may be this one item: nothing usable came back."""
    return verdict.kind is Kind.LATER and (verdict.status is None or verdict.status >= 500 or verdict.status == 408)


def acknowledged(verdict: Verdict) -> bool:
    """Whether Trakt itself took up what this account sent; what was decided without sending has no status."""
    return verdict.status is not None and verdict.kind in (Kind.DELIVERED, Kind.BY_HISTORY, Kind.WAIT, Kind.DEAD)


def of_answer(verb: Verb, sent_as: str, status: int, data: object) -> Verdict:
    """A 2xx. Delivered means in the history: a scrobble with its id, or one row added."""
    told = data if isinstance(data, Mapping) else {}
    if verb is not Verb.WATCHED:
        return Verdict(Kind.DELIVERED, "accepted", status)
    if sent_as == "sync/history":
        return _of_history(status, told)
    history_id = told.get("id")
    if told.get("action") == "scrobble" and isinstance(history_id, int) and history_id > 0:
        return Verdict(Kind.DELIVERED, "scrobbled", status, history_id=history_id)
    if told.get("action") == "pause":
        return Verdict(Kind.BY_HISTORY, "Trakt took the stop for a pause", status)
    return Verdict(Kind.LATER, "the answer does not say that it was scrobbled", status, maybe_done=True)


def _of_history(status: int, told: Mapping[str, object]) -> Verdict:
    added = told.get("added")
    if isinstance(added, Mapping):
        count = sum(value for value in (added.get("movies"), added.get("episodes")) if isinstance(value, int))
        if count >= 1:
            return Verdict(Kind.DELIVERED, "added to the history", status)
    missing = told.get("not_found")
    if isinstance(missing, Mapping) and any(missing.values()):
        return Verdict(Kind.UNIDENTIFIED, "Trakt does not know the item", status)
    return Verdict(Kind.LATER, "the answer does not say that it was added", status, maybe_done=True)


def of_error(verb: Verb, error: UpstreamError, body: object = None) -> Verdict:
    """Anything but a 2xx. `body` is the refusal's JSON, where it had one."""
    if isinstance(error, LoginRequired):
        return Verdict(Kind.HELD, MENDS[401], 401)
    if isinstance(error, UpstreamUnreachable):
        return Verdict(Kind.LATER, "Trakt cannot be reached", maybe_done=error.maybe_done)
    if isinstance(error, UpstreamRefusal):
        return _of_refusal(verb, error, body)
    return Verdict(Kind.LATER, str(error), maybe_done=True)


def _of_refusal(verb: Verb, refusal: UpstreamRefusal, body: object) -> Verdict:
    status, text = refusal.status, refusal.body
    if refusal.is_html and status in (403, 429):
        return Verdict(Kind.LATER, f"turned away before Trakt ({status})", status, text, retry_after=refusal.retry_after or 60)
    if status in _TRANSIENT or status >= 500 or status < 400:
        ambiguous = status != 429
        reason = f"Trakt is unwell ({status})"
        return Verdict(Kind.LATER, reason, status, text, maybe_done=ambiguous, retry_after=refusal.retry_after)
    if status in _HELD:
        return Verdict(Kind.HELD, MENDS[status], status, text)
    if status == 401:
        return Verdict(Kind.HELD, MENDS[401], status, text)
    if status == 404:
        return Verdict(Kind.UNIDENTIFIED, "Trakt does not know the item (404)", status, text)
    if status == 409:
        return _of_conflict(verb, body, status, text)
    return Verdict(Kind.DEAD, f"refused for good ({status})", status, text)


def _of_conflict(verb: Verb, body: object, status: int, text: str) -> Verdict:
    told = body if isinstance(body, Mapping) else {}
    until, watched_at = moment(told.get("expires_at")), moment(told.get("watched_at"))
    if verb is Verb.CHECKIN:
        return Verdict(Kind.WAIT, "another checkin or scrobble is running at Trakt", status, text, until=until)
    if verb is Verb.WATCHED:
        return Verdict(Kind.CONFLICT, "scrobbled just before", status, text, until=until, watched_at=watched_at)
    return Verdict(Kind.DELIVERED, "Trakt has it already", status, text)


def moment(value: object) -> int | None:
    """A time as an answer writes it, in milliseconds; None for anything else."""
    try:
        return parse_iso(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
