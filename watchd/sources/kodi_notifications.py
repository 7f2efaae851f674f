"""Kodi's own notifications: alone, or with the answers to what was asked about the player when they came."""

from watchd.errors import MalformedPayload
from watchd.model.playback import Action, Ignored, IgnoreReason, Parsed, UnnamedEvent
from watchd.sources.fields import decimal, flag, section
from watchd.sources.kinds import UNSAID, WANTED
from watchd.sources.kodi_rpc import kind_of, media_of, position_of, seconds, speaks, unwanted
from watchd.sources.naming import nameable

SOURCE = "kodi"
_ACTIONS = {
    "Player.OnPlay": Action.START,
    "Player.OnAVStart": Action.START,
    "Player.OnResume": Action.START,
    "Player.OnPause": Action.PAUSE,
    "Player.OnStop": Action.STOP,
    "Player.OnSeek": Action.PROGRESS,
    "Player.OnSpeedChanged": Action.PROGRESS,
    "Player.OnAVChange": Action.PROGRESS,
    "System.OnQuit": Action.STOP,
    "System.OnRestart": Action.STOP,
    "System.OnSleep": Action.STOP,
}
_GOES_ON = frozenset(_ACTIONS) - {"Player.OnPlay", "Player.OnAVStart", "Player.OnAVChange"}
_UNINTERESTING = {
    "AudioLibrary": IgnoreReason.LIBRARY_EVENT,
    "VideoLibrary": IgnoreReason.LIBRARY_EVENT,
    "Player": IgnoreReason.NOISE,
    "Playlist": IgnoreReason.NOISE,
    "Application": IgnoreReason.SYSTEM_EVENT,
    "GUI": IgnoreReason.SYSTEM_EVENT,
    "Input": IgnoreReason.SYSTEM_EVENT,
    "PVR": IgnoreReason.SYSTEM_EVENT,
    "System": IgnoreReason.SYSTEM_EVENT,
}
_SHOW_DETAILS = ("getTVShowDetails", "getTvShowDetails", "getTvshowDetails")


def speaks_so(payload: dict[str, object]) -> bool:
    """Whether it is a notification or a bundle around one, rather than what an add-on sends."""
    return "notification" in payload or "method" in payload


def parse(payload: dict[str, object]) -> Parsed:
    """What a notification says, by itself or as `{"notification", "getItem", "getProperties", "getTVShowDetails"}`.

    The last three are answers of Kodi (all of one, or its `result`) or null. A pause, a resume, a seek or a stop that says
    nothing of what is played is of whatever is open there: an `UnnamedEvent`.
    """
    call = section(payload["notification"], "notification") if "notification" in payload else payload
    method = call.get("method")
    if not isinstance(method, str):
        raise MalformedPayload("no_event", "the payload names no event")
    action = _ACTIONS.get(method)
    if action is None:
        return Ignored(_UNINTERESTING.get(method.partition(".")[0], IgnoreReason.UNKNOWN_EVENT))
    data = section(section(call.get("params"), "params").get("data"), "data")
    item = _item(section(_answer(payload, "getItem").get("item"), "getItem.item"), section(data.get("item"), "item"))
    properties = _answer(payload, "getProperties")
    show = next((found for name in _SHOW_DETAILS if (found := _answer(payload, name).get("tvshowdetails"))), None)
    media = media_of(item, section(show, "tvshowdetails"))
    reason = unwanted(item, properties)
    told = _told(action, item, properties, data, media.runtime if media else None)
    if media is None or not nameable(media):
        if reason is None and method in _GOES_ON and not speaks(item):
            return told
        return Ignored(reason or IgnoreReason.UNIDENTIFIABLE, type=media.type if media else told.type)
    if reason is not None:
        return Ignored(reason, type=media.type, instead=told.of(media) if reason is IgnoreReason.LIVE_TV else None)
    return told.of(media)


def _told(
    action: Action, item: dict[str, object], properties: dict[str, object], data: dict[str, object], runtime: float | None
) -> UnnamedEvent:
    """All of the event but what it is about."""
    player = section(data.get("player"), "player")
    speed = decimal(player.get("speed", properties.get("speed")), "speed")
    if speed == 0 and action in (Action.START, Action.PROGRESS):
        action = Action.PAUSE
    position, duration, progress = position_of(properties)
    if position is None and player.get("time") is not None:
        position = seconds(section(player["time"], "time"))
    completed = action is Action.STOP and flag(data.get("end"))
    return UnnamedEvent(
        source=SOURCE,
        action=action,
        progress=100.0 if completed else progress,
        position=position,
        duration=duration or runtime,
        completed=completed,
        type=WANTED.get(kind_of(item)),
    )


def _answer(payload: dict[str, object], name: str) -> dict[str, object]:
    """What was answered, out of its envelope; empty when nothing was, or an error."""
    answer = section(payload.get(name), name)
    return section(answer["result"], name) if "result" in answer else answer


def _item(asked: dict[str, object], noted: dict[str, object]) -> dict[str, object]:
    """The item asked for; what the notification says of it where nothing was, and its kind where the answer has none."""
    if not asked:
        return noted
    kindless = kind_of(asked) in UNSAID and not asked.get("showtitle")
    return {**asked, "type": noted.get("type")} if kindless and kind_of(noted) in WANTED else asked
