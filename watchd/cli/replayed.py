"""What a payload became, compared with what the row of an index says it must become."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from watchd.errors import MalformedPayload
from watchd.model.media import Episode, Movie
from watchd.model.playback import Action, Ignored, Parsed, PlaybackEvent, UnnamedEvent
from watchd.rules.progress import progress_of, stated

Row = Mapping[str, str | None]

IGNORE, INVALID = "ignore", "invalid"
_PLACELESS = frozenset({Action.RATE, Action.MARK_WATCHED, Action.MARK_UNWATCHED})
_ROUNDING = 0.0101  # progress is given with two decimals


@dataclass(frozen=True, slots=True)
class Trouble:
    """Nothing came of a payload that could be compared: it was not found, or reading it failed in a way nobody foresaw."""

    reason: str


Outcome = Parsed | MalformedPayload | Trouble


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as its index says, both values as text."""

    file: str
    field: str
    expected: str
    got: str


def facts(found: Outcome) -> dict[str, object]:
    """An outcome as plain values, named as the columns of an index."""
    if isinstance(found, Trouble):
        return {"action": found.reason}
    if isinstance(found, MalformedPayload):
        return {"action": INVALID}
    if isinstance(found, Ignored):
        kind = str(found.type) if found.type else None
        return {"action": IGNORE, "ignore_reason": str(found.reason), "type": kind, "user": found.user}
    media = None if isinstance(found, UnnamedEvent) else found.media
    kind = found.type if isinstance(found, UnnamedEvent) else found.media.type
    episode = media if isinstance(media, Episode) else None
    named = media.show if isinstance(media, Episode) else media
    return {
        "action": str(found.action),
        "ignore_reason": None,
        "type": str(kind) if kind else None,
        "title": named.title if named else None,
        "year": named.year if named else None,
        "season": episode.season if episode else None,
        "number": episode.number if episode else None,
        "number_end": episode.number_end if episode else None,
        "ids": dict(media.ids.items()) if media else {},
        "show_ids": dict(episode.show.ids.items()) if episode else {},
        "progress": _progress(found),
        "rating": None if isinstance(found, UnnamedEvent) else found.rating,
        "user": found.user,
    }


def _progress(found: PlaybackEvent | UnnamedEvent) -> float | None:
    """The progress of a play that begins with this event, as the rules see it."""
    return None if found.action in _PLACELESS else progress_of(_named(found), None, _moment(found))


def _moment(found: PlaybackEvent | UnnamedEvent) -> int:
    """When the event is to have happened: at its own time, else when its position was true."""
    return found.at if found.at is not None else found.position_at or 0


def _named(found: PlaybackEvent | UnnamedEvent) -> PlaybackEvent:
    return found.of(Movie()) if isinstance(found, UnnamedEvent) else found


def _number(cell: str) -> object:
    return float(cell) if cell else None


def _whole(cell: str) -> object:
    return int(cell) if cell else None


def _ids(cell: str) -> object:
    return json.loads(cell) if cell else {}


def _text(cell: str) -> object:
    return cell or None


_CELLS: dict[str, Callable[[str], object]] = {
    "ignore_reason": _text,
    "type": _text,
    "title": _text,
    "year": _whole,
    "season": _whole,
    "number": _whole,
    "number_end": _whole,
    "ids": _ids,
    "show_ids": _ids,
    "progress": _number,
    "rating": _number,
    "user": _text,
}
COMPARED = ("action", *_CELLS)


def differences(row: Row, found: Outcome) -> list[Difference]:
    """The fields in which an outcome is not what its row says; columns that the index does not have are not compared.

    Of what is ignored no more is kept than the reason, user and type: these two count where the row states them.
    """
    file, got = row.get("file") or "", facts(found)
    action = row.get("action") or ""
    if action != got["action"]:
        return [Difference(file, "action", action, _outline(found))]
    unequal = []
    for name, read in _CELLS.items():
        cell = row.get(name)
        if name not in got or cell is None or (action == IGNORE and not cell):
            continue
        try:
            expected = read(cell)
        except (ValueError, RecursionError):
            unequal.append(Difference(file, name, f"unreadable: {cell}", shown(got[name])))
            continue
        if not _same(name, expected, got[name], found):
            unequal.append(Difference(file, name, shown(expected), shown(got[name])))
    return unequal


def _same(name: str, expected: object, got: object, found: Outcome) -> bool:
    if name == "progress" and expected in (None, 0.0) and isinstance(found, (PlaybackEvent, UnnamedEvent)):
        unsaid = found.action is Action.START and stated(_named(found), None, _moment(found)) is None
        return unsaid or expected == got  # a start that tells no position is one at the beginning, if nothing else is known
    if isinstance(expected, float) and isinstance(got, float):
        return abs(expected - got) < _ROUNDING
    return expected == got


def _outline(found: Outcome) -> str:
    if isinstance(found, Ignored):
        return f"{IGNORE} ({found.reason})"
    return f"{INVALID} ({found.reason})" if isinstance(found, MalformedPayload) else shown(facts(found)["action"])


def shown(value: object) -> str:
    """A value as text; empty for none."""
    if value is None or value == {}:
        return ""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else str(value)
