"""How fast readers are sent on to the pictures of the library."""

import random
import socket
import time
from collections.abc import Sequence

from bench.library import PLAYERS
from bench.load import WrongAnswer, drive
from bench.measure import Measured, in_turn
from bench.process import Running, bare, daemon
from bench.rig import Rig
from bench.seed import picture
from bench.worked import Share

_LOCATION = b"https://image.tmdb.org/t/p/w780/movie08012345aBcDeFgHiJkLmNoPq.jpg"
_MOVIES = ("posters", "backdrops")
_SHOWS = (*_MOVIES, "posters&season=1", "posters&season=2")
_PATIENCE = 30.0
_PAUSE = 0.05


def images(rig: Rig) -> Measured:
    """Posters, backdrops and season posters of the whole library in any order, against the same redirect given blindly."""
    state = rig.state()
    asking = _Asking(picture(state, time.time_ns() // 1_000_000))
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        daemon(state, _tmdb(silent)) as ours,
        bare(rig.folder, _LOCATION) as floor,
    ):
        _wait_for_album(ours, asking.some(1))
        share = Share(ours, floor)
        laps = rig.effort.reads

        def lap(server: Running) -> float:
            scripts = [asking.some(laps) for _ in range(PLAYERS)]
            return share.note(server, drive(server.port, scripts, _sent_on)).rate

        return in_turn(rig.effort.pairs, lambda _: lap(ours), lambda _: lap(floor), share.told)


def _tmdb(silent: socket.socket) -> dict[str, str]:
    """A TMDB that answers nothing: all pictures are here already."""
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/3"
    return {"WATCHD_TMDB__API_URL": url, "WATCHD_TMDB__API_KEY": "bench-key-of-nobody"}


class _Asking:
    """Requests for pictures that are there."""

    def __init__(self, subjects: Sequence[tuple[str, int]]) -> None:
        self._subjects = subjects
        self._chance = random.Random(11)

    def some(self, count: int) -> list[bytes]:
        return [self._one() for _ in range(count)]

    def _one(self) -> bytes:
        kind, tmdb_id = self._chance.choice(self._subjects)
        what = self._chance.choice(_MOVIES if kind == "movie" else _SHOWS)
        category, _, season = what.partition("&")
        path = f"/api/images?type={kind}s&category={category}&tmdb_id={tmdb_id}" + (f"&{season}" if season else "")
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".encode()


def _sent_on(head: bytes, body: bytes) -> bool:
    return head.startswith(b"HTTP/1.1 302 ") and b"\r\nLocation: https://image.tmdb.org/t/p/w" in head and not body


def _wait_for_album(server: Running, asking: list[bytes]) -> None:
    """Until the daemon has read which pictures there are."""
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            drive(server.port, [asking], _sent_on)
        except WrongAnswer:
            if time.monotonic() > ends:
                raise
            time.sleep(_PAUSE)
        else:
            return
