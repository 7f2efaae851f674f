"""The benchmark itself: it runs, it says what it does not know, and it does not take a wrong answer for a fast one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from bench import __main__ as program
from bench import goals
from bench.goals import LINES, least
from bench.library import EVENTS_A_SITTING, alternating, catalogue, evening, halves
from bench.load import WrongAnswer, drive, good
from bench.measure import TINY, Measured, in_turn
from bench.process import NotStarted, bare, daemon, running
from bench.reads import exactly
from bench.report import Result
from bench.rig import Ledger, Rig, rigged
from bench.searches import Asking
from watchd.standins.items import Movie

GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@asynccontextmanager
async def answering(body: bytes, status: int = 200) -> AsyncIterator[int]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, status=status)

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@pytest.mark.slow
def test_a_tiny_round_writes_a_row_for_each_line_of_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.measure(TINY, None, tmp_path) == 0
    rows = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))["rows"]
    assert [row["row"] for row in rows] == [line.row for line in LINES]
    for row, line in zip(rows, LINES, strict=True):
        assert row["goal"] == str(line.goal)
        if line.missing is None:
            assert row["ratio"] > 0
            assert row["ours"] > 0
            assert row["bare"] > 0
            assert row["met"] in {True, False}
        else:
            assert (row["ratio"], row["ours"], row["met"]) == (None, None, None)
            assert row["note"].startswith("not built yet")
    assert all(line.row in capsys.readouterr().out for line in LINES[:1])
    assert [path.name for path in tmp_path.iterdir()] == ["latest.json"]


def test_every_line_that_is_built_has_its_measure() -> None:
    assert {line for line in LINES if line.missing is None} == program.MEASURES.keys()


def test_no_query_is_asked_twice_and_most_are_titles_of_what_was_watched() -> None:
    watched = halves(catalogue(60))[0]
    asked = Asking(watched).new(300)
    assert len(set(asked)) == 300
    titles = {(item.title if isinstance(item, Movie) else item.show.title).replace(" ", "+").encode() for item in watched}
    queries = [request.partition(b"?q=")[2].partition(b" ")[0] for request in Asking(watched).new(50)]
    assert sum(any(title.endswith(query) for title in titles) for query in queries) >= 25


async def test_an_answer_with_other_bytes_ends_the_lap() -> None:
    async with answering(b"something else") as port:
        with pytest.raises(WrongAnswer, match="something else"):
            await asyncio.to_thread(drive, port, [[GET]], exactly(b"the card"))


async def test_a_refusal_ends_the_lap() -> None:
    async with answering(b"{}", status=503) as port:
        with pytest.raises(WrongAnswer, match="503"):
            await asyncio.to_thread(drive, port, [[GET, GET]], good)


async def test_every_answer_of_a_lap_is_timed() -> None:
    async with answering(b"card") as port:
        lap = await asyncio.to_thread(drive, port, [[GET] * 5, [GET] * 3], exactly(b"card"))
    assert len(lap.times) == 8
    assert sum(lap.times) > 0
    assert lap.p99 == max(lap.times)


def test_hooks_that_were_not_stored_are_missed(tmp_path: Path) -> None:
    with rigged(tmp_path, TINY) as rig:
        state = rig.state()
        ledger = Ledger(state)
        with daemon(state) as server:
            scripts = evening(rig.items(), 1, multipart=True)
            lap = drive(server.port, scripts, good)
            assert len(lap.times) == len(scripts) * EVENTS_A_SITTING
            ledger.settle(len(lap.times), len(scripts))
            with pytest.raises(WrongAnswer, match="the database holds 0 accepted"):
                ledger.settle(1, 0)


def test_a_measure_that_fails_fails_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(_rig: Rig) -> Measured:
        raise WrongAnswer("not the card")

    monkeypatch.setitem(program.MEASURES, goals.WATCHING, wrong)
    assert program.measure(TINY, "watching", tmp_path) == 1
    assert "not the card" in capsys.readouterr().err
    assert not (tmp_path / "latest.json").exists()


def test_a_program_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="WATCHD_PUBLIC"), daemon(tmp_path, {"WATCHD_PUBLIC": "perhaps"}):
        pass


def test_a_program_tells_its_memory_and_its_work(tmp_path: Path) -> None:
    with bare(tmp_path) as server:
        assert 5 < server.rss() < 500
        assert server.worked() >= 0
    with running(["bench.sixes"], tmp_path / "log") as done:
        assert done.ready_in > 0


def test_pairs_are_taken_in_turn_and_the_first_does_not_count() -> None:
    order: list[str] = []

    def ours(number: int) -> float:
        order.append(f"ours {number}")
        return 0.0 if number == 0 else 8.0

    def floor(number: int) -> float:
        order.append(f"bare {number}")
        return 10.0

    measured = in_turn(2, ours, floor, lambda: "noted")
    assert order == ["ours 0", "bare 0", "ours 1", "bare 1", "bare 2", "ours 2"]
    assert (measured.ratio, measured.ours, measured.bare, measured.note) == (0.8, 8.0, 10.0, "noted")


@pytest.mark.parametrize("ratio, met", [(0.4, True), (0.3996, True), (0.39, False)])
def test_a_goal_is_met_by_what_is_shown(ratio: float, met: bool) -> None:
    line = replace(goals.HOOK_JSON, goal=least(0.4))
    assert Result(line, Measured(1.0, 1.0, (ratio,))).met() is met


def test_no_item_is_played_twice_and_half_of_them_are_known() -> None:
    known, fresh = halves(catalogue(200))
    items = list(alternating(known, fresh))
    assert len(items) == len({item.key for item in items})
    assert items[0] in known
    assert items[1] in fresh
