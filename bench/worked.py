"""Who worked how much during the laps: processor time per request, and the load's share."""

from statistics import median

from bench.load import Lap
from bench.process import Running


class Share:
    """Processor time of two servers, and of the load beside them."""

    def __init__(self, ours: Running, bare: Running) -> None:
        self._servers = {ours.pid: ours, bare.pid: bare}
        self._ours, self._bare = ours.pid, bare.pid
        self._before = {pid: server.worked() for pid, server in self._servers.items()}
        self._requests = dict.fromkeys(self._servers, 0)
        self._loads: dict[int, list[float]] = {pid: [] for pid in self._servers}

    def note(self, server: Running, lap: Lap) -> Lap:
        self._requests[server.pid] += len(lap.times)
        self._loads[server.pid].append(lap.load)
        return lap

    def told(self) -> str:
        """In a line, for the report."""
        return (
            f"processor per request {self._each(self._ours):.0f} µs, bare {self._each(self._bare):.0f} µs; "
            f"the load took {self._load(self._ours):.0%} and {self._load(self._bare):.0%} of a processor"
        )

    def _each(self, pid: int) -> float:
        return (self._servers[pid].worked() - self._before[pid]) / max(1, self._requests[pid]) * 1e6

    def _load(self, pid: int) -> float:
        return median(self._loads[pid])
