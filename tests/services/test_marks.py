"""What is marked by hand: a play by the history, a series in one call, and nothing twice."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from anyio.lowlevel import checkpoint

from tests.services.home import Home, a_home
from tests.services.house import a_house
from watchd.clock import DAY, HOUR, MINUTE
from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.playback import Action, Origin, PlaybackEvent
from watchd.model.receipts import Fate, Step
from watchd.model.relay import DeliveryState
from watchd.standins.faults import Fault
from watchd.store import plays

FRIENDS = Show("Friends", 1994, MediaIds(tmdb=1668))
HEAT = Movie("Heat", 1995, MediaIds(imdb="tt0113277"))
HISTORY = "/sync/history"
START = PlaybackEvent("jellyfin", Action.START, Episode(FRIENDS, 1, 1), progress=0, duration=1320, player="tv")


def mark(number: int, at: int | None = None, *, source: str = "jellyfin") -> PlaybackEvent:
    return PlaybackEvent(source, Action.MARK_WATCHED, Episode(FRIENDS, 1, number), at=at, player="web")


async def history(home: Home) -> list[int]:
    return sorted(row.watched_at for row in home.trakt.user().history)


async def test_an_item_marked_by_hand_is_a_play_with_its_own_time_and_never_a_live_scrobble(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.clock.advance(3600)
        at = home.clock.now() - HOUR + MINUTE
        receipt = await home.event(mark(1, at))
        assert (receipt.fate, receipt.step) == (Fate.ACCEPTED, Step.WATCHED)
        assert receipt.play is not None
        assert (receipt.play.origin, receipt.play.watched_at, receipt.play.open) == (Origin.MARK, at, False)
        await home.relay_all()
        assert await history(home) == [at // 1000 * 1000]
        assert home.trakt.calls("POST", "/scrobble/") == []


async def test_a_whole_series_marked_goes_out_in_one_call(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for number in range(1, 25):
            await home.event(mark(number))
            home.clock.advance(0.05)
        await home.relay_all()
        (call,) = home.trakt.calls("POST", HISTORY)
        assert len(call.body["shows"]) == 1
        assert home.trakt.history_count(kind="episode") == 24
        assert {item.state for item in await home.deliveries()} == {DeliveryState.DELIVERED}


async def test_of_a_batch_those_that_trakt_does_not_know_stay_owed_alone(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for number in (1, 2, 77):
            await home.event(mark(number))
        for _ in range(10):
            home.clock.advance(await home.relay.deliver_next() / 1000)
        states = [item.state for item in await home.deliveries()]
        assert states == [DeliveryState.DELIVERED, DeliveryState.DELIVERED, DeliveryState.UNIDENTIFIED]
        assert home.trakt.history_count() == 2


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "truncate", "garbage"])
async def test_a_batch_whose_answer_was_lost_is_read_back_one_by_one_and_nothing_doubles(tmp_path: Path, kind: str) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault(kind, method="POST", path=HISTORY, work=kind == "garbage"))  # type: ignore[arg-type]
        for number in (1, 2, 3):
            await home.event(mark(number))
        await home.relay_all()
        assert home.trakt.history_count() == 3


@pytest.mark.parametrize("status", [503, 400, 422, 429, 404])
async def test_a_batch_that_is_refused_is_delivered_all_the_same(tmp_path: Path, status: int) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("status", method="POST", path=HISTORY, status=status))
        for number in (1, 2, 3):
            await home.event(mark(number))
        await home.relay_all()
        assert home.trakt.history_count() == 3


@pytest.mark.parametrize("setting", ["new", "always"])
@pytest.mark.parametrize("later", [1, 300])
async def test_a_mark_right_after_the_stop_is_its_echo(tmp_path: Path, setting: str, later: int) -> None:
    async with a_home(tmp_path, hooks={"marks": setting}) as home:
        await home.event(START)
        home.clock.advance(1300)
        await home.event(replace(START, action=Action.STOP, progress=98))
        home.clock.advance(later)
        assert (await home.event(mark(1))).step is Step.SWALLOWED
        await home.relay_all()
        assert home.trakt.history_count() == 1


@pytest.mark.parametrize("left", [40, 98])
@pytest.mark.parametrize("paused", [False, True])
async def test_an_item_marked_while_it_is_open_counts_once_wherever_it_is_left(tmp_path: Path, left: int, paused: bool) -> None:
    async with a_home(tmp_path, hooks={"marks": "always"}) as home:
        await home.event(START)
        home.clock.advance(396)
        if paused:
            await home.event(replace(START, action=Action.PAUSE, progress=30))
        assert (await home.event(mark(1))).step is Step.WATCHED
        home.clock.advance(15)
        assert (await home.event(mark(1))).step is Step.SWALLOWED
        if paused:
            home.clock.advance(1800)
            await home.event(replace(START, progress=30))
        home.clock.advance((left - 30) * 13.2 - 15)
        assert (await home.event(replace(START, action=Action.STOP, progress=left))).step is Step.SWALLOWED
        await home.relay_all()
        assert home.trakt.history_count() == 1


async def test_a_play_counts_against_a_mark_however_often_the_item_was_only_begun_since(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(mark(1))
        for _ in range(8):
            home.clock.advance(86_400)
            await home.event(START)
            home.clock.advance(60)
            await home.event(replace(START, action=Action.STOP, progress=5))
        home.clock.advance(86_400)
        assert (await home.event(mark(1))).step is Step.SWALLOWED


async def test_a_live_stop_is_not_hidden_between_marks_that_wait(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        for number in range(1, 51):
            await home.event(mark(number))
        await home.event(replace(START, media=HEAT, duration=6000))
        home.clock.advance(5800)
        await home.event(replace(START, media=HEAT, duration=6000, action=Action.STOP, progress=97))
        for number in range(51, 111):
            await home.event(mark(number))
        home.clock.advance(5)
        await home.relay.deliver_next()
        assert home.trakt.calls("POST", HISTORY) == []
        assert len(home.trakt.calls("POST", "/scrobble/stop")) == 1


@pytest.mark.parametrize(
    "setting, fates, counted", [("new", Fate.ACCEPTED, 1), ("always", Fate.ACCEPTED, 2), ("never", Fate.IGNORED, 0)]
)
async def test_the_setting_says_whether_a_second_mark_counts(tmp_path: Path, setting: str, fates: Fate, counted: int) -> None:
    async with a_home(tmp_path, hooks={"marks": setting}) as home:
        for _ in range(2):
            assert (await home.event(mark(1))).fate is fates
            home.clock.advance(86_400)
        assert len(await home.daemon.database.read(lambda connection: plays.watched(connection, 1, 10))) == counted


async def test_a_mark_removed_removes_nothing(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(mark(1))
        gone = await home.event(replace(mark(1), action=Action.MARK_UNWATCHED))
        assert (gone.fate, gone.reason) == (Fate.IGNORED, "a mark removed here removes no play")
        await home.relay_all()
        assert home.trakt.history_count() == 1


async def test_a_marked_file_of_two_episodes_is_two_plays(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(replace(mark(1), media=Episode(FRIENDS, 1, 1, number_end=2)))
        await home.relay_all()
        assert home.trakt.history_count(kind="episode") == 2
        assert len(home.trakt.calls("POST", HISTORY)) == 1


async def test_marks_of_before_the_first_login_are_not_owed(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(mark(1, home.clock.now() - DAY))
        assert await home.owed() == []
        assert await history(home) == []


async def test_what_was_marked_and_is_then_watched_is_scrobbled_live(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(mark(1))
        await home.relay_all()
        home.clock.advance(60)
        start = PlaybackEvent("jellyfin", Action.START, Episode(FRIENDS, 1, 1), progress=0, duration=1320, player="tv")
        await home.event(start)
        await home.relay_all()
        home.clock.advance(1300)
        receipt = await home.event(replace(start, action=Action.STOP, progress=98))
        assert receipt.play is not None
        assert (receipt.step, receipt.play.origin) == (Step.WATCHED, Origin.HOOK)
        await home.relay_all()
        assert home.trakt.history_count() == 2
        assert len(home.trakt.calls("POST", "/scrobble/stop")) == 1


async def test_a_daemon_that_died_while_a_batch_was_under_way_sends_nothing_twice(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        async with house.boot(log_in=True) as home:
            for number in (1, 2, 3):
                await home.event(mark(number))
            house.minutes(0.1)
            house.trakt.faults.add(Fault("drop_after", method="POST", path=HISTORY))
            await home.relay.deliver_next()
            assert house.trakt.history_count() == 3
        async with house.boot() as home:
            await home.relay_all()
        assert house.trakt.history_count() == 3
        assert len(house.trakt.calls("POST", HISTORY)) == 1


async def test_a_live_stop_does_not_wait_for_the_lookup_of_a_mark(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("hang", method="GET", path="/search"))
        known = Movie("The Matrix", 1999, MediaIds(trakt=481))
        await home.event(replace(mark(1), media=Episode(Show("Friends", 1994), number_abs=3)))
        home.clock.advance(5)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(home.relay.run)
            await until(lambda: bool(home.trakt.calls("GET", "/search")))
            stop = replace(START, action=Action.STOP, media=known, duration=6000, progress=97)
            assert (await home.event(stop)).step is Step.WATCHED
            await until(lambda: bool(home.trakt.calls("POST", "/scrobble/stop")))
            tasks.cancel_scope.cancel()


async def until(true: Callable[[], bool]) -> None:
    """Well within the time after which a call that hangs is given up."""
    with anyio.fail_after(5):
        while not true():
            await checkpoint()
