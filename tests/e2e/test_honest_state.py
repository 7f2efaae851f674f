"""An outage never reads as idle: the card says unknown with its time, and the truth within one poll after it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.program import HOOK, READ, bearer, until
from tests.e2e.stage import Stage, a_stage
from watchd.clock import SECOND, parse_iso
from watchd.standins.faults import Fault

RATE = 150.0
LIMIT = 120
POLL = 60 * SECOND


async def card(stage: Stage) -> dict[str, Any]:
    async with stage.session.get(f"{stage.program.url}/api/watching?live=1", headers=bearer(READ)) as answer:
        assert answer.status == 200
        told = await answer.json()
        assert isinstance(told, dict)
        return told


def shows(stage: Stage, state: str, seen: list[str]) -> Callable[[], Awaitable[bool]]:
    """Whether the card is in that state; every state looked at is noted."""

    async def look() -> bool:
        now = await card(stage)
        seen.append(str(now["state"]))
        return bool(now["state"] == state)

    return look


@pytest.mark.parametrize("kind", ["status", pytest.param("hang", marks=pytest.mark.slow)])
async def test_an_outage_beyond_the_limit_reads_as_unknown_and_ends_with_the_truth(tmp_path: Path, kind: Any) -> None:
    async with a_stage(tmp_path, RATE, WATCHD_UNKNOWN_AFTER=str(LIMIT)) as stage:
        await stage.log_in()
        await stage.program.start()
        movie = stage.trakt.catalogue.movie("guardians-of-the-galaxy-2014")
        stage.trakt.watch("watcher", movie, 5)
        await until(shows(stage, "watching", []), what="the card shows what Trakt says")
        began = stage.clock.now()
        stage.trakt.faults.add(Fault(kind, times=None))
        seen: list[str] = []
        await until(shows(stage, "unknown", seen), what="the card says unknown", look=0.02)
        took = stage.clock.now() - began
        assert "idle" not in seen
        told = await card(stage)
        assert began - POLL <= parse_iso(told["stale_since"]) <= began + 2 * SECOND
        assert told["content"]["title"] == movie.title
        assert took >= LIMIT * SECOND - POLL
        await stay(stage, "unknown", 4 * LIMIT)
        stage.trakt.user().watching = None
        other = stage.trakt.catalogue.episode("severance", 2, 10)
        stage.trakt.watch("watcher", other, 20)
        stage.trakt.faults.clear()
        polls = len(stage.trakt.calls("GET", "/users/me/watching"))
        await until(shows(stage, "watching", []), what="the card says what is true")
        assert (await card(stage))["content"]["title"] == other.show.title
        assert len(stage.trakt.calls("GET", "/users/me/watching")) <= polls + 2


async def stay(stage: Stage, state: str, seconds: float) -> None:
    """The card says nothing else for so long."""
    ends = stage.clock.now() + seconds * SECOND
    while stage.clock.now() < ends:
        assert (await card(stage))["state"] == state
        await stage.clock.sleep(10)


async def test_a_local_play_is_shown_while_trakt_cannot_be_reached(tmp_path: Path) -> None:
    async with a_stage(tmp_path, RATE, WATCHD_UNKNOWN_AFTER="30") as stage:
        await stage.log_in()
        await stage.program.start()
        stage.trakt.faults.add(Fault("status", status=503, times=None))
        await until(shows(stage, "unknown", []), what="the card says unknown")
        body = {"movie": {"title": "Made Up", "year": 2020}, "progress": 10}
        async with stage.session.post(f"{stage.program.url}/trakt/scrobble/start", json=body, headers=bearer(HOOK)) as answer:
            assert answer.status == 201
        assert (await card(stage))["state"] == "watching"
