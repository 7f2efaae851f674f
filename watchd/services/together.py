"""Together: questions that are asked at the same moment go to another thread in one go, for the way there is not cheap."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from watchd.errors import StoreUnavailable

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Outcome = tuple[Answer | None, Exception | None]


class Together(Generic[Question, Answer]):
    """`ask` answers some questions, at the most so many, with an outcome each: the answer, or the error of this one alone."""

    def __init__(self, ask: Callable[[Sequence[Question]], Awaitable[Sequence[Outcome[Answer]]]], most: int) -> None:
        self._ask = ask
        self._most = most
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._asker: asyncio.Task[None] | None = None

    async def answer(self, question: Question) -> Answer:
        """The answer; an error of `ask` itself comes to all who are asked for at once."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        self._start()
        return await answer

    def _start(self) -> None:
        if self._asker is None and self._waiting:
            # A task that belongs to none of those who wait: whoever of them is cancelled, the others get their answer.
            self._asker = asyncio.get_running_loop().create_task(self._ask_waiting())

    async def _ask_waiting(self) -> None:
        try:
            while self._waiting:
                await self._ask_some([self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))])
        finally:
            self._asker = None
            self._start()

    async def _ask_some(self, some: Sequence[tuple[Question, "asyncio.Future[Answer]"]]) -> None:
        outcomes: Sequence[Outcome[Answer]] = [(None, StoreUnavailable("nobody answered"))] * len(some)
        try:
            outcomes = await self._ask([question for question, _ in some])
        except StoreUnavailable as error:
            outcomes = [(None, error)] * len(some)
        finally:
            for (_, answer), outcome in zip(some, outcomes, strict=True):
                _tell(answer, outcome)


def _tell(answer: "asyncio.Future[Answer]", outcome: Outcome[Answer]) -> None:
    found, error = outcome
    if answer.done():  # cancelled
        return
    if error is not None:
        answer.set_exception(error)
    elif found is not None:
        answer.set_result(found)
