"""Requests as Plex Media Server puts them on the wire, byte by byte."""

import json
from pathlib import Path

import pytest

from tests.web.fakes import House
from tests.web.wire import Reply, talk
from watchd.model.media import Episode
from watchd.model.playback import Action, PlaybackEvent
from watchd.web.server import make_app, serve

COLLECTION = Path(__file__).parents[3] / "shared" / "payloads" / "wire"
MARK = "-" * 24 + "fedcba9876543210"
JPEG = bytes([0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10]) + b"JFIF\x00\r\n--\r\n\r\n" + bytes(range(256)) * 200 + b"\xff\xd9"
PAUSE = {
    "event": "media.pause",
    "user": True,
    "owner": True,
    "Account": {"id": 1, "thumb": "https://plex.tv/users/feedface01/avatar?c=1700000001", "title": "Ada"},
    "Server": {"title": "attic", "uuid": "5e12ff"},
    "Player": {"local": True, "publicAddress": "198.51.100.7", "title": "TV", "uuid": "77ab"},
    "Metadata": {
        "type": "episode",
        "librarySectionType": "show",
        "guid": "com.plexapp.agents.thetvdb://83462/2/8?lang=en",
        "grandparentTitle": "Castle (2009)",
        "title": "Kill the Messenger",
        "parentIndex": 2,
        "index": 8,
        "viewOffset": 1_000_500,
        "summary": "Écoute… 日本",
    },
}


def delivery(payload: object, *, thumb: bytes | None, host: str = "watchd.lan:7373", token: str = "hook-token") -> bytes:
    """What the server sends: the payload without a file name, and for some events a picture."""
    text = json.dumps(payload, ensure_ascii=False).encode()
    body = (
        f'--{MARK}\r\nContent-Disposition: form-data; name="payload"\r\nContent-Type: application/json\r\n\r\n'.encode() + text
    )
    if thumb is not None:
        disposition = 'Content-Disposition: form-data; name="thumb"; filename="thumb.jpg"'
        body += f"\r\n--{MARK}\r\n{disposition}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + thumb
    body += f"\r\n--{MARK}--\r\n".encode()
    head = (
        f"POST /hooks/plex?token={token} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: PlexMediaServer/1.42.0.9000-abcdef",
        "Accept: */*",
        f"Content-Type: multipart/form-data; boundary={MARK}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def sent(house: House, request: bytes) -> Reply:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        return await talk(port, request)


@pytest.mark.parametrize("thumb", [None, JPEG, JPEG * 40])
async def test_a_delivery_of_plex_is_understood(house: House, thumb: bytes | None) -> None:
    reply = await sent(house, delivery(PAUSE, thumb=thumb))
    assert reply.status == 200
    assert json.loads(reply.body)["status"] == "accepted"
    [event] = house.recording.seen
    assert isinstance(event, PlaybackEvent)
    assert isinstance(event.media, Episode)
    assert (event.action, event.user, event.player, event.position) == (Action.PAUSE, "Ada", "5e12ff/77ab", 1000.5)
    assert (event.media.show.title, event.media.season, event.media.number) == ("Castle", 2, 8)
    [raw] = house.recording.raws
    assert json.loads(raw.body)["Metadata"]["summary"] == "Écoute… 日本"
    assert "feedface01" not in raw.body


async def test_a_delivery_with_another_token_is_refused(house: House) -> None:
    reply = await sent(house, delivery(PAUSE, thumb=JPEG, token="guessed"))
    assert reply.status == 401
    assert house.recording.raws == []


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
async def test_a_torn_delivery_is_a_400_with_a_trace(house: House, share: float) -> None:
    whole = delivery(PAUSE, thumb=JPEG)
    head, _, body = whole.partition(b"\r\n\r\n")
    torn = body[: int(len(body) * share)]
    announced = head.replace(f"Content-Length: {len(body)}".encode(), f"Content-Length: {len(torn)}".encode())
    reply = await sent(house, announced + b"\r\n\r\n" + torn)
    assert reply.status == 400
    assert len(house.recording.raws) == 1


COLLECTED = {path.stem: path.read_bytes() for path in sorted(COLLECTION.glob("plex-*.http"))}


@pytest.mark.skipif(not COLLECTED, reason="no collection of requests at ../shared/payloads/wire beside the checkout")
@pytest.mark.parametrize("name", sorted(COLLECTED))
async def test_a_collected_request_is_understood(house: House, name: str) -> None:
    reply = await sent(house, COLLECTED[name].replace(b"token=EXAMPLE", b"token=hook-token"))
    assert reply.status == 200
    assert json.loads(reply.body)["status"] == "accepted"
    assert isinstance(house.recording.seen[0], PlaybackEvent)
