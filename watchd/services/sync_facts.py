"""How a sync stands and why it stopped, for people and programs."""

from collections.abc import Mapping

from watchd.clock import iso
from watchd.errors import UpstreamRefusal
from watchd.model.library import Section
from watchd.model.relay import Verb
from watchd.model.sync import Progress, Result
from watchd.rules.due_sections import GHOSTS, HISTORY, HISTORY_FULL
from watchd.rules.verdict import Kind, of_error

Json = dict[str, object]


def reason_of(error: Exception) -> str:
    """What people are told of an error: with the mend, where there is one."""
    if not isinstance(error, UpstreamRefusal):
        return str(error)
    if error.status == 401:
        return "Trakt shows this to its owner alone (401): the profile is private, and `watchd login` would be needed"
    verdict = of_error(Verb.WATCHED, error)
    return verdict.reason if verdict.kind in (Kind.HELD, Kind.LATER) else str(error)


def facts_of(
    sections: Mapping[str, Section], progress: Progress, result: Result, amiss: Mapping[str, int], *, running: bool
) -> Json:
    """As plain JSON values."""
    shown = {name: section for name, section in sections.items() if name not in (HISTORY_FULL, GHOSTS)}
    whole, history, ghosts = (sections.get(name) for name in (HISTORY_FULL, HISTORY, GHOSTS))
    return {
        "running": running,
        "section": progress.section,
        "done": progress.done,
        "of": progress.of,
        "requests": progress.requests,
        "last_at": _moment(result.at),
        "last_full_at": _moment(whole.synced_at if whole else None),
        "read": list(result.read),
        "reason": result.reason,
        "plays": history.rows if history else 0,
        "rows": sum(section.rows for name, section in shown.items() if name != HISTORY),
        "nameless": ghosts.rows if ghosts else 0,
        "failed": {name: section.failed for name, section in shown.items() if section.failed_at is not None},
        "in_doubt": {
            name: {"shown": section.rows, "read": section.doubt_rows, "since": _moment(section.doubt_at)}
            for name, section in shown.items()
            if section.doubt_at is not None
        },
        "mismatch": dict(amiss),
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else iso(at)
