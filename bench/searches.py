"""How fast the search answers: no query is asked twice."""

import random
from collections.abc import Iterable, Sequence
from statistics import mean
from urllib.parse import quote_plus

from bench.library import PLAYERS
from bench.load import drive, good
from bench.measure import Measured, in_turn
from bench.process import Running, bare, daemon
from bench.reads import exactly
from bench.rig import Rig
from bench.worked import Share
from watchd.standins.items import Movie, Watchable

_FLOOR = b"GET /api/watching HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"
_WORDS = ("movie number", "number", "movie", "ovie numb", "show number", "how", "episode", "show epi", "m n", "")
_HIGHEST = 7000  # the library's movies are numbered up to about there
_COMMON = 0.2
_SHORTEST = 3
_FEWER = 10  # so many times fewer plays, to see what a search costs then


def searches(rig: Rig) -> Measured:
    """Titles and pieces of them, common words among them, against the bytes of an answer of the usual size."""
    asking = Asking(rig.watched())
    with daemon(rig.state()) as ours:
        bodies = [_body(ours, request) for request in asking.new(25)]
        usual = mean(map(len, bodies))
        body = min(bodies, key=lambda body: abs(len(body) - usual))
        laps = max(3, rig.effort.reads // 8)
        with bare(rig.folder, body) as floor:
            share = Share(ours, floor)

            def ask(_: int) -> float:
                script = [asking.new(laps) for _ in range(PLAYERS)]
                return share.note(ours, drive(ours.port, script, good)).rate

            def answer(_: int) -> float:
                return share.note(floor, drive(floor.port, [[_FLOOR] * laps] * PLAYERS, exactly(body))).rate

            return in_turn(rig.effort.pairs, ask, answer, share.told)


def growth(rig: Rig) -> Measured:
    """The same queries, one after another, to a daemon with all the plays and to one with a tenth of them: ms each."""
    asking = Asking(rig.watched())
    laps = max(3, rig.effort.reads)
    with daemon(rig.state()) as many, daemon(rig.state(rig.effort.plays // _FEWER)) as few:
        share = Share(many, few)
        scripts: dict[int, Sequence[bytes]] = {}

        def ask(server: Running, number: int) -> float:
            script = scripts.setdefault(number, asking.new(laps))
            lap = share.note(server, drive(server.port, [script], good))
            return lap.seconds / len(lap.times) * 1000

        return in_turn(rig.effort.pairs, lambda number: ask(many, number), lambda number: ask(few, number), share.told)


class Asking:
    """Requests with queries of their own.

    Four in five are titles of what was watched, most without their beginning, which find these and whatever else ends so.
    The fifth is made of words and a number, a small one as often as not: it is in hundreds of titles, or in none.
    """

    def __init__(self, watched: Iterable[Watchable]) -> None:
        self._titles = sorted({item.title if isinstance(item, Movie) else item.show.title for item in watched})
        self._chance = random.Random(5)
        self._asked: set[str] = set()

    def new(self, count: int) -> list[bytes]:
        return [_request(self._query()) for _ in range(count)]

    def _query(self) -> str:
        while True:
            query = self._words() if self._chance.random() < _COMMON else self._title()
            if query not in self._asked:
                self._asked.add(query)
                return query

    def _words(self) -> str:
        return f"{self._chance.choice(_WORDS)} {int(_HIGHEST ** self._chance.random())}".strip()

    def _title(self) -> str:
        title = self._chance.choice(self._titles)
        return title[self._chance.randrange(max(1, len(title) - _SHORTEST + 1)) :].strip()


def _request(query: str) -> bytes:
    path = f"/api/trakt/search?q={quote_plus(query)}"
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".encode()


def _body(server: Running, asking: bytes) -> bytes:
    got: list[bytes] = []

    def keep(head: bytes, body: bytes) -> bool:
        got.append(body)
        return good(head, body)

    drive(server.port, [[asking]], keep)
    return got[0]
