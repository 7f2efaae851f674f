"""Jobs: what a request may ask for and must not wait for. It gets a number, and asks later how the job stands."""

import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import anyio
import structlog

from watchd.errors import WatchdError
from watchd.services.unforeseen import UNFORESEEN

log = structlog.get_logger()

Work = Callable[[], Awaitable[object]]

_KEPT = 64
_BITS = 48  # far below what JSON takes for a whole number everywhere
_AT_ONCE = 16
_TROUBLE = (*UNFORESEEN, OSError)
"""A job may read and write files besides."""


class TooManyJobs(WatchdError):
    """There is enough to do already; later there will be room."""


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Job:
    """`result` is of plain JSON values once it is done; `reason` says why it failed."""

    id: int
    work: Work
    state: JobState = JobState.WAITING
    result: object = None
    reason: str | None = None

    @property
    def open(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)


class Jobs:
    """The jobs of one daemon; the results of the latest are kept, in memory alone.

    Their numbers begin anywhere, so that one who asks for a job of the daemon before this one is not told of another.
    """

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}
        self._waiting: deque[Job] = deque()
        self._news = anyio.Event()
        self._last = secrets.randbits(_BITS)

    def start(self, work: Work) -> int:
        """Have it done in the background; the number to ask by. TooManyJobs when there is enough to do."""
        if sum(job.open for job in self._jobs.values()) >= _AT_ONCE:
            raise TooManyJobs("too many jobs at once: wait until some are done")
        self._last += 1
        job = self._jobs[self._last] = Job(self._last, work)
        settled = [other.id for other in self._jobs.values() if not other.open]
        for number in settled[: max(0, len(self._jobs) - _KEPT)]:
            del self._jobs[number]
        self._waiting.append(job)
        self._news.set()
        return job.id

    def status(self, number: int) -> dict[str, object] | None:
        """How a job stands; None for one that is not known, or no longer."""
        job = self._jobs.get(number)
        if job is None:
            return None
        return {"job": job.id, "state": str(job.state), "result": job.result, "reason": job.reason}

    async def run(self) -> None:
        """Do jobs for ever; never returns."""
        async with anyio.create_task_group() as tasks:
            while True:
                self._news = anyio.Event()
                while self._waiting:
                    tasks.start_soon(self._do, self._waiting.popleft())
                await self._news.wait()

    async def _do(self, job: Job) -> None:
        job.state = JobState.RUNNING
        try:
            job.result = await job.work()
            job.state = JobState.DONE
        except WatchdError as error:
            job.reason = str(error)
            job.state = JobState.FAILED
        except _TROUBLE as error:
            log.exception("jobs.failed", job=job.id, error=type(error).__name__)
            job.reason = f"internal: {type(error).__name__}"
            job.state = JobState.FAILED
