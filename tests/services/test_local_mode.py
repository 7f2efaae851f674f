"""A month of hooks with no account anywhere: what the personal endpoints then tell, over HTTP."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.services.home import LeapingClock
from watchd.app.daemon import Daemon
from watchd.app.wiring import opened
from watchd.clock import DAY, iso
from watchd.settings import Listen, Settings, TmdbSettings
from watchd.standins.tmdb import TmdbStandIn
from watchd.web.server import make_app

EPISODE_SECONDS = 3_000
MOVIE_SECONDS = 6_000
HISTORY_KEYS = {"id", "trakt_id", "watched_at", "action", "type"}


@dataclass(slots=True)
class House:
    """A daemon without any account, and one who reads and sends."""

    daemon: Daemon
    clock: LeapingClock
    client: TestClient[web.Request, web.Application]

    async def get(self, path: str, **params: str) -> Any:
        answer = await self.client.get(path, params=params)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def watch(self, metadata: dict[str, Any], seconds: float) -> int:
        """Play something from its beginning to its end; when that was (ms)."""
        for event, share in (("media.play", 0.0), ("media.pause", 0.5), ("media.resume", 0.5), ("media.stop", 0.97)):
            offset = round(seconds * share * 1000)
            body = {
                "event": event,
                "Account": {"id": 1, "title": "somebody"},
                "Player": {"title": "TV", "uuid": "tv"},
                "Metadata": metadata | {"duration": seconds * 1000, "viewOffset": offset},
            }
            token = self.daemon.tokens["hook"]
            answer = await self.client.post("/hooks/plex", params={"token": token}, json=body)
            assert answer.status == 200, await answer.text()
            self.clock.advance(seconds * 0.5 if event in ("media.play", "media.resume") else 20)
        return self.clock.now()


@asynccontextmanager
async def a_house(
    tmp_path: Path, *, clock: LeapingClock | None = None, tmdb: TmdbStandIn | None = None
) -> AsyncIterator[House]:
    clock = clock or LeapingClock()
    key = {} if tmdb is None else {"api_key": tmdb.api_key, "api_url": tmdb.api_url, "image_url": tmdb.image_url}
    settings = Settings(state_dir=tmp_path / "state", listen=Listen("127.0.0.1", 0), tmdb=TmdbSettings.model_validate(key))
    async with opened(settings, clock) as daemon, TestClient(TestServer(make_app(daemon.ports))) as client:
        yield House(daemon, clock, client)


def an_episode(season: int, number: int) -> dict[str, Any]:
    return {
        "type": "episode",
        "title": f"Part {number}",
        "grandparentTitle": "Shōgun",
        "parentIndex": season,
        "index": number,
        "Guid": [{"id": f"tvdb://{9000 + season * 100 + number}"}],
    }


def a_movie(title: str, number: int) -> dict[str, Any]:
    return {"type": "movie", "title": title, "year": 1990 + number, "Guid": [{"id": f"tmdb://{number}"}]}


async def a_month(house: House) -> int:
    """An episode an evening, a movie on Sundays, and one of both twice; how many plays there were."""
    evenings = [(1 + day // 10, 1 + day % 10) for day in range(28)]
    for day, (season, number) in enumerate(evenings):
        if day % 7 == 6:
            await house.watch(a_movie(f"Movie {day // 7}", day // 7 + 1), MOVIE_SECONDS)
        else:
            await house.watch(an_episode(season, number), EPISODE_SECONDS)
        house.clock.advance(DAY / 1000 - 7200)
    await house.watch(a_movie("Movie 0", 1), MOVIE_SECONDS)
    house.clock.advance(DAY / 1000)
    await house.watch(an_episode(0, 1), EPISODE_SECONDS)
    return len(evenings) + 2


async def test_a_month_of_hooks_gives_the_whole_library(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        plays = await a_month(house)
        both = await house.get("/api/trakt/user/history")
        movies, shows = both["movies"]["data"], both["shows"]["data"]
        assert (len(movies), len(movies) + len(shows)) == (5, plays)
        assert movies[0].keys() == HISTORY_KEYS | {"movie"}
        assert shows[0].keys() == HISTORY_KEYS | {"episode", "show"}
        moments = [row["watched_at"] for row in shows]
        assert moments == sorted(moments, reverse=True)
        assert both["movies"]["metadata"]["source"] == "local"
        watched = await house.get("/api/trakt/user/watched")
        assert next((row["movie"]["title"], row["plays"]) for row in watched["movies"]["data"]) == ("Movie 0", 2)
        (show,) = watched["shows"]["data"]
        assert (show["show"]["title"], show["plays"], show["last_watched_at"]) == ("Shōgun", 25, shows[0]["watched_at"])
        assert [season["number"] for season in show["seasons"]] == [0, 1, 2, 3]
        assert sum(len(season["episodes"]) for season in show["seasons"]) == 25
        assert show["seasons"][1]["episodes"][0].keys() == {"number", "plays", "last_watched_at"}
        stats = (await house.get("/api/trakt/user/stats"))["data"]
        assert (stats["movies"]["plays"], stats["movies"]["watched"], stats["movies"]["minutes"]) == (5, 4, 500)
        assert (stats["shows"]["watched"], stats["episodes"]["plays"], stats["episodes"]["minutes"]) == (1, 25, 1250)
        (progress,) = (await house.get("/api/trakt/user/progress"))["data"]
        assert (progress["progress"]["completed"], progress["progress"]["last_episode"]["season"]) == (24, 0)
        last = await house.get("/user/watched.json/whatever/me")
        assert (len(last), last[0]["type"], last[0]["show"]["title"]) == (plays, "episode", "Shōgun")
        empty = await house.get("/api/trakt/user/watchlist")
        assert (empty["movies"]["data"], "note" in empty["movies"]["metadata"]) == ([], True)


async def test_what_is_watched_shows_at_once_and_what_is_not_over_does_not(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        path = "/api/trakt/user/history"
        await house.watch(an_episode(1, 1), EPISODE_SECONDS)
        before = await house.client.get(path)
        again = await house.client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        assert again.status == 304
        over = await house.watch(a_movie("Heat", 5), MOVIE_SECONDS)
        after = await house.client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status == 200
        (row,) = json.loads(await after.read())["movies"]["data"]
        assert row["movie"]["title"] == "Heat"
        assert iso(over - 60_000) <= row["watched_at"] <= iso(over)
        house.clock.advance(600)
        rebuilt = await house.client.get(path)
        assert rebuilt.headers["ETag"] == after.headers["ETag"]


async def test_another_page_of_the_month_by_type_and_moment(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await a_month(house)
        answer = await house.client.get("/api/trakt/user/history", params={"type": "shows", "limit": "10", "page": "3"})
        told = await answer.json()
        assert (len(told["data"]), answer.headers["X-Pagination-Page-Count"]) == (5, "3")
        start = told["data"][-1]["watched_at"]
        since = await house.get("/api/trakt/user/history", type="shows", start_at=start)
        until = await house.get("/api/trakt/user/history", type="shows", end_at=start)
        assert (len(since["data"]), len(until["data"])) == (25, 1)
        assert json.dumps(since["data"][-1]) == json.dumps(until["data"][0])


async def test_with_a_tmdb_key_alone_progress_and_the_calendar_are_answered(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with TmdbStandIn(clock) as tmdb:
        begin = iso(clock.now() - 8 * DAY)
        tmdb.catalogue.add_show(
            "Shōgun", 2024, seasons={0: 1, 1: ["Anjin", "Servants", "Tomorrow"]}, first_aired=begin, ids={"tmdb": 126308}
        )
        async with a_house(tmp_path, clock=clock, tmdb=tmdb) as house:
            known = {"guid": "com.plexapp.agents.themoviedb://126308/1/1?lang=en"}
            await house.watch(an_episode(1, 1) | known, EPISODE_SECONDS)
            before = (await house.get("/api/trakt/user/progress"))["metadata"]
            assert "note" in before
            assert (await house.get("/api/trakt/user/calendar"))["data"] == []
            await house.daemon.finding.airing.look()
            await house.daemon.finding.airing.fetch_due()
            house.daemon.ports.library.clear()
            found = await house.get("/api/trakt/user/progress")
            (row,) = found["data"]
            assert (row["progress"]["aired"], row["progress"]["completed"], row["show"]["aired_episodes"]) == (2, 1, 2)
            following = row["progress"]["next_episode"]
            assert (following["season"], following["number"], following["title"]) == (1, 2, "Servants")
            assert "note" not in found["metadata"]
            calendar = await house.get("/api/trakt/user/calendar")
            yesterdays, coming = calendar["data"]
            assert yesterdays["episode"] == following
            assert (coming["episode"]["title"], coming["show"]["title"]) == ("Tomorrow", "Shōgun")
            assert coming["first_aired"] == iso(clock.now() + 6 * DAY)[:10] + "T00:00:00.000Z"
            assert (calendar["metadata"]["source"], "days are told" in calendar["metadata"]["note"]) == ("local", True)
            assert (await house.get("/api/trakt/user/calendar", type="movies"))["data"] == []
            assert (await house.get("/api/trakt/user/calendar", end_at=iso(clock.now())))["data"] == [yesterdays]
