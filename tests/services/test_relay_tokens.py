"""Many calls that meet a dead token at once: one refresh, whatever becomes of its answer."""

import asyncio
from pathlib import Path

import pytest

from tests.services.house import a_house
from watchd.standins.faults import Fault, FaultKind

CALLS = 50


async def test_fifty_401s_at_once_bring_one_refresh(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.boot(log_in=True) as home:
        house.trakt.expire_tokens()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(CALLS):
                tasks.create_task(home.link.poller.poll_once())
        refused = [seen for seen in house.trakt.calls("GET", "/users/me/watching") if seen.status == 401]
        assert len(refused) >= 10
        assert list(house.trakt.refresh_tokens_seen.values()) == [1]
        assert not home.link.poller.hearing.failing


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "truncate", "garbage"])
async def test_fifty_401s_and_a_refresh_without_an_answer_bring_one_more_try(tmp_path: Path, kind: FaultKind) -> None:
    async with a_house(tmp_path) as house, house.boot(log_in=True) as home:
        house.trakt.faults.add(Fault(kind, path="/oauth/token", times=None))
        house.trakt.expire_tokens()
        for _ in range(3):
            async with asyncio.TaskGroup() as tasks:
                for _ in range(CALLS):
                    tasks.create_task(home.link.poller.poll_once())
            house.minutes(60)
        assert list(house.trakt.refresh_tokens_seen.values()) == [2]
        assert str(home.link.keeper.state if home.link.keeper else "") == "login_required"
