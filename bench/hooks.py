"""How fast hooks are taken, durably, and how slow the slowest are while Trakt and TMDB hang."""

import json
import time
from contextlib import ExitStack

from bench.library import EVENTS_A_SITTING, evening
from bench.load import Lap, WrongAnswer, drive, good
from bench.measure import Measured, in_turn
from bench.process import Running, bare, daemon, running
from bench.rig import Ledger, Rig
from bench.seed import log_in
from bench.worked import Share

_NO_REQUESTS = "an upstream was asked for nothing, so that its hanging means nothing"


def accepted(head: bytes, body: bytes) -> bool:
    """Kept, and not as a repeat of something else."""
    return head.startswith(b"HTTP/1.1 200 ") and body.startswith(b'{"status":"accepted"')


class _Evenings:
    """The requests of each lap, made once and sent to both sides."""

    def __init__(self, rig: Rig, *, multipart: bool) -> None:
        self._items = rig.items()
        self._sittings = rig.effort.sittings
        self._multipart = multipart
        self._made: tuple[int, list[list[bytes]]] = (-1, [])

    def of(self, number: int) -> list[list[bytes]]:
        if self._made[0] != number:
            self._made = (number, evening(self._items, self._sittings, multipart=self._multipart))
        return self._made[1]


def json_hooks(rig: Rig) -> Measured:
    """Bare JSON bodies."""
    return _durable(rig, multipart=False)


def multipart_hooks(rig: Rig) -> Measured:
    """Multipart bodies, a picture with each play event."""
    return _durable(rig, multipart=True)


def _durable(rig: Rig, *, multipart: bool) -> Measured:
    state = rig.state()
    evenings = _Evenings(rig, multipart=multipart)
    with daemon(state) as ours, bare(rig.folder) as floor:
        ledger, share = Ledger(state), Share(ours, floor)

        def mine(number: int) -> float:
            return share.note(ours, _kept(ours, evenings.of(number), ledger)).rate

        def theirs(number: int) -> float:
            return share.note(floor, drive(floor.port, evenings.of(number), good)).rate

        return in_turn(rig.effort.pairs, mine, theirs, share.told)


def _kept(server: Running, scripts: list[list[bytes]], ledger: Ledger) -> Lap:
    lap = drive(server.port, scripts, accepted)
    ledger.settle(len(lap.times), len(lap.times) // EVENTS_A_SITTING)
    return lap


def hanging(rig: Rig) -> Measured:
    """The slowest of a hundred hooks, in ms, with both upstreams hanging and with both fast; 16 players at once."""
    with ExitStack() as stack:
        hung, fast = _Linked(rig, stack, hanging=True), _Linked(rig, stack, hanging=False)
        multi = _Evenings(rig, multipart=True)
        measured = in_turn(
            rig.effort.pairs,
            lambda number: hung.lap(multi.of(number)).p99 * 1000,
            lambda number: fast.lap(multi.of(number)).p99 * 1000,
            lambda: f"linked to Trakt: {hung.rate:.0f} hooks/s hanging, {fast.rate:.0f} fast",
        )
    for side in (hung, fast):
        side.check()
    return measured


class _Linked:
    """A daemon that is logged in at stand-ins of its own."""

    def __init__(self, rig: Rig, stack: ExitStack, *, hanging: bool) -> None:
        state = rig.state()
        self._seen = rig.folder / f"seen-{'hanging' if hanging else 'fast'}"
        words = ["bench.upstreams", "--size", str(rig.effort.library), "--seen", str(self._seen)]
        upstreams = stack.enter_context(running([*words, *(["--hanging"] if hanging else [])], state / "upstreams-log"))
        told = json.loads(upstreams.told["STATUS"])
        log_in(state, told["tokens"], time.time_ns() // 1_000_000)
        self._server = stack.enter_context(daemon(state, _linked(told)))
        self._ledger = Ledger(state)
        self._laps: list[Lap] = []

    def lap(self, scripts: list[list[bytes]]) -> Lap:
        self._laps.append(_kept(self._server, scripts, self._ledger))
        return self._laps[-1]

    @property
    def rate(self) -> float:
        return sorted(lap.rate for lap in self._laps)[len(self._laps) // 2]

    def check(self) -> None:
        seen = json.loads(self._seen.read_text(encoding="utf-8"))
        if not all(seen.values()):
            raise WrongAnswer(f"{_NO_REQUESTS}: {seen}")


def _linked(told: dict[str, str]) -> dict[str, str]:
    return {
        "WATCHD_TRAKT__API_URL": told["trakt"],
        "WATCHD_TRAKT__AUTH_URL": told["trakt"],
        "WATCHD_TRAKT__CLIENT_ID": told["client_id"],
        "WATCHD_TRAKT__CLIENT_SECRET": told["client_secret"],
        "WATCHD_TMDB__API_URL": told["tmdb"] + "/3",
        "WATCHD_TMDB__API_KEY": told["tmdb_key"],
    }
