"""Which source a payload comes from, by its looks: for files that nothing else is known of."""

from collections.abc import Callable

from watchd.errors import MalformedPayload
from watchd.sources import tautulli
from watchd.web.framing import document, loads

Payload = dict[str, object]

_OTHERWISE = "generic"


def _named(*names: str) -> Callable[[Payload], bool]:
    return lambda payload: any(name in payload for name in names)


def _of_kodi(payload: Payload) -> bool:
    method = payload.get("method")
    return isinstance(method, str) and method.startswith(("Player.", "VideoLibrary."))


def _of_emby(payload: Payload) -> bool:
    event = payload.get("Event")
    return isinstance(event, str) and "." in event


_LOOKS: tuple[tuple[str, Callable[[Payload], bool]], ...] = (
    ("tautulli", tautulli.marked),
    ("plex", lambda payload: "event" in payload and any(name in payload for name in ("Metadata", "Account"))),
    ("jellyfin", _named("NotificationType")),
    ("emby", _of_emby),
    ("jellyfin", _named("Event")),
    ("kodi", _of_kodi),
    ("kodi", _named("notification", "uniqueIds", "tvShowUniqueIds", "dbId")),
    ("homeassistant", _named("entity_id", "attributes")),
    ("trakt", lambda payload: "event" not in payload and any(name in payload for name in ("movie", "episode"))),
    ("trakt", _named("movies", "episodes", "shows")),
)


def source_of(body: bytes) -> str:
    """The source that sends such bodies; `generic` when it is none of the others'."""
    payload = _payload(body)
    return next((source for source, looks in _LOOKS if looks(payload)), _OTHERWISE)


def verb_of(body: bytes) -> str:
    """Which of Trakt's calls has such a body."""
    payload = _payload(body)
    for name in ("movies", "episodes", "shows"):
        entries = payload.get(name)
        if isinstance(entries, list):
            return "ratings" if any(isinstance(entry, dict) and "rating" in entry for entry in entries) else "history"
    return "stop" if "progress" in payload else "checkin"


def _payload(body: bytes) -> Payload:
    try:
        payload = loads(document(body, ""))
    except MalformedPayload:
        return {}
    return payload if isinstance(payload, dict) else {}
