"""How fast the card is served."""

from bench.library import PLAYERS, payload, request
from bench.load import Check, Lap, WrongAnswer, drive, good
from bench.measure import Measured, in_turn
from bench.process import Running, bare, daemon
from bench.rig import Rig
from bench.worked import Share
from watchd.standins.items import Movie

_GET = b"GET /api/watching HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"
_LONG = 40 * 60  # minutes: the percentage rests for the time of the row


def exactly(expected: bytes) -> Check:
    """A 200 with these bytes."""
    return lambda head, body: head.startswith(b"HTTP/1.1 200 ") and body == expected


def watching(rig: Rig) -> Measured:
    """`GET /api/watching` while a movie plays, against the same bytes."""
    with daemon(rig.state()) as ours:
        card = _start_something(rig, ours)
        with bare(rig.folder, card) as floor:
            share = Share(ours, floor)
            scripts = [[_GET] * rig.effort.reads] * PLAYERS

            def lap(server: Running) -> float:
                return share.note(server, drive(server.port, scripts, exactly(card))).rate

            return in_turn(rig.effort.pairs, lambda _: lap(ours), lambda _: lap(floor), share.told)


def _start_something(rig: Rig, ours: Running) -> bytes:
    item = next(rig.items())
    long = Movie(item.title, 1999, item.ids, _LONG, item.released) if isinstance(item, Movie) else item
    body = payload("media.play", long, 1.0, 0)
    body["Metadata"]["duration"] = _LONG * 60_000
    drive(ours.port, [[request(body, "media.play", multipart=False)]], good)
    got: list[bytes] = []

    def keep(head: bytes, body: bytes) -> bool:
        got.append(body)
        return good(head, body)

    _lap: Lap = drive(ours.port, [[_GET]], keep)
    if b'"isWatching":true' not in got[0]:
        raise WrongAnswer(f"the card shows nothing: {got[0]!r}")
    return got[0]
