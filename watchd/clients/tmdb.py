"""TMDB: which pictures there are, when episodes air, and what it calls an item that is known by another's id."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from watchd.clients.limiter import Lane, Limiter
from watchd.clients.rest import RestClient
from watchd.clients.tmdb_shows import season_told, show_told
from watchd.errors import UpstreamRefusal
from watchd.model.aired import Part, ShowTold
from watchd.model.pictures import Offer, Picture, Pictures

_V3_KEY = re.compile(r"[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class TmdbFound:
    """What has somebody else's id, by TMDB's own: `episode` is the id of its show, its season and number.

    The same number may stand for a movie, a show and an episode at once.
    """

    movie: int | None = None
    show: int | None = None
    episode: tuple[int, int, int] | None = None


class TmdbClient:
    """TMDB with one key: 32 hex digits are a v3 key and go in the query, anything else is a v4 token and goes in a header."""

    def __init__(
        self, rest: RestClient, api_key: str, limiter: Limiter, *, language: str = "en", lane: Lane = Lane.POLL
    ) -> None:
        self._rest = rest
        self._limiter = limiter
        self._lane = lane
        v3 = _V3_KEY.fullmatch(api_key) is not None
        self._params = {"api_key": api_key} if v3 else {}
        self._headers = {} if v3 else {"Authorization": f"Bearer {api_key}"}
        self._languages = {"include_image_language": f"{language.partition('-')[0]},null"}  # pictures know no regions
        self._language = {"language": language}

    async def movie_images(self, tmdb_id: int) -> Pictures | None:
        return await self._images(f"/movie/{tmdb_id}/images", "/movie/{id}/images")

    async def tv_images(self, tmdb_id: int) -> Pictures | None:
        return await self._images(f"/tv/{tmdb_id}/images", "/tv/{id}/images")

    async def season_images(self, tmdb_id: int, season: int) -> Pictures | None:
        return await self._images(f"/tv/{tmdb_id}/season/{season}/images", "/tv/{id}/season/{n}/images")

    async def episode_images(self, tmdb_id: int, season: int, number: int) -> Pictures | None:
        path = f"/tv/{tmdb_id}/season/{season}/episode/{number}/images"
        return await self._images(path, "/tv/{id}/season/{n}/episode/{m}/images")

    async def movie_offer(self, tmdb_id: int) -> Offer | None:
        return await self._offer(f"/movie/{tmdb_id}", "/movie/{id}")

    async def tv_offer(self, tmdb_id: int) -> Offer | None:
        """The pictures of a show and the posters of its seasons, in one call."""
        return await self._offer(f"/tv/{tmdb_id}", "/tv/{id}")

    async def show(self, tmdb_id: int) -> ShowTold | None:
        """A show and how many episodes its seasons have; None when TMDB has no such show."""
        data = await self._get(f"/tv/{tmdb_id}", "/tv/{id}", self._language)
        return None if data is None else show_told(data)

    async def season(self, tmdb_id: int, season: int) -> list[Part]:
        """The episodes of a season; none when TMDB has no such season."""
        data = await self._get(f"/tv/{tmdb_id}/season/{season}", "/tv/{id}/season/{n}", self._language)
        return [] if data is None else season_told(data, season)

    async def find(self, external_id: str | int, source: str) -> TmdbFound:
        """What has an id of `source`, which is `imdb_id` or `tvdb_id`; all None when TMDB does not know it."""
        data = await self._get(f"/find/{quote(str(external_id), safe='')}", "/find/{id}", {"external_source": source})
        movie = next((_whole(row.get("id")) for row in _rows(data, "movie_results")), None)
        show = next((_whole(row.get("id")) for row in _rows(data, "tv_results")), None)
        episode = next((_numbers(row) for row in _rows(data, "tv_episode_results")), None)
        return TmdbFound(movie, show, episode)

    async def _images(self, path: str, endpoint: str) -> Pictures | None:
        data = await self._get(path, endpoint, self._languages)
        return None if data is None else _pictures(data)

    async def _offer(self, path: str, endpoint: str) -> Offer | None:
        data = await self._get(path, endpoint, {"append_to_response": "images", **self._languages, **self._language})
        if data is None:
            return None
        told = data if isinstance(data, dict) else {}
        numbered = ((_whole(row.get("season_number")), _path(row.get("poster_path"))) for row in _rows(data, "seasons"))
        seasons = tuple((number, path) for number, path in numbered if number is not None and path is not None)
        return Offer(_pictures(told.get("images")), _path(told.get("poster_path")), _path(told.get("backdrop_path")), seasons)

    async def _get(self, path: str, endpoint: str, params: dict[str, str]) -> Any:
        """The body; None for what TMDB has not got."""
        await self._limiter.acquire("GET", self._lane)
        params = {**params, **self._params}
        try:
            answer = await self._rest.request(
                "GET", path, endpoint=endpoint, params=params, headers=self._headers, limiter=self._limiter
            )
        except UpstreamRefusal as refusal:
            if refusal.status == 404:
                return None
            raise
        return answer.data


def _rows(data: Any, kind: str) -> list[dict[str, Any]]:
    rows = data.get(kind) if isinstance(data, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _numbers(row: dict[str, Any]) -> tuple[int, int, int] | None:
    show, season, number = (_whole(row.get(name)) for name in ("show_id", "season_number", "episode_number"))
    return None if show is None or season is None or number is None else (show, season, number)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _pictures(data: Any) -> Pictures:
    return Pictures(*(tuple(filter(None, map(_picture, _rows(data, kind)))) for kind in ("posters", "backdrops", "stills")))


def _path(value: Any) -> str | None:
    """The file of a raster picture; one that is none of TMDB's form is not passed on to a page."""
    good = isinstance(value, str) and re.fullmatch(r"/[\w-]+\.(jpg|jpeg|png|webp)", value, re.ASCII) is not None
    return value if good else None


def _picture(row: dict[str, Any]) -> Picture | None:
    path = _path(row.get("file_path"))
    if path is None:
        return None
    language = row.get("iso_639_1")
    return Picture(
        path,
        _whole(row.get("width")) or 0,
        _whole(row.get("height")) or 0,
        language if isinstance(language, str) and language not in {"", "xx"} else None,
        _number(row.get("vote_average")),
        _whole(row.get("vote_count")) or 0,
    )
