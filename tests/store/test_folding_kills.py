"""kill -9 while the log is folded into the database, under load: all that was answered is there, whole and once."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.folding_load import LANES, PIECES
from watchd.store.database import Database

ROOT = Path(__file__).resolve().parents[2]
KILLS = 12


def lived(path: Path, last: int, delay: float) -> list[list[str]]:
    """What the program said until it was killed, line by line."""
    words = [sys.executable, "-m", "tests.store.folding_load", str(path), str(last), str(delay)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -9, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def whole(connection: sqlite3.Connection) -> dict[int, int]:
    """How many writes of each lane are there; none is lacking, and none is there in part."""
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = connection.execute("SELECT lane, n, count(*) FROM kept GROUP BY lane, n ORDER BY lane, n").fetchall()
    counts = {lane: sum(other == lane for other, _, _ in found) for lane in range(LANES)}
    assert found == [(lane, number, PIECES) for lane in range(LANES) for number in range(counts[lane])]
    return counts


@pytest.mark.slow
async def test_a_kill_while_the_log_is_folded_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILL_SEED", time.time_ns() % 1_000_000))
    sys.stdout.write(f"seed {seed}\n")
    dice, path = random.Random(seed), tmp_path / "watchd.db"
    answered, amid, logs = dict.fromkeys(range(LANES), 0), 0, 0
    for _ in range(KILLS):
        said = lived(path, dice.randint(1, 12), dice.uniform(0.0, 0.006))
        amid += [words[0] for words in said if words[0].startswith("fold")][-1] == "fold"
        logs += path.with_name("watchd.db-wal").stat().st_size > 0
        for lane, number in (map(int, words) for words in said if len(words) == 2):
            answered[lane] = number + 1
        async with Database.opened(path) as database:
            kept = await database.read(whole)
        for lane in range(LANES):
            assert answered[lane] <= kept[lane] <= answered[lane] + 1, "none is lost, and only the one under way may be more"
            answered[lane] = kept[lane]
    sys.stdout.write(f"{KILLS} kills, {amid} amid folding, writes {sum(answered.values())}\n")
    assert logs == KILLS
    assert amid >= KILLS // 4, "too few kills were amid folding for this to say much"
