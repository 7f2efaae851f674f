"""A checkin becomes one row of the history: Trakt's own where it took it, ours where it did not."""

from pathlib import Path

import pytest

from tests.services.home import Home
from tests.services.house import House, a_house, step_until
from watchd.demo.players import trakt_item
from watchd.model.relay import Verb
from watchd.sources.trakt import UNCHECKIN
from watchd.standins.faults import Fault
from watchd.standins.items import Watchable

CHECKIN = "/checkin"


def short(house: House) -> Watchable:
    """Half as long as what is assumed of an episode nobody told the length of."""
    return house.trakt.catalogue.episode("friends", 1, 1)


async def check_in(home: Home, item: Watchable) -> None:
    await home.scrobble("checkin", trakt_item(item))


async def pass_the_evening(house: House, home: Home, minutes: float) -> None:
    """Minute by minute: what is due ends, what is owed goes out."""
    for _ in range(round(minutes)):
        await home.settle()
        await step_until(home, lambda wait: wait > 0)
        house.minutes(1)


@pytest.mark.parametrize("settles", [True, False], ids=["settled", "silent"])
@pytest.mark.parametrize("title", ["friends", "breaking-bad"])
@pytest.mark.parametrize("kind", [None, "drop_before", "drop_after", "truncate"])
async def test_a_checkin_is_one_row_whatever_became_of_its_answer(
    tmp_path: Path, kind: str | None, title: str, settles: bool
) -> None:
    async with a_house(tmp_path) as house:
        item = house.trakt.catalogue.episode(title, 1, 2)
        if kind is not None:
            house.trakt.faults.add(Fault(kind, method="POST", path=CHECKIN))  # type: ignore[arg-type]
        async with house.boot(log_in=True) as home:
            await check_in(home, item)
            for _ in range(item.runtime + 50):
                await step_until(home, lambda wait: wait > 0)
                house.minutes(1)
                if settles:
                    await home.settle()
            await home.settle()
            await home.relay_all()
        assert house.plays(item) == 1
        assert len(house.trakt.calls("POST", "/sync/history")) == 0


@pytest.mark.parametrize("work", [True, False], ids=["done", "not-done"])
async def test_a_checkin_under_an_outage_until_its_end_is_one_row(tmp_path: Path, work: bool) -> None:
    async with a_house(tmp_path) as house:
        item = short(house)
        async with house.boot(log_in=True) as home:
            ends = house.clock.now() + 100 * 60_000
            house.trakt.faults.add(Fault("drop_after" if work else "drop_before", path="/", times=None, until=ends))
            await check_in(home, item)
            await pass_the_evening(house, home, 120)
            await home.relay_all()
        assert house.plays(item) == 1


async def test_a_checkin_done_by_its_last_attempt_is_waited_for(tmp_path: Path) -> None:
    """Trakt takes it when it is two minutes old and never answers: its row comes after our play has ended."""
    async with a_house(tmp_path) as house:
        item = house.trakt.catalogue.episode("breaking-bad", 1, 2)
        async with house.boot(log_in=True) as home:
            began = house.clock.now()
            faults = house.trakt.faults
            faults.add(Fault("drop_before", path="/", times=None, until=began + 60_000))
            faults.add(Fault("drop_after", method="POST", path=CHECKIN, until=began + 170_000))
            faults.add(Fault("drop_before", path="/", times=None, until=began + item.runtime * 60_000))
            await check_in(home, item)
            await pass_the_evening(house, home, item.runtime + 60)
            await home.relay_all()
        assert house.plays(item) == 1


async def test_a_late_checkin_goes_to_the_history_at_its_own_end(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        item = short(house)
        async with house.boot(log_in=True) as home:
            began = house.clock.now()
            await check_in(home, item)
            house.minutes(20)
            await pass_the_evening(house, home, 60)
            await home.relay_all()
        assert house.plays(item) == 1
        assert not house.trakt.calls("POST", CHECKIN)
        assert house.trakt.user().history[0].watched_at < began + 46 * 60_000


async def test_a_checkin_given_up_is_no_row(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        item = short(house)
        async with house.boot(log_in=True) as home:
            house.trakt.faults.add(Fault("drop_after", method="POST", path=CHECKIN))
            await check_in(home, item)
            await home.relay.deliver_next()
            house.minutes(1)
            await home.event(UNCHECKIN)
            await pass_the_evening(house, home, 60)
            await home.relay_all()
            assert [item.verb for item in await home.deliveries()] == [Verb.CHECKIN, Verb.UNCHECKIN]
        assert house.plays(item) == 0
