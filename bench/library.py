"""What the household has: made-up movies and shows, half of them watched before, and what Plex says when one is played."""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from bench.process import TOKEN
from watchd.standins import the_world
from watchd.standins.catalogue import Catalogue
from watchd.standins.items import Episode, Movie, Watchable

PLAYERS = 16
_BOUNDARY = "------------------------4f1c2a9b7d3e5a60"
_THUMB = bytes(random.Random(7).randbytes(30 * 1024))
_ROLES = 14
_EVENTS = (("media.play", 0.0), ("media.pause", 31.0), ("media.resume", 31.0), ("media.stop", 96.0))
EVENTS_A_SITTING = len(_EVENTS)


def catalogue(size: int) -> Catalogue:
    """About `size` items, three episodes to a movie or so, the same in every process."""
    made = the_world()
    made.fill(movies=size // 4, shows=max(1, size * 3 // 4 // 50), seasons=5, episodes=10)
    return made


def halves(made: Catalogue) -> tuple[list[Watchable], list[Watchable]]:
    """The items that were watched before, and those nobody has told of yet."""
    items: list[Watchable] = [*made.movies, *made.all_episodes()]
    random.Random(1).shuffle(items)
    return items[::2], items[1::2]


def evening(items: Iterator[Watchable], sittings: int, *, multipart: bool) -> list[list[bytes]]:
    """For each player the requests of so many sittings: play, pause, resume, stop; no item twice."""
    scripts: list[list[bytes]] = []
    for player in range(PLAYERS):
        script: list[bytes] = []
        for item in (next(items) for _ in range(sittings)):
            script += [request(payload(event, item, percent, player), event, multipart=multipart) for event, percent in _EVENTS]
        scripts.append(script)
    return scripts


def request(body: dict[str, Any], event: str, *, multipart: bool) -> bytes:
    """The bytes of a delivery, framed as Plex does, or as a bare JSON body the way forwarders do."""
    text = json.dumps(body, separators=(",", ":")).encode()
    kind = "application/json"
    if multipart:
        parts = [('name="payload"', "application/json", text)]
        if event == "media.play":
            parts.append(('name="thumb"; filename="thumb.jpg"', "image/jpeg", _THUMB))
        text = (
            b"".join(
                f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\nContent-Type: {what}\r\n\r\n".encode()
                + data
                + b"\r\n"
                for name, what, data in parts
            )
            + f"--{_BOUNDARY}--\r\n".encode()
        )
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
    head = (
        f"POST /hooks/plex?token={TOKEN} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: PlexMediaServer/1.41.3.9314-a0bfb8370\r\n"
        f"Accept: */*\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


def payload(event: str, item: Watchable, percent: float, player: int) -> dict[str, Any]:
    """What Plex puts into `payload`: some 3 kB, a cast list most of it."""
    number = item.key[1]
    metadata = _metadata(item, number) | _where(item, number)
    metadata["viewOffset"] = round(metadata["duration"] * percent / 100)
    return {
        "event": event,
        "user": True,
        "owner": True,
        "Account": {"id": 1, "thumb": "https://plex.tv/users/0a1b2c3d4e5f6071/avatar?c=1700000000", "title": "watcher"},
        "Server": {"title": "attic", "uuid": "54664a3d8acc39983675640ec9ce00b70af9cc36"},
        "Player": {
            "local": True, "publicAddress": "203.0.113.7", "title": f"Room {player}", "uuid": f"r6yfkdnfggbh2bdnvkf{player:02}",
        },
        "Metadata": metadata,
    }  # fmt: skip


def _metadata(item: Watchable, number: int) -> dict[str, Any]:
    return {
        "ratingKey": str(number),
        "key": f"/library/metadata/{number}",
        "guid": f"plex://{item.kind}/{number:024x}",
        "type": item.kind,
        "title": item.title,
        "contentRating": "TV-MA",
        "summary": f"What becomes of them in {item.title}, told at the usual length of such summaries: " + "on and on. " * 20,
        "audienceRating": 8.1,
        "duration": item.runtime * 60_000,
        "addedAt": 1_700_000_000 + number,
        "updatedAt": 1_710_000_000 + number,
        "thumb": f"/library/metadata/{number}/thumb/1710000000",
        "art": f"/library/metadata/{number}/art/1710000000",
        "Guid": [{"id": f"{name}://{item.ids[name]}"} for name in ("imdb", "tmdb", "tvdb") if item.ids.get(name)],
        "Role": [
            {
                "id": number + role, "filter": f"actor={number + role}", "tag": f"Player Number {role}",
                "tagKey": f"5d77682{role:02}c1234001f3c5d4e", "role": f"Somebody Else {role}",
            }
            for role in range(_ROLES)
        ],
    }  # fmt: skip


def _where(item: Watchable, number: int) -> dict[str, Any]:
    if isinstance(item, Movie):
        return {
            "librarySectionType": "movie", "librarySectionTitle": "Movies", "librarySectionID": 1, "year": item.year,
            "studio": "A Studio", "tagline": "Once more.", "originallyAvailableAt": "1999-03-31",
        }  # fmt: skip
    assert isinstance(item, Episode)
    return {
        "librarySectionType": "show", "librarySectionTitle": "Series", "librarySectionID": 2, "index": item.number,
        "parentIndex": item.season, "parentTitle": f"Season {item.season}", "grandparentTitle": item.show.title,
        "parentKey": f"/library/metadata/{number + 1}", "grandparentKey": f"/library/metadata/{number + 2}",
        "grandparentGuid": f"plex://show/{item.show.key[1]:024x}", "parentGuid": f"plex://season/{number:024x}",
    }  # fmt: skip


def alternating(known: Sequence[Watchable], fresh: Sequence[Watchable]) -> Iterator[Watchable]:
    """Items of both halves in turn, each once."""
    for pair in zip(known, fresh, strict=False):
        yield from pair
