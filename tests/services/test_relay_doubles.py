"""Nothing is delivered twice and nothing is lost, whatever becomes of the answers. The stand-in's history is the judge."""

from pathlib import Path

import pytest

from tests.services.house import House, a_house, try_once, watch
from watchd.standins.faults import Fault
from watchd.standins.items import Watchable
from watchd.standins.switches import Switches

STOP = "/scrobble/stop"
LOST_ANSWERS = [
    Fault("drop_after", method="POST", path=STOP),
    Fault("truncate", method="POST", path=STOP),
    Fault("garbage", method="POST", path=STOP, work=True),
    Fault("status", method="POST", path=STOP, status=503, work=True),
    Fault("html", method="POST", path=STOP, status=520, work=True),
    Fault("drop_before", method="POST", path=STOP),
    Fault("status", method="POST", path=STOP, status=503),
    Fault("html", method="POST", path=STOP, status=403),
    Fault("html", method="POST", path=STOP, status=429, headers={"Retry-After": "300"}),
    Fault("status", method="POST", path=STOP, status=429, headers={"Retry-After": "40"}),
]


def named(fault: Fault) -> str:
    return f"{fault.kind}-{fault.status or ''}{'-done' if fault.work else ''}"


def an_episode(house: House, number: int = 1) -> Watchable:
    return house.trakt.catalogue.episode("friends", 1, number)


@pytest.mark.parametrize("fault", LOST_ANSWERS, ids=named)
@pytest.mark.parametrize("restart", [False, True], ids=["", "restart"])
async def test_a_stop_whose_answer_was_lost_is_in_the_history_once(tmp_path: Path, fault: Fault, restart: bool) -> None:
    async with a_house(tmp_path) as house:
        item = an_episode(house)
        async with house.boot(log_in=True) as home:
            await watch(house, home, item)
            house.trakt.faults.add(fault)
            await try_once(home)
            if not restart:
                await home.relay_all()
        async with house.boot() as home:
            await home.relay_all()
        assert house.plays(item) == 1


@pytest.mark.parametrize("skew", [-3600.0, -90.0, -30.0, 30.0, 90.0, 3600.0])
@pytest.mark.parametrize("done", [True, False], ids=["done", "not-done"])
@pytest.mark.parametrize("late", [True, False], ids=["late", "live"])
async def test_a_clock_that_is_off_brings_no_second_row_after_a_restart(
    tmp_path: Path, skew: float, done: bool, late: bool
) -> None:
    async with a_house(tmp_path) as house:
        house.trakt.clock_skew = skew
        item = an_episode(house)
        async with house.boot(log_in=True) as home:
            await watch(house, home, item)
            if late:
                house.minutes(10)
            house.trakt.faults.add(Fault("drop_after" if done else "drop_before", method="POST", path="/s*"))
            await try_once(home)
        async with house.boot() as home:
            await home.relay_all()
        assert house.plays(item) == 1


@pytest.mark.parametrize("lag", [5.0, 9.0, 45.0])
@pytest.mark.parametrize("late", [True, False], ids=["late", "live"])
async def test_a_history_that_is_read_late_brings_no_second_row(tmp_path: Path, lag: float, late: bool) -> None:
    async with a_house(tmp_path) as house:
        house.trakt.switches = Switches(read_lag=lag)
        item = an_episode(house)
        async with house.boot(log_in=True) as home:
            await watch(house, home, item)
            if late:
                house.minutes(10)
            house.trakt.faults.add(Fault("drop_after", method="POST", path="/s*"))
            await try_once(home)
        async with house.boot() as home:
            await home.relay_all()
        assert house.plays(item) == 1


@pytest.mark.parametrize("kind", ["drop_after", "truncate", "drop_before"])
async def test_two_plays_of_one_item_are_two_rows_whichever_answers_are_lost(tmp_path: Path, kind: str) -> None:
    async with a_house(tmp_path) as house:
        item = an_episode(house)
        async with house.boot(log_in=True) as home:
            house.trakt.faults.add(Fault(kind, method="POST", path="/s*", times=None))  # type: ignore[arg-type]
            await watch(house, home, item, share=0.95, relay=False)
            await try_once(home)
            house.trakt.faults.clear()
            await watch(house, home, item, share=0.95, relay=False)
            house.trakt.faults.add(Fault(kind, method="POST", path="/s*"))  # type: ignore[arg-type]
            await home.relay_all()
        assert house.plays(item) == 2


async def test_a_second_watch_within_trakts_window_is_a_second_row(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        item = house.trakt.catalogue.episode("breaking-bad", 1, 2)
        async with house.boot(log_in=True) as home:
            await watch(house, home, item)
            await home.relay_all()
            await watch(house, home, item, share=0.9)
            await home.relay_all()
        assert house.plays(item) == 2


async def test_a_scrobble_by_another_app_in_the_same_sitting_is_not_doubled(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        item = an_episode(house)
        async with house.boot(log_in=True) as home:
            await watch(house, home, item)
            house.trakt.core.scrobble(house.trakt.user(), item)
            await home.relay_all()
        assert house.plays(item) == 1


async def test_an_outage_of_hours_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        items = [an_episode(house, number) for number in (1, 2)]
        async with house.boot(log_in=True) as home:
            ends = house.clock.now() + 3 * 3600 * 1000
            house.trakt.faults.add(Fault("status", method="POST", path="/s*", status=503, work=True, times=None, until=ends))
            for item in items:
                await watch(house, home, item, relay=False)
                await try_once(home)
            await home.relay_all(400)
        assert [house.plays(item) for item in items] == [1, 1]
