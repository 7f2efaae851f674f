"""Tokens under kill -9 and under many 401s at once: no refresh token is used twice but for the one retry after silence."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.program import until
from tests.e2e.senders import Books, plex_play, script_play, send
from tests.e2e.stage import Stage, a_stage
from watchd.standins.faults import Fault, FaultKind
from watchd.standins.switches import Switches

RATE = 150.0
REFRESH = "/oauth/token"


def journal(stage: Stage) -> tuple[int | None, int, str]:
    """What is written of the refresh: when it began, how often it was tried, which token it is about."""
    path = (stage.program.state / "watchd.db").as_uri()
    connection = sqlite3.connect(f"{path}?mode=ro", uri=True)
    try:
        row = connection.execute("SELECT refreshing_at, refresh_tries, refresh_token FROM trakt_tokens").fetchone()
    finally:
        connection.close()
    return row[0], row[1], row[2]


async def the_journal_is_written(stage: Stage) -> None:
    async def written() -> bool:
        return journal(stage)[0] is not None

    await until(written, what="the journal of the refresh is written", look=0.002)


async def it_was_asked(stage: Stage) -> None:
    async def asked() -> bool:
        return bool(stage.trakt.calls("POST", REFRESH))

    await until(asked, what="the refresh was asked for", look=0.002)


async def it_was_answered(stage: Stage) -> None:
    async def answered() -> bool:
        return any(seen.status == 200 for seen in stage.trakt.calls("POST", REFRESH))

    await until(answered, what="the refresh was answered", look=0.0)


async def the_pair_is_saved(stage: Stage) -> None:
    before = str(stage.trakt.user().tokens[0]["refresh_token"])

    async def saved() -> bool:
        return journal(stage)[2] != before

    await until(saved, what="the new pair is saved", look=0.0)


async def login_state(stage: Stage) -> dict[str, Any]:
    told = await stage.program.get(stage.session, "/api/status")
    trakt = told["accounts"][0]["trakt"]
    assert isinstance(trakt, dict)
    return trakt


async def play_something(stage: Stage, books: Books, number: int) -> None:
    """A whole sitting, reported within a moment."""
    item = stage.trakt.catalogue.episode("breaking-bad", 1, number)
    for hook in script_play(item, finished=True):
        books.sent.append(await send(stage.session, stage.program.url, hook))


async def all_is_told_in_the_end(stage: Stage, books: Books) -> str:
    """Either it mends itself, or it says that one must log in again, keeps what is owed, and delivers it after that."""
    states = {"ok", "login_required"}

    async def decided() -> bool:
        state = (await login_state(stage))["login"]
        return state == "login_required" or (state in states and not await stage.program.owed(stage.session))

    await until(decided, what="the login is well, or asks for a new one", patience=60)
    ended = str((await login_state(stage))["login"])
    if ended == "login_required":
        assert await stage.program.owed(stage.session)
        _, said = await stage.program.command("status")
        assert "log in again" in said
        await stage.log_in()
    await stage.all_delivered()
    stage.judge(books)
    return ended


STEPS: dict[str, tuple[Fault | None, Callable[[Stage], Awaitable[None]], set[str]]] = {
    "the-journal-is-written": (Fault("hang", path=REFRESH), the_journal_is_written, {"ok"}),
    "asked-and-not-worked-on": (Fault("hang", path=REFRESH), it_was_asked, {"ok"}),
    "worked-on-and-not-answered": (Fault("hang", path=REFRESH, work=True), it_was_asked, {"login_required"}),
    "the-connection-broke-after-the-work": (Fault("drop_after", path=REFRESH), it_was_asked, {"ok", "login_required"}),
    "half-an-answer": (Fault("truncate", path=REFRESH), it_was_asked, {"ok", "login_required"}),
    "answered": (None, it_was_answered, {"ok", "login_required"}),
    "the-pair-is-saved": (None, the_pair_is_saved, {"ok"}),
}


QUICK = ("worked-on-and-not-answered",)


@pytest.mark.parametrize("step", [step if step in QUICK else pytest.param(step, marks=pytest.mark.slow) for step in STEPS])
async def test_killed_at_a_step_of_a_refresh_it_mends_itself_or_asks_for_a_login(tmp_path: Path, step: str) -> None:
    fault, reached, endings = STEPS[step]
    books = Books()
    async with a_stage(tmp_path, RATE) as stage:
        await stage.log_in()
        await stage.program.start()
        if fault is not None:
            stage.trakt.faults.add(fault)
        stage.trakt.expire_tokens()
        await play_something(stage, books, 1)
        await reached(stage)
        await stage.program.kill()
        await stage.program.start()
        await play_something(stage, books, 2)
        assert await all_is_told_in_the_end(stage, books) in endings
        used_twice = [count for count in stage.trakt.refresh_tokens_seen.values() if count > 1]
        assert used_twice in ([], [2])
        assert fault is not None or step == "answered" or not used_twice


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", [0, 1, 2, 4, 8, 16, 32])
async def test_killed_any_moment_after_the_refresh_was_asked_for_it_recovers(tmp_path: Path, milliseconds: int) -> None:
    books = Books()
    async with a_stage(tmp_path, RATE) as stage:
        await stage.log_in()
        await stage.program.start()
        stage.trakt.expire_tokens()
        await play_something(stage, books, 1)
        await it_was_asked(stage)
        await asyncio.sleep(milliseconds / 1000)
        await stage.program.kill()
        await stage.program.start()
        await play_something(stage, books, 2)
        await all_is_told_in_the_end(stage, books)
        assert all(count <= 2 for count in stage.trakt.refresh_tokens_seen.values())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hang", "drop_after", "drop_before", "garbage"])
async def test_a_refresh_that_is_never_answered_is_tried_twice_and_then_a_login_is_asked_for(
    tmp_path: Path, kind: FaultKind
) -> None:
    books = Books()
    async with a_stage(tmp_path, RATE) as stage:
        await stage.log_in()
        await stage.program.start()
        stage.trakt.faults.add(Fault(kind, path=REFRESH, times=2))
        stage.trakt.expire_tokens()
        await play_something(stage, books, 1)
        assert await all_is_told_in_the_end(stage, books) == "login_required"
        assert sorted(stage.trakt.refresh_tokens_seen.values()) == [2]


async def test_tokens_that_live_for_a_moment_are_each_refreshed_once(tmp_path: Path) -> None:
    """Under load, with a poll, lookups and deliveries that all meet the same 401s."""
    books = Books()
    async with a_stage(tmp_path, RATE, switches=Switches(token_lifetime=80)) as stage:
        await stage.log_in()
        await stage.program.start()
        for number in range(1, 6):
            await play_something(stage, books, number)
            await stage.clock.sleep(50)
        movie = stage.trakt.catalogue.movie("guardians-of-the-galaxy-2014")
        for hook in plex_play(movie, "den", finished=True):
            books.sent.append(await send(stage.session, stage.program.url, hook))
        await stage.all_delivered()
        stage.judge(books)
        assert len(stage.trakt.refresh_tokens_seen) > 1
        assert set(stage.trakt.refresh_tokens_seen.values()) == {1}


@pytest.mark.slow
async def test_a_disconnected_app_asks_for_a_login_and_keeps_what_is_owed(tmp_path: Path) -> None:
    books = Books()
    async with a_stage(tmp_path, RATE) as stage:
        await stage.log_in()
        await stage.program.start()
        stage.trakt.revoke_tokens()
        await play_something(stage, books, 1)
        assert await all_is_told_in_the_end(stage, books) == "login_required"
        assert all(count <= 1 for count in stage.trakt.refresh_tokens_seen.values())
