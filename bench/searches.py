"""How fast the search answers: no query is asked twice."""

import random
from itertools import count

from bench.library import PLAYERS
from bench.load import drive, good
from bench.measure import Measured, in_turn
from bench.process import Running, bare, daemon
from bench.reads import exactly
from bench.rig import Rig
from bench.worked import Share

_FLOOR = b"GET /api/watching HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"
_WORDS = ("number", "movie", "show", "episode", "movie number", "show number")


def searches(rig: Rig) -> Measured:
    """Titles and pieces of them, common words among them, against the bytes of an answer of middling size."""
    numbers = count(1)
    chance = random.Random(5)
    with daemon(rig.state()) as ours:
        bodies = sorted((_body(ours, _asking(chance, next(numbers))) for _ in range(25)), key=len)
        body = bodies[len(bodies) // 2]
        laps = max(3, rig.effort.reads // 40)
        with bare(rig.folder, body) as floor:
            share = Share(ours, floor)

            def ask(_: int) -> float:
                script = [[_asking(chance, next(numbers)) for _ in range(laps)] for _ in range(PLAYERS)]
                return share.note(ours, drive(ours.port, script, good)).rate

            def answer(_: int) -> float:
                return share.note(floor, drive(floor.port, [[_FLOOR] * laps] * PLAYERS, exactly(body))).rate

            return in_turn(rig.effort.pairs, ask, answer, share.told)


def _asking(chance: random.Random, number: int) -> bytes:
    """A query of its own: its number is at its end."""
    query = f"{chance.choice(_WORDS)} {number}".replace(" ", "+")
    return f"GET /api/trakt/search?q={query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".encode()


def _body(server: Running, asking: bytes) -> bytes:
    got: list[bytes] = []

    def keep(head: bytes, body: bytes) -> bool:
        got.append(body)
        return good(head, body)

    drive(server.port, [[asking]], keep)
    return got[0]
