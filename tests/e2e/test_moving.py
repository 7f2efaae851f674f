"""kill -9 in the middle of an import and of a removal: run again, all is there once, and gone is gone."""

import asyncio
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.program import ADMIN, Program, bearer, until
from tests.e2e.stage import a_stage
from tests.sources.imports.zips import a_zip, movie_play
from watchd.clock import DAY, iso
from watchd.standins.faults import Fault

RATE = 150.0
PLAYS = 3_000
PAGE = 250


def a_history(path: Path) -> Path:
    """Plays of many movies, and a watchlist of them."""
    movies = [{"title": f"Movie {number}", "year": 1990, "ids": {"trakt": number, "tmdb": number}} for number in range(1, 300)]
    rows = [movie_play(9_000_000 + number, iso(number * DAY), movies[number % len(movies)]) for number in range(1, PLAYS + 1)]
    pages: dict[str, Any] = {
        f"watched-history-{first // PAGE + 1}": rows[first : first + PAGE] for first in range(0, PLAYS, PAGE)
    }
    listed = [{"type": "movie", "movie": movie, "listed_at": iso(DAY)} for movie in movies]
    return a_zip(path, {"lists-watchlist": listed, **pages})


def counted(program: Program, sql: str) -> int:
    with sqlite3.connect(f"file:{program.state / 'watchd.db'}?mode=ro", uri=True) as connection:
        return int(connection.execute(sql).fetchone()[0])


async def listed(program: Program) -> list[str]:
    code, said = await program.command("plays", "list")
    assert code == 0, said
    return said.splitlines()


async def test_an_import_that_is_killed_is_whole_and_without_doubles_when_it_is_run_again(tmp_path: Path) -> None:
    dice = random.Random(6)
    file = a_history(tmp_path / "x.zip")
    async with a_stage(tmp_path, RATE) as stage:
        program = stage.program
        for _ in range(2):
            await program.start()
            async with stage.session.post(
                f"{program.url}/api/import?name=x.zip", data=file.read_bytes(), headers=bearer(ADMIN)
            ) as answer:
                assert answer.status == 202, await answer.text()
            reached = counted(program, "SELECT count(*) FROM plays") + dice.randrange(100, 800)

            async def far(reached: int = reached) -> bool:
                await asyncio.sleep(0)
                return counted(program, "SELECT count(*) FROM plays") >= reached

            await until(far, what="some of it is there", look=0.005)
            await program.kill()
        assert list(program.state.glob("upload-*"))
        assert counted(program, "SELECT count(*) FROM sections WHERE rows > 0") == 0, "half an import shows no section"
        assert counted(program, "SELECT count(*) FROM plays") < PLAYS
        await program.start()
        assert not list(program.state.glob("upload-*"))
        code, said = await program.command("import", str(file))
        assert code == 0, said
        assert counted(program, "SELECT count(*) FROM plays") == PLAYS
        assert counted(program, "SELECT count(DISTINCT trakt_history_id) FROM plays") == PLAYS
        assert counted(program, "SELECT count(*) FROM library WHERE section = 'watchlist'") == 299
        assert counted(program, "SELECT rows FROM sections WHERE name = 'watchlist'") == 299
        assert counted(program, "SELECT count(*) FROM deliveries") == 0
        code, said = await program.command("import", str(file))
        assert (code, said.splitlines()[-1].split()[-3]) == (0, "0")


@pytest.mark.parametrize(
    "happened",
    [pytest.param(False, id="before Trakt did it", marks=pytest.mark.slow), pytest.param(True, id="after Trakt did it")],
)
async def test_a_removal_that_is_killed_on_its_way_is_made_once_and_stays(tmp_path: Path, happened: bool) -> None:
    async with a_stage(tmp_path, RATE) as stage:
        movie = stage.trakt.catalogue.movie("tt0113277")
        rows = [stage.trakt.add_play("watcher", movie, stage.clock.now() - day * DAY) for day in (3, 2)]
        await stage.log_in()
        await stage.program.start()
        code, said = await stage.program.command("sync")
        assert code == 0, said
        (play,) = [line.split()[0] for line in await listed(stage.program) if str(rows[0].id) in line]
        stage.trakt.faults.add(Fault("hang", path="/sync/history/remove", times=None, work=happened))
        code, said = await stage.program.command("plays", "delete", play)
        assert (code, "is deleted" in said) == (0, True), said
        await stage.trakt.until(lambda: bool(stage.trakt.calls("POST", "/sync/history/remove")))
        assert len(stage.trakt.user().history) == (1 if happened else 2)
        await stage.program.kill()
        stage.trakt.faults.clear()
        await stage.program.start()

        async def removed() -> bool:
            await asyncio.sleep(0)
            return counted(stage.program, "SELECT count(*) FROM removals WHERE settled_at IS NOT NULL") == 1

        await until(removed, what="the removal is settled")
        assert [row.id for row in stage.trakt.user().history] == [rows[1].id]
        code, said = await stage.program.command("sync", "--full")
        assert code == 0, said
        assert [str(row.id) in " ".join(await listed(stage.program)) for row in rows] == [False, True]
