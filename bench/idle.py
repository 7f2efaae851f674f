"""What the daemon costs while nothing happens: memory, and the time until it is ready."""

import time
from contextlib import ExitStack
from statistics import median

from bench.library import payload, request
from bench.load import drive, good
from bench.measure import Measured, in_turn
from bench.process import Running, bare, daemon, running
from bench.rig import Rig

_GET = b"GET /api/watching HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_SAMPLES = 3


def memory(rig: Rig) -> Measured:
    """Resident memory in MB after one hook, some reads and a rest, in which the daemon has looked at itself at least once."""
    with ExitStack() as stack:
        ours = [stack.enter_context(daemon(rig.state())) for _ in range(_SAMPLES)]
        floors = [stack.enter_context(bare(rig.folder)) for _ in range(_SAMPLES)]
        hook = request(payload("media.play", next(rig.items()), 1.0, 0), "media.play", multipart=True)
        for server in (*ours, *floors):
            drive(server.port, [[hook, *[_GET] * 50]], good)
        time.sleep(rig.effort.rest)
        pairs = [(one.rss(), other.rss()) for one, other in zip(ours, floors, strict=True)]
    return Measured(
        ours=median(mine for mine, _ in pairs),
        bare=median(theirs for _, theirs in pairs),
        ratios=tuple(mine / theirs for mine, theirs in pairs),
    )


def start(rig: Rig) -> Measured:
    """From the start of the process to READY=1 in ms, against the same word after importing the six packages."""
    state = rig.state()

    def ready(server: Running) -> float:
        return server.ready_in * 1000

    def mine(_number: int) -> float:
        with daemon(state) as server:
            return ready(server)

    def theirs(_number: int) -> float:
        with running(["bench.sixes"], rig.folder / "sixes-log") as server:
            return ready(server)

    return in_turn(rig.effort.starts, mine, theirs, lambda: "")
