"""Trakt's calendar: what airs and what comes out, in one order."""

from pathlib import Path

from tests.services.home import Home, a_home
from tests.services.library_at_home import asked, section, synced
from tests.services.test_aired import told
from watchd.clock import DAY, iso
from watchd.standins.faults import Fault
from watchd.standins.shelf import Entry

MOVIES = "/calendars/my/movies"


def coming(home: Home) -> None:
    """A show that airs tomorrow and a week later, and a film on the watchlist that comes out in between."""
    catalogue, now = home.trakt.catalogue, home.clock.now()
    show = catalogue.add_show("Airing", 2026, seasons={1: 2}, first_aired=iso(now + DAY))
    home.trakt.add_play("watcher", catalogue.episodes(show)[0], now)
    movie = catalogue.add_movie("Out Soon", 2026, released=iso(now + 4 * DAY)[:10])
    home.trakt.user().shelf.watchlist = [Entry(1, movie, now)]


async def titles(home: Home, **asked_for: object) -> list[str]:
    rows = (await told(home, "calendar", **asked_for))["data"]
    return [(row.get("movie") or row["show"])["title"] for row in rows]


async def test_the_films_of_the_watchlist_stand_among_the_episodes_by_their_day(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        coming(home)
        requests = asked(await synced(home))
        assert sum(count for path, count in requests.items() if path.startswith(MOVIES)) == 1
        assert await titles(home) == ["Airing", "Out Soon", "Airing"]
        assert await titles(home, sort="newest") == ["Airing", "Out Soon", "Airing"]
        assert await titles(home, type="movies") == ["Out Soon"]
        assert await titles(home, type="shows") == ["Airing", "Airing"]
        now = home.clock.now()
        assert await titles(home, end_at=now + 5 * DAY) == ["Airing", "Out Soon"]
        assert await titles(home, start_at=now + 3 * DAY) == ["Out Soon", "Airing"]
        home.clock.advance(300)
        assert len(await synced(home)) == 1


async def test_an_app_that_is_not_told_of_films_has_the_episodes(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        coming(home)
        home.trakt.faults.add(Fault("status", path=MOVIES, status=403, times=None))
        await synced(home)
        assert await titles(home) == ["Airing", "Airing"]
        found = await section(home, "calendar")
        assert found is not None
        assert found.failed is None
