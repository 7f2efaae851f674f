"""What the rows share: a folder on the disk, and state directories of long use, made once and copied for each daemon."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

from bench.library import alternating, catalogue, halves
from bench.load import WrongAnswer
from bench.measure import Effort
from bench.seed import fill
from watchd.standins.items import Watchable
from watchd.store.state_dir import DATABASE


class Rig:
    """One run of the benchmark. The folder must lie on a real disk: in memory an fsync would cost nothing."""

    def __init__(self, folder: Path, effort: Effort) -> None:
        self.folder = folder
        self.effort = effort
        self._numbers = count(1)

    @cached_property
    def _halves(self) -> tuple[list[Watchable], list[Watchable]]:
        return halves(catalogue(self.effort.library))

    def _seeded(self, plays: int) -> Path:
        made = self.folder / f"seeded-{plays}"
        if not made.exists():
            fill(made, self._halves[0], plays, time.time_ns() // 1_000_000)
        return made

    def state(self, plays: int | None = None) -> Path:
        """A state directory with so many plays, without more said with all of them, for one daemon.

        It is on the disk when the daemon starts: else the first fsyncs of the daemon would have to write the copy too.
        """
        seeded = self._seeded(self.effort.plays if plays is None else plays)
        made = Path(shutil.copytree(seeded, self.folder / f"state-{next(self._numbers)}"))
        with (made / DATABASE).open("rb") as file:
            os.fsync(file.fileno())
        return made

    def watched(self) -> Sequence[Watchable]:
        """What was watched before."""
        return self._halves[0]

    def items(self) -> Iterator[Watchable]:
        """What will be watched now: watched before and new in turn, nothing twice."""
        return alternating(*self._halves)


@contextmanager
def rigged(out: Path, effort: Effort) -> Iterator[Rig]:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="work-", dir=out) as folder:
        yield Rig(Path(folder), effort)


class Ledger:
    """Counts what a daemon has stored, behind its back, to compare with what was sent."""

    def __init__(self, state: Path) -> None:
        self._path = state / DATABASE
        self._last = self._ask("SELECT coalesce(max(id), 0) FROM events", 0)
        self._plays = self._ask("SELECT count(*) FROM plays WHERE watched_at IS NOT NULL", 0)

    def settle(self, events: int, plays: int) -> None:
        """WrongAnswer unless so many events were accepted since the last time, and so many plays became history."""
        accepted = self._ask("SELECT count(*) FROM events WHERE id > ? AND fate = 'accepted'", self._last)
        newest = self._ask("SELECT coalesce(max(id), 0) FROM events", 0)
        watched = self._ask("SELECT count(*) FROM plays WHERE watched_at IS NOT NULL", 0)
        if accepted != events or newest - self._last != events or watched - self._plays != plays:
            raise WrongAnswer(
                f"{events} events of {plays} sittings were answered with 2xx; the database holds {accepted} accepted "
                f"({newest - self._last} in all) and {watched - self._plays} plays"
            )
        self._last, self._plays = newest, watched

    def _ask(self, sql: str, since: int) -> int:
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return int(connection.execute(sql, (since,) if "?" in sql else ()).fetchone()[0])
        finally:
            connection.close()
