"""Questions asked at the same moment are answered together, and none of them is at another's mercy."""

import asyncio
from collections.abc import Sequence

import anyio
import pytest

from watchd.errors import StoreUnavailable
from watchd.services.together import Outcome, Together

BOUND = 20.0
POISON = -1


class Oracle:
    """Doubles numbers once it is let; chokes on one of them alone, or has no time at all."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.began, self.open = asyncio.Event(), asyncio.Event()
        self.trouble: Exception | None = None

    async def ask(self, numbers: Sequence[int]) -> list[Outcome[int]]:
        self.asked.append(list(numbers))
        self.began.set()
        await self.open.wait()
        if self.trouble is not None:
            raise self.trouble
        return [(None, ValueError("poison")) if number == POISON else (2 * number, None) for number in numbers]


async def answers(together: Together[int, int], *numbers: int) -> list[int | BaseException]:
    with anyio.fail_after(BOUND):
        return await asyncio.gather(*(together.answer(number) for number in numbers), return_exceptions=True)


async def test_each_gets_its_own_answer_and_all_went_in_few_goes() -> None:
    oracle = Oracle()
    oracle.open.set()
    assert await answers(Together(oracle.ask, 4), *range(9)) == [2 * number for number in range(9)]
    assert oracle.asked == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]


async def test_an_error_of_one_question_is_its_own() -> None:
    oracle = Oracle()
    oracle.open.set()
    first, second, third = await answers(Together(oracle.ask, 4), 1, POISON, 3)
    assert (first, type(second), third) == (2, ValueError, 6)


@pytest.mark.parametrize("trouble", [StoreUnavailable("the disk is gone"), RuntimeError("unforeseen")])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_nobody_waits_for_ever_when_nothing_is_answered(trouble: Exception) -> None:
    oracle = Oracle()
    oracle.open.set()
    oracle.trouble = trouble
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)  # the unforeseen one is told to the loop
    together = Together(oracle.ask, 2)
    assert [type(outcome) for outcome in await answers(together, 1, 2, 3)] == [StoreUnavailable] * 3
    oracle.trouble = None
    assert await answers(together, 4) == [8]


async def test_one_who_goes_away_takes_no_answer_from_the_others() -> None:
    oracle = Oracle()
    together = Together(oracle.ask, 4)
    with anyio.fail_after(BOUND):
        leaver, stayer = (asyncio.create_task(together.answer(number)) for number in (1, 2))
        await oracle.began.wait()
        leaver.cancel()
        oracle.open.set()
        assert await stayer == 4
        with pytest.raises(asyncio.CancelledError):
            await leaver
