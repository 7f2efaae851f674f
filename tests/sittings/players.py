"""What a player is here: a way to put a moment into its own words, and a way to send them."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from tests.sittings.script import Cue, Moment
from watchd.standins.items import Watchable

BOUNDARY = "-" * 24 + "5ca1ab1e0ddba115"
PICTURE = bytes([0xFF, 0xD8, 0xFF, 0xE0]) + b"JFIF\x00\r\n--\r\n\r\n" + bytes(range(256)) * 8 + b"\xff\xd9"
ALL_IDS = ("imdb", "tmdb", "tvdb")

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment of an item on one screen; `began` in ms, `anchor` the last moment at which the position was set anew.

    `ids` are those the source has learned of the item; others are not told.
    """

    moment: Moment
    item: Watchable
    began: int
    session: str
    anchor: Moment
    ids: tuple[str, ...] = ALL_IDS

    @property
    def at(self) -> int:
        return self.began + round(self.moment.at * 1000)

    @property
    def runtime(self) -> float:
        return self.item.runtime * 60.0

    @property
    def seconds(self) -> float:
        return self.runtime * self.moment.position / 100

    def known(self, ids: dict[str, Any]) -> dict[str, str]:
        """Of these ids those the source has, as text."""
        return {name: str(ids[name]) for name in self.ids if ids.get(name)}


Say = Callable[[Scene], Payload]
Send = Callable[[Payload, str], Request]


@dataclass(frozen=True, slots=True)
class Player:
    """`tells`: the cues it has an event for; `resting`: whether it ticks while paused."""

    name: str
    source: str
    tells: frozenset[Cue]
    say: Say
    send: Send
    resting: bool = False

    def says(self, moment: Moment) -> bool:
        return moment.cue in self.tells and (self.resting or moment.cue is not Cue.TICK or not moment.paused)

    @property
    def reports(self) -> bool:
        """Whether anything but a stop can tell that an item was played past the threshold."""
        return bool({Cue.TICK, Cue.DONE} & self.tells)


def tells(words: str) -> frozenset[Cue]:
    """Start, pause, resume, stop and end, which all have, and these."""
    return frozenset({Cue.START, Cue.PAUSE, Cue.RESUME, Cue.STOP, Cue.END, *map(Cue, words.split())})


def text_of(payload: object) -> bytes:
    """JSON as it leaves; what no encoding has is passed on as it is."""
    return json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"kodi:{token}".encode()).decode()}


def bare(
    path: str, payload: object, headers: dict[str, str], *, method: str = "POST", kind: str = "application/json"
) -> Request:
    """The document itself as the body."""
    return Request(method, path, {"Content-Type": kind, **headers}, text_of(payload))


def form(path: str, name: str, payload: object, headers: dict[str, str]) -> Request:
    """The document as a field of a form."""
    body = urlencode({name: text_of(payload)}).encode()
    return Request("POST", path, {"Content-Type": "application/x-www-form-urlencoded", **headers}, body)


def multipart(path: str, name: str, payload: object, headers: dict[str, str], *, picture: bool = False) -> Request:
    """The document as a part of a multipart form, perhaps followed by a picture."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: application/json\r\n\r\n'
    body = head.encode() + text_of(payload)
    if picture:
        thumb = 'Content-Disposition: form-data; name="thumb"; filename="thumb.jpg"\r\nContent-Type: image/jpeg'
        body += f"\r\n--{BOUNDARY}\r\n{thumb}\r\n\r\n".encode() + PICTURE
    body += f"\r\n--{BOUNDARY}--\r\n".encode()
    return Request("POST", path, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **headers}, body)


def sharp(at: int) -> str:
    """UTC with seven decimals, as .NET writes it."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at % 1000:03d}0000Z"


def zoned(at: int, hours: int = 2) -> str:
    """Local time with its zone, as Python's isoformat writes it."""
    moment = datetime.fromtimestamp(at // 1000, timezone(timedelta(hours=hours)))
    return moment.replace(microsecond=at % 1000 * 1000 + 1).isoformat()


def ticks(seconds: float) -> int:
    """In .NET's unit of 100 ns."""
    return round(seconds * 10_000_000)
