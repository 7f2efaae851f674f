"""Several documents at once: each is read once, small ones do not wait for large ones, and memory stays bounded."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.services.shelf import HEAT, ME, a_shelf
from watchd.model.personal import Ask, Flowing, Headers, Ready
from watchd.services import building
from watchd.services.building import Building

T = 1_780_000_000_000
PIECE = b"x" * 100


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "SMALL", 250)
    monkeypatch.setattr(building, "LARGEST", 1_000)


class Source:
    """A document of so many pieces of 100 bytes; before the piece numbered `held` it waits until it is let go."""

    def __init__(self, pieces: int, held: int | None = None) -> None:
        self.pieces = pieces
        self.held = held
        self.waiting = anyio.Event()
        self.let_go = anyio.Event()
        self.opened = 0
        self.read = 0

    async def open(self) -> tuple[AsyncIterator[bytes], Headers]:
        self.opened += 1
        return self._flow(), ()

    async def _flow(self) -> AsyncIterator[bytes]:
        for number in range(self.pieces):
            if number == self.held:
                self.waiting.set()
                await self.let_go.wait()
            self.read += 1
            yield PIECE


async def test_a_small_document_does_not_wait_for_large_ones() -> None:
    shop, large = Building(), [Source(8, held=5) for _ in range(4)]
    async with anyio.create_task_group() as tasks:
        for source in large:
            tasks.start_soon(shop.build, source.open)
        await large[0].waiting.wait()
        await large[1].waiting.wait()
        with anyio.fail_after(5):
            made = await shop.build(Source(2).open)
        assert isinstance(made, Ready)
        assert made.body == PIECE * 2
        for source in large:
            source.let_go.set()


async def test_of_the_large_ones_two_are_read_at_a_time_and_the_others_keep_nothing_meanwhile() -> None:
    shop, large = Building(), [Source(8, held=5) for _ in range(4)]
    made: list[Ready | Flowing] = []

    async def build(source: Source) -> None:
        made.append(await shop.build(source.open))

    async with anyio.create_task_group() as tasks:
        for source in large:
            tasks.start_soon(build, source)
        await anyio.wait_all_tasks_blocked()
        assert [source.read for source in large] == [5, 5, 3, 3]
        assert [source.waiting.is_set() for source in large] == [True, True, False, False]
        large[0].let_go.set()
        await large[2].waiting.wait()
        assert not large[3].waiting.is_set()
        for source in large:
            source.let_go.set()
    assert [source.opened for source in large] == [1, 1, 2, 2]
    assert {one.body for one in made if isinstance(one, Ready)} == {PIECE * 8}
    assert len(made) == 4


async def test_a_place_is_given_back_when_a_document_cannot_be_read() -> None:
    shop = Building()

    async def broken() -> tuple[AsyncIterator[bytes], Headers]:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(4):
                yield PIECE
            raise ValueError("torn")

        return pieces(), ()

    for _ in range(12):
        with pytest.raises(ValueError, match="torn"):
            await shop.build(broken)
    with anyio.fail_after(5):
        assert isinstance(await shop.build(Source(8).open), Ready)


async def test_what_is_larger_than_is_kept_flows_from_its_first_piece_on() -> None:
    source = Source(30)
    made = await Building().build(source.open)
    assert isinstance(made, Flowing)
    assert source.read == 11
    assert b"".join([piece async for piece in made.pieces]) == PIECE * 30


async def test_all_who_ask_for_the_same_document_get_the_one_that_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[object] = []
    before = Building.build

    async def counting(self: Building, opened: Any) -> Ready | Flowing:
        built.append(opened)
        return await before(self, opened)

    monkeypatch.setattr(Building, "build", counting)
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T)
        found: list[object] = []

        async def ask(**how: Any) -> None:
            found.append(await shelf.ready("history", **how))

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(ask)
        assert len(built) == 1
        assert all(one is found[0] for one in found)


async def test_one_who_goes_away_leaves_the_document_to_those_who_wait(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T)
        read, entered, go = shelf.database.read, anyio.Event(), anyio.Event()
        held = False

        async def holding(work: Any) -> Any:
            nonlocal held
            if not held:
                held = True
                entered.set()
                await go.wait()
            return await read(work)

        found: list[object] = []

        async def ask() -> None:
            found.append(await shelf.ready("history"))

        shelf.database.read = holding  # type: ignore[method-assign]
        scope = anyio.CancelScope()

        async def impatient() -> None:
            with scope:
                await ask()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(impatient)
            await entered.wait()
            tasks.start_soon(ask)
            await anyio.wait_all_tasks_blocked()
            scope.cancel()
        assert len(found) == 1


async def test_what_is_being_built_while_all_is_cleared_is_not_kept(tmp_path: Path) -> None:
    async with a_shelf(tmp_path) as shelf:
        await shelf.watched(HEAT, T)
        read, times = shelf.database.read, 0

        async def clearing(work: Any) -> Any:
            nonlocal times
            times += 1
            if times == 2:
                shelf.library.clear()
            return await read(work)

        shelf.database.read = clearing  # type: ignore[method-assign]
        first = await shelf.ready("history")
        assert times > 5  # it was read again
        assert shelf.library.kept(ME, Ask("history")) is first
