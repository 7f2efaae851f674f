"""A program that writes in both lanes without end, says what it was answered, and kills itself while the log is folded."""

import asyncio
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from watchd.store.database import Database, Work

LANES, PIECES = 4, 20
"""The even lanes are patient. A write has so many rows, of some three kilobytes each."""


def keep(lane: int, number: int) -> Work[None]:
    def work(connection: sqlite3.Connection) -> None:
        rows = [(lane, number, piece, "x" * 3000) for piece in range(PIECES)]
        connection.executemany("INSERT INTO kept VALUES (?, ?, ?, ?)", rows)

    return work


def say(*words: object) -> None:
    """One line, at once and whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def die_amid(database: Database, last: int, delay: float) -> None:
    """Tell of each checkpoint; `kill -9` so many seconds after the one of that number has begun."""
    folding, begun = database._folding, 0
    checkpoint = folding._checkpoint

    async def told() -> tuple[int, int]:
        nonlocal begun
        begun += 1
        say("fold")
        if begun == last:
            threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        result = await checkpoint()
        say("folded")
        return result

    setattr(folding, "_checkpoint", told)  # noqa: B010 - a method


async def fill(database: Database, lane: int) -> None:
    number = await database.read(
        lambda connection: connection.execute("SELECT coalesce(max(n), -1) FROM kept WHERE lane = ?", (lane,)).fetchone()[0]
    )
    while True:
        number += 1
        await database.write(keep(lane, number), patient=lane % 2 == 0)
        say(lane, number)


async def main(path: Path, last: int, delay: float) -> None:
    async with Database.opened(path) as database:
        await database.write(
            lambda connection: connection.execute(
                "CREATE TABLE IF NOT EXISTS kept (lane INTEGER, n INTEGER, piece INTEGER, body TEXT, "
                "PRIMARY KEY (lane, n, piece)) STRICT"
            ).close()
        )
        die_amid(database, last, delay)
        await asyncio.gather(*(fill(database, lane) for lane in range(LANES)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
