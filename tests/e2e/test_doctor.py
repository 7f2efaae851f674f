"""`watchd doctor` beside the whole program: quiet while all is well, and plain about each trouble the stand-in makes."""

import json
from pathlib import Path

import pytest

from tests.e2e.program import ADMIN, HOOK, READ, Program, bearer, until
from tests.e2e.stage import Stage, a_stage
from watchd.standins.faults import Fault
from watchd.standins.much import fill_library

RATE = 150.0


async def examined(program: Program) -> tuple[int, dict[tuple[str, str], list[str]]]:
    """The exit code, and the texts of the findings by level and part."""
    code, said = await program.command("doctor", "--json")
    secrets = [secret for secret in (HOOK, READ, ADMIN, *_app(program)) if secret in said]
    assert secrets == []
    found: dict[tuple[str, str], list[str]] = {}
    for one in json.loads(said)["findings"]:
        found.setdefault((one["level"], one["about"]), []).append(f"{one['text']}; {one['mend']}")
    return code, found


def _app(program: Program) -> list[str]:
    return [program.settings[name] for name in ("WATCHD_TRAKT__CLIENT_ID", "WATCHD_TRAKT__CLIENT_SECRET")]


def worse(found: dict[tuple[str, str], list[str]]) -> dict[str, list[str]]:
    return {about: texts for (level, about), texts in found.items() if level in ("warning", "problem")}


async def scrobbled(stage: Stage, title: str) -> None:
    movie = stage.trakt.catalogue.add_movie(title, 2010)
    body = {"movie": {"title": title, "year": 2010, "ids": {"trakt": movie.ids["trakt"]}}, "progress": 90}
    async with stage.session.post(f"{stage.program.url}/trakt/scrobble/stop", json=body, headers=bearer(HOOK)) as answer:
        assert answer.status == 201


@pytest.mark.slow
async def test_each_trouble_is_told_with_its_mend_and_nothing_while_all_is_well(tmp_path: Path) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        fill_library(stage.trakt, plays=300, shows=100, items=150)
        await stage.log_in()
        await stage.program.start()
        await scrobbled(stage, "First")
        await stage.all_delivered()
        assert (await stage.program.command("sync", "--full"))[0] == 0
        code, found = await examined(stage.program)
        assert (code, worse(found)) == (0, {}), found
        assert "read whole at" in found["ok", "sync"][0]

        now, user = stage.trakt.now(), stage.trakt.user()
        user.ratings.clear()
        for name in ("watchlist.updated_at", "movies.commented_at", "shows.rated_at"):
            user.touch(name, now)
        lie = {"X-Pagination-Page-Count": "1"}
        stage.trakt.faults.add(Fault("lie", path="/users/me/watchlist", headers=lie, rows=100, times=None))
        stage.trakt.faults.add(Fault("status", status=500, path="/users/me/comments*", times=None))
        await stage.program.command("sync", "--full")
        code, found = await examined(stage.program)
        assert code == 0
        told = " | ".join(found["warning", "sync"])
        assert "watchlist was not read (100 of 150 rows came)" in told
        assert "comments was not read" in told
        assert "watchd sync --full" in told
        assert "ratings came with 0 of 75 rows" in found["note", "sync"][0]

        user.locked = True
        await scrobbled(stage, "Second")

        async def held() -> bool:
            return (await stage.program.get(stage.session, "/api/status"))["accounts"][0]["held_reason"] is not None

        await until(held, what="the account is held")
        code, found = await examined(stage.program)
        assert code == 1
        assert "(423)" in found["problem", "trakt"][0]

        assert await stage.program.stop() == 0
        code, found = await examined(stage.program)
        assert code == 1
        assert "it is not running" in found["problem", "daemon"][0]
        assert "(423)" in found["problem", "trakt"][0]
        assert "watchlist was not read" in " | ".join(found["warning", "sync"])
