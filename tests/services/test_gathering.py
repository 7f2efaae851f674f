"""Events that share a transaction: each gets its own answer, whatever becomes of the others."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from tests.services.home import ME, Home, a_home
from watchd.errors import StoreUnavailable
from watchd.model.media import MediaIds, Movie
from watchd.model.playback import Action, Ignored, IgnoreReason, Play, PlaybackEvent
from watchd.model.receipts import Fate, RawEvent, Receipt, Step
from watchd.rules.tracker import Outcome
from watchd.services import sittings
from watchd.services.arrivals import Arrival, Taken
from watchd.services.gathering import Gathering
from watchd.store import plays

BOUND = 20.0
"""An answer that never comes fails a test after so many seconds."""


def start(number: int) -> PlaybackEvent:
    film = Movie(f"Film {number}", 1990, MediaIds(tmdb=number))
    return PlaybackEvent("kodi", Action.START, film, progress=0, duration=6000, player=f"room {number}")


async def record(home: Home, number: int, user: str | None = None, account: int = ME) -> Receipt:
    raw = RawEvent(account, "kodi", home.clock.now(), "{}", "", user)
    with anyio.fail_after(BOUND):
        return await home.daemon.recorder.record(raw, start(number))


async def fates(home: Home) -> list[str]:
    rows = await home.daemon.database.read(lambda store: store.execute("SELECT fate FROM events ORDER BY id").fetchall())
    return [row[0] for row in rows]


async def test_a_poison_event_among_others_is_quarantined_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        real = sittings.keep

        def poisoned(connection: sqlite3.Connection, outcome: Outcome, at: int) -> Outcome:
            done = real(connection, outcome, at)
            if outcome.play.media.ids.tmdb == 3:
                raise ZeroDivisionError
            return done

        monkeypatch.setattr(sittings, "keep", poisoned)
        receipts = await asyncio.gather(*(record(home, number) for number in range(1, 6)))
        assert [receipt.fate for receipt in receipts] == [Fate.ACCEPTED] * 2 + [Fate.INTERNAL] + [Fate.ACCEPTED] * 2
        assert await fates(home) == ["accepted"] * 2 + ["internal"] + ["accepted"] * 2
        titles = await home.daemon.database.read(lambda store: store.execute("SELECT title FROM media ORDER BY id").fetchall())
        assert [title for (title,) in titles] == ["Film 1", "Film 2", "Film 4", "Film 5"]
        assert sum(home.daemon.now.sessions().values()) == 4


async def test_an_event_that_cannot_even_be_kept_fails_alone(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        unstorable = record(home, 2, user="\ud800")
        results = await asyncio.gather(record(home, 1), unstorable, record(home, 3), return_exceptions=True)
        assert isinstance(results[1], UnicodeEncodeError)
        assert [isinstance(result, Receipt) for result in results] == [True, False, True]
        assert await fates(home) == ["accepted", "accepted"]


async def test_memory_follows_before_anybody_gets_an_answer(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:

        async def seen(number: int) -> int:
            await record(home, number)
            return sum(home.daemon.now.sessions().values())

        assert await asyncio.gather(*map(seen, range(1, 5))) == [4] * 4


class Store:
    """Takes events when it is let; what it took, and what was told."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.taken: list[int] = []
        self.told = 0
        self.error: Exception | None = None
        self.too_many = 0
        self.deaf = False
        self.gathering = Gathering(self.take, self.tell)

    async def take(self, arrivals: Sequence[Arrival]) -> Sequence[Taken | Exception]:
        await self.open.wait()
        if self.error is not None:
            raise self.error
        self.taken.append(len(arrivals))
        return [Taken(Receipt(1, Fate.IGNORED))] * (len(arrivals) + self.too_many)

    def tell(self, done: Sequence[tuple[Arrival, Taken]]) -> None:
        if self.deaf:
            raise ZeroDivisionError
        self.told += len(done)

    def join(self) -> "asyncio.Task[Taken]":
        return asyncio.create_task(self._joined())

    async def _joined(self) -> Taken:
        with anyio.fail_after(BOUND):
            return await self.gathering.join(Arrival(RawEvent(ME, "kodi", 0, "{}"), Ignored(IgnoreReason.MUSIC)))


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_while_others_are_taken_shares_the_next_transaction() -> None:
    store = Store()
    first = [store.join(), store.join()]
    await turns()
    later = [store.join() for _ in range(3)]
    await turns()
    store.open.set()
    await asyncio.gather(*first, *later)
    assert (store.taken, store.told) == ([2, 3], 5)


async def test_an_event_is_taken_also_when_the_one_who_waits_goes_away() -> None:
    store = Store()
    gone, stays = store.join(), store.join()
    await turns()
    gone.cancel()
    store.open.set()
    assert (await stays).receipt.fate is Fate.IGNORED
    assert (gone.cancelled(), store.taken, store.told) == (True, [2], 2)


@pytest.mark.parametrize("error", [StoreUnavailable("full"), ZeroDivisionError()])
async def test_when_nothing_was_committed_all_are_refused_and_the_next_is_taken(error: Exception) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # an unforeseen error is the loop's to report
    store = Store()
    store.error = error
    store.open.set()
    refused = await asyncio.gather(store.join(), store.join(), return_exceptions=True)
    assert [type(outcome) for outcome in refused] == [StoreUnavailable] * 2
    store.error = None
    assert (await store.join()).receipt.fate is Fate.IGNORED
    assert store.told == 1


@pytest.mark.parametrize("too_many", [-1, 1])
async def test_outcomes_that_could_be_anybodys_are_nobodys(too_many: int) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    store = Store()
    store.too_many = too_many
    store.open.set()
    refused = await asyncio.gather(store.join(), store.join(), return_exceptions=True)
    assert [type(outcome) for outcome in refused] == [StoreUnavailable] * 2
    assert store.told == 0
    store.too_many = 0
    assert (await store.join()).receipt.fate is Fate.IGNORED


async def test_what_is_committed_is_answered_so_whatever_follows_it() -> None:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    store = Store()
    store.deaf = True
    store.open.set()
    taken = await asyncio.gather(store.join(), store.join())
    assert [one.receipt.fate for one in taken] == [Fate.IGNORED] * 2
    store.deaf = False
    await store.join()
    assert (store.taken, store.told) == ([2, 1], 1)


async def test_an_account_whose_news_cannot_be_told_keeps_no_other_from_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = ({"name": "me"}, {"name": "you"})
    async with a_home(tmp_path, logged_in=False, accounts=people) as home:
        recorder, (mine, yours) = home.daemon.recorder, home.daemon.now.accounts
        woken: list[None] = []
        real = home.daemon.now.show_plays

        def show(account_id: int, opened: tuple[Play, ...]) -> None:
            if account_id == mine:
                raise LookupError
            real(account_id, opened)

        monkeypatch.setattr(home.daemon.now, "show_plays", show)
        monkeypatch.setattr(recorder, "_wake", lambda: woken.append(None))
        receipts = await asyncio.gather(record(home, 1, account=mine), record(home, 2, account=yours))
        assert [receipt.fate for receipt in receipts] == [Fate.ACCEPTED] * 2
        assert await fates(home) == ["accepted"] * 2
        assert (home.daemon.now.local_live(mine), home.daemon.now.local_live(yours)) == (False, True)
        assert len(woken) == 1, "both were in one commit"
        errors = home.daemon.metrics.registry.get_sample_value("watchd_internal_errors_total", {"part": "recorder"})
        assert errors == 1
        home.clock.advance(24 * 3600)
        await home.settle()
        assert home.daemon.now.sessions() == {}


async def test_a_play_that_was_changed_behind_the_writers_back_is_looked_at_anew(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        first = await record(home, 1)
        assert first.play is not None
        await home.daemon.database.write(
            lambda store: store.execute("UPDATE plays SET player_name = 'another', updated_at = updated_at + 1").close()
        )
        home.clock.advance(60)
        paused = replace(start(1), action=Action.PAUSE, progress=1)
        receipt = await home.daemon.recorder.record(RawEvent(ME, "kodi", home.clock.now(), "{}"), paused)
        assert (receipt.fate, receipt.step) == (Fate.ACCEPTED, Step.PAUSED)
        kept = await home.daemon.database.read(lambda store: plays.get(store, first.play.id if first.play else 0))
        assert kept == receipt.play
