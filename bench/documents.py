"""How fast personal documents are served: whole ones of several sizes, and the word that the reader has it."""

from bench.library import PLAYERS
from bench.load import Check, drive, good
from bench.measure import Measured, in_turn
from bench.process import Running, bare, daemon
from bench.reads import exactly
from bench.rig import Rig
from bench.worked import Share

_CARD = "/api/watching"  # where the floor answers whatever bytes it was given
_ROWS = (80, 400, 1000)
_UNCHANGED = b"HTTP/1.1 304 "


def documents(rig: Rig) -> Measured:
    """Pages of the history of 30, 150 and 390 KB against the same bytes; the size that does worst counts."""
    with daemon(rig.state()) as ours:
        found = {rows: _of(rig, ours, rows) for rows in _ROWS}
    worst = min(found, key=lambda rows: found[rows].ratio)
    told = ", ".join(f"{rows} rows {measured.ratio:.2f}" for rows, measured in found.items())
    return Measured(found[worst].ours, found[worst].bare, found[worst].ratios, f"{told}; {found[worst].note}")


def unchanged(rig: Rig) -> Measured:
    """Readers who have the middle one of these documents, against a floor that sends it whole."""
    with daemon(rig.state()) as ours:
        path = _path(_ROWS[1])
        head, body = _get(ours, path)
        etag = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"etag: "))[6:]
        asking = _request(path).replace(b"\r\n\r\n", b"\r\nIf-None-Match: " + etag + b"\r\n\r\n")
        return _against(rig, ours, asking, body, lambda head, body: head.startswith(_UNCHANGED) and not body)


def _of(rig: Rig, ours: Running, rows: int) -> Measured:
    _, body = _get(ours, _path(rows))
    return _against(rig, ours, _request(_path(rows)), body, exactly(body))


def _against(rig: Rig, ours: Running, asking: bytes, body: bytes, right: Check) -> Measured:
    count = max(3, rig.effort.reads // 4)
    with bare(rig.folder, body) as floor:
        share = Share(ours, floor)

        def lap(server: Running, request: bytes, check: Check) -> float:
            return share.note(server, drive(server.port, [[request] * count] * PLAYERS, check)).rate

        return in_turn(
            rig.effort.pairs,
            lambda _: lap(ours, asking, right),
            lambda _: lap(floor, _request(_CARD), exactly(body)),
            share.told,
        )


def _path(rows: int) -> str:
    return f"/api/trakt/user/history?type=shows&limit={rows}"


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".encode()


def _get(server: Running, path: str) -> tuple[bytes, bytes]:
    got: list[tuple[bytes, bytes]] = []

    def keep(head: bytes, body: bytes) -> bool:
        got.append((head, body))
        return good(head, body)

    drive(server.port, [[_request(path)]], keep)
    return got[0]
