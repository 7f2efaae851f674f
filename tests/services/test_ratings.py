"""Ratings given at a media center: the latest of an item is kept, and told to Trakt."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.services.home import Home, LeapingClock, a_home
from watchd.clock import DAY
from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.receipts import Fate
from watchd.services.ratings import Ratings
from watchd.standins.faults import Fault
from watchd.store import accounts, ratings
from watchd.store.ratings import Rating

HEAT = Movie("Heat", 1995, MediaIds(imdb="tt0113277"))
PATH = "/sync/ratings"


def rate(rating: float | None, *, media: Movie | Episode = HEAT, source: str = "plex") -> PlaybackEvent:
    return PlaybackEvent(source, Action.RATE, media, rating=rating)


def service(home: Home) -> Ratings:
    assert home.link.ratings is not None
    return home.link.ratings


async def tell_all(home: Home, steps: int = 40) -> None:
    """Let what is due go out, leaping over waits of less than a day."""
    for _ in range(steps):
        home.clock.advance(await service(home).send_due() / 1000)


async def told(home: Home) -> dict[object, int]:
    return {key[1]: rating for key, (rating, _, _) in home.trakt.user().ratings.items()}


async def kept(home: Home, media_id: int = 1) -> Rating | None:
    return await home.daemon.database.read(lambda connection: ratings.get(connection, 1, media_id))


@pytest.mark.parametrize("given, rounded", [(8.0, 8), (7.5, 8), (0.5, 1), (10.0, 10), (11.0, 10), (6.4, 6)])
async def test_a_rating_is_told_as_a_whole_number_from_one_to_ten(tmp_path: Path, given: float, rounded: int) -> None:
    async with a_home(tmp_path) as home:
        receipt = await home.event(rate(given))
        assert (receipt.fate, receipt.play) == (Fate.ACCEPTED, None)
        await service(home).send_due()
        assert list((await told(home)).values()) == [rounded]
        assert home.trakt.history_count() == 0


async def test_the_latest_rating_wins_and_the_same_again_owes_nothing(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for rating in (8, 3, 3):
            await home.event(rate(rating))
            home.clock.advance(60)
        await home.event(rate(3, source="jellyfin"))
        await tell_all(home)
        assert list((await told(home)).values()) == [3]
        assert len(home.trakt.calls("POST", PATH)) == 1
        await home.event(replace(rate(9), at=home.clock.now() - DAY))
        await tell_all(home)
        assert list((await told(home)).values()) == [3]


async def test_ratings_that_are_due_together_are_one_call(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for number in range(1, 11):
            await home.event(rate(7, media=Episode(Show("Friends", 1994, MediaIds(tmdb=1668)), 1, number)))
        await service(home).send_due()
        assert len(home.trakt.calls("POST", PATH)) == 1
        assert len(await told(home)) == 10


@pytest.mark.parametrize("status", [503, 429, 400, 403, 404])
async def test_a_rating_that_is_refused_is_told_later(tmp_path: Path, status: int) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("status", method="POST", path=PATH, status=status, headers={"Retry-After": "90"}))
        for number in (1, 2):
            await home.event(rate(7, media=Episode(Show("Friends", 1994, MediaIds(tmdb=1668)), 1, number)))
        await tell_all(home, 80)
        assert len(await told(home)) == 2
        first, second = home.trakt.calls("POST", PATH)[:2]
        assert status != 429 or second.at - first.at >= 90_000


async def test_what_trakt_does_not_know_is_tried_daily_for_a_month(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(rate(7, media=Movie("A Film Nobody Made", 1911)))
        for _ in range(40):
            await service(home).send_due()
            home.clock.advance(86_400)
        item = await kept(home)
        assert item is not None
        assert (item.due_at, item.reason) == (None, "Trakt does not know the item")
        assert len(home.trakt.calls("POST", PATH)) <= 32


async def test_a_rating_of_before_the_login_is_told_when_it_is_given_again(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(rate(7))
        await home.log_in()
        home.clock.advance(60)
        await tell_all(home)
        assert await told(home) == {}
        await home.event(rate(7))
        await tell_all(home)
        assert list((await told(home)).values()) == [7]


async def test_a_rating_changed_while_the_first_is_under_way_is_told_too(tmp_path: Path) -> None:
    class Hurried(LeapingClock):
        hurry: Callable[[], Awaitable[object]] | None = None

        async def sleep(self, seconds: float) -> None:
            hurry, self.hurry = self.hurry, None
            if hurry is not None:
                await hurry()
            await super().sleep(seconds)

    clock = Hurried()
    async with a_home(tmp_path, clock=clock) as home:
        await home.event(rate(7))
        home.trakt.faults.add(Fault("delay", method="POST", path=PATH, seconds=2.0))
        clock.hurry = partial(home.event, replace(rate(3), player="tv"))
        await tell_all(home)
        taken = [call for call in home.trakt.calls("POST", PATH) if call.status == 201]
        assert [call.body["movies"][0]["rating"] for call in taken] == [7, 3]


async def test_an_error_nobody_foresaw_stops_only_the_rating_that_has_it(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(rate(5, media=Movie("Ronin", 1998, MediaIds(imdb="tt0122690"))))
        odd = "UPDATE ratings SET rated_at = -100000000000000000"  # no year has that
        await home.daemon.database.write(lambda connection: connection.execute(odd).rowcount)
        home.clock.advance(60)
        await home.event(rate(7))
        await tell_all(home)
        assert list((await told(home)).values()) == [7]
        item = await kept(home)
        assert item is not None
        assert (item.due_at, item.reason) == (None, "internal: ValueError")


async def test_a_held_account_and_one_without_a_login_wait(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(rate(7))
        item = await kept(home)
        assert item is not None
        assert item.due_at is None
        await home.log_in()
        home.clock.advance(1)
        await home.daemon.database.write(lambda connection: accounts.hold(connection, 1, "locked", 0, accounts.NEVER))
        await home.event(rate(8))
        await tell_all(home)
        assert await told(home) == {}
        await home.daemon.database.write(lambda connection: accounts.unhold(connection, 1))
        await tell_all(home)
        assert list((await told(home)).values()) == [8]


@pytest.mark.parametrize("rating", [None, 0.0, -1.0])
async def test_a_rating_taken_back_is_ignored(tmp_path: Path, rating: float | None) -> None:
    async with a_home(tmp_path) as home:
        receipt = await home.event(rate(rating))
        assert (receipt.fate, receipt.reason) == (Fate.IGNORED, "no_rating")


async def test_with_the_setting_off_ratings_are_ignored_with_the_reason(tmp_path: Path) -> None:
    async with a_home(tmp_path, hooks={"ratings": False}) as home:
        receipt = await home.event(rate(7))
        assert (receipt.fate, receipt.reason) == (Fate.IGNORED, "ratings are not kept here (setting hooks.ratings)")


async def test_two_items_that_turn_out_to_be_one_keep_the_later_rating(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(rate(4, media=Movie("Heat", 1995)))
        home.clock.advance(60)
        await home.event(rate(9, media=Movie("Gluthitze", 1995, MediaIds(imdb="tt0113277"))))
        home.clock.advance(60)
        await home.event(PlaybackEvent("kodi", Action.START, HEAT, progress=0, duration=600))
        await tell_all(home)
        assert list((await told(home)).values()) == [9]
