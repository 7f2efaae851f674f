"""The players of the living room: what a Plex server and a script that speaks Trakt's format really send."""

from typing import Any

import aiohttp

from watchd.standins.items import Episode, Movie, Watchable

_SERVER = "0d1f2e3c4b5a69788796a5b4c3d2e1f001122334"
_PLAYER = "living-room-tv"
_THUMB = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


class Refused(Exception):
    """The daemon did not take what a player sent."""


class Players:
    """Posts to one daemon with one hook token."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._token = token

    async def plex(self, event: str, item: Watchable, progress: float | None) -> None:
        """A webhook of Plex Media Server: multipart with the JSON in `payload` and, on play, a picture in `thumb`."""
        form = aiohttp.MultipartWriter("form-data")
        part = form.append_json(plex_payload(event, item, progress))
        part.set_content_disposition("form-data", name="payload")
        if event == "media.play":
            thumb = form.append(_THUMB, {"Content-Type": "image/jpeg"})
            thumb.set_content_disposition("form-data", name="thumb", filename="thumb.jpg")
        await self._post(f"/hooks/plex?token={self._token}", data=form)

    async def scrobble(self, verb: str, item: Watchable, progress: float) -> None:
        """A script's scrobble: start, pause or stop."""
        await self._post(f"/trakt/scrobble/{verb}", json={**trakt_item(item), "progress": progress})

    async def checkin(self, item: Watchable) -> None:
        await self._post("/trakt/checkin", json=trakt_item(item))

    async def _post(self, path: str, **body: Any) -> None:
        headers = {} if "token=" in path else {"Authorization": f"Bearer {self._token}"}
        async with self._session.post(self._url + path, headers=headers, **body) as answer:
            text = await answer.text()
            if answer.status >= 300:
                raise Refused(f"{path.partition('?')[0]}: {answer.status} {text}")


def trakt_item(item: Watchable) -> dict[str, Any]:
    """The item of a scrobble, named as players name it: a movie by its ids, an episode by its show and numbers."""
    if isinstance(item, Movie):
        return {"movie": {"title": item.title, "year": item.year, "ids": {"imdb": item.ids["imdb"], "tmdb": item.ids["tmdb"]}}}
    show = item.show
    return {
        "show": {"title": show.title, "year": show.year, "ids": {"tvdb": show.ids["tvdb"]}},
        "episode": {"season": item.season, "number": item.number},
    }


def plex_payload(event: str, item: Watchable, progress: float | None) -> dict[str, Any]:
    """What Plex puts into `payload`; its scrobble event never has a position."""
    duration = item.runtime * 60_000
    guids = [{"id": f"{name}://{item.ids[name]}"} for name in ("imdb", "tmdb", "tvdb") if item.ids.get(name)]
    metadata: dict[str, Any] = {
        "type": item.kind,
        "title": item.title,
        "ratingKey": str(item.key[1]),
        "guid": f"plex://{item.kind}/{item.key[1]:024x}",
        "Guid": guids,
        "duration": duration,
    }
    if isinstance(item, Episode):
        metadata |= {
            "librarySectionType": "show",
            "grandparentTitle": item.show.title,
            "parentIndex": item.season,
            "index": item.number,
        }
    else:
        metadata |= {"librarySectionType": "movie", "year": item.year}
    if progress is not None:
        metadata["viewOffset"] = round(duration * progress / 100)
    return {
        "event": event,
        "user": True,
        "owner": True,
        "Account": {"id": 1, "title": "watcher"},
        "Server": {"title": "attic", "uuid": _SERVER},
        "Player": {"local": True, "title": "Living room TV", "uuid": _PLAYER},
        "Metadata": metadata,
    }
