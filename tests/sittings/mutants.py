"""Payloads gone wrong: what a player sends, with something dropped, swapped, bent, blown up, cut or mislabelled."""

import copy
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from tests.sittings.players import BOUNDARY, Payload, Player, Request, bare, form, multipart

_RAW = {
    "@deep@": b"[" * 3000 + b"]" * 3000,
    "@deeper@": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "@infinite@": b"1e999",
    "@huge@": b"9" * 5000,
    "@wide@": b"-9223372036854775809",
    "@surrogate@": b'"\\ud83d and \\udc00"',
    "@twice@": b'{"event":"media.play","event":null,"Item":[],"Item":{}}',
}
_WRITTEN = [(f'"{name}"'.encode(), written) for name, written in _RAW.items()]
_WRITTEN += [(quote_plus(name).encode(), quote_plus(written).encode()) for name, written in _WRITTEN]
_JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, -0.0, 10**18, -(10**18), 2**63, 1e308, 5e-324, math.nan, math.inf, -math.inf, "", " ",
    "0", "NaN", "Infinity", "-1", "1e400", "null", "True", "false", "٣", "½", "\x00", "\ud800", "\u202e\u200b", "a\nb\tc",
    "{{{Name}}}", "tt", "tt0", "tt99999999999999", "imdb://", "tmdb://-4", "com.plexapp.agents.thetvdb://1/2/3", "🎬" * 80, [],
    {}, [[]], [None], [{}], {"": {}}, {"id": {"id": []}}, "1-2-3", "6-7", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.9999999Z", "x" * 40_000, ["y"] * 500, *_RAW,
)  # fmt: skip
_TYPES = (
    "", "text/plain", "text/plain; charset=utf-16", "application/json; charset=klingon", "application/x-www-form-urlencoded",
    "multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary="',
    "multipart/form-data; boundary=x", "multipart/mixed; boundary=" + BOUNDARY, "image/jpeg", "application/octet-stream",
    "///", "text/html;;;=;",
)  # fmt: skip
_ROOTS: tuple[Any, ...] = (None, True, 0, math.nan, "", "payload", [], [[]], {}, {"payload": {}}, {"data": "{}"}, *_RAW)

Place = tuple[Any, Any]


def _places(payload: Payload) -> list[Place]:
    """Every container within with each of its keys."""
    found: list[Place] = []
    todo: list[Any] = [payload]
    while todo:
        container = todo.pop()
        items = container.items() if isinstance(container, dict) else enumerate(container)
        for key, inner in items:
            found.append((container, key))
            if isinstance(inner, (dict, list)):
                todo.append(inner)
    return found


class Mutator:
    """Makes mutants; the same ones for the same dice."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def request(self, player: Player, payload: Payload, token: str) -> Request:
        """What the player sends, gone wrong in one way or in several; now and then in none."""
        dice = self._dice
        bent = copy.deepcopy(payload)
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3, 8))):
            self._bend(bent)
        sent = player.send(bent, token)
        if dice.random() < 0.08:
            sent = self._framed(sent, dice.choice(_ROOTS) if dice.random() < 0.5 else bent)
        sent = replace(sent, body=_raw(sent.body))
        if dice.random() < 0.25:
            sent = replace(sent, body=self._torn(sent.body))
        if dice.random() < 0.15:
            sent = replace(sent, headers=self._mislabelled(sent.headers))
        return sent

    def _bend(self, payload: Payload) -> None:
        places = _places(payload)
        if not places:
            return
        dice = self._dice
        container, key = dice.choice(places)
        value = container[key]
        other, name = dice.choice(places)
        ways: Sequence[Callable[[], object]] = (
            lambda: container.pop(key),
            lambda: container.__setitem__(key, None),
            lambda: container.__setitem__(key, copy.deepcopy(dice.choice(_JUNK))),
            lambda: container.__setitem__(key, copy.deepcopy(dice.choice(_JUNK))),
            lambda: container.__setitem__(key, copy.deepcopy(other[name])),
            lambda: container.__setitem__(key, [value]),
            lambda: container.__setitem__(key, {"id": value}),
            lambda: container.__setitem__(key, str(value)),
            lambda: container.__setitem__(key, self._text(value)),
            lambda: container.__setitem__(key, self._number(value)),
            lambda: container.__setitem__(str(key).swapcase(), container.pop(key)) if isinstance(container, dict) else None,
        )
        dice.choice(ways)()

    def _text(self, value: object) -> str:
        dice, text = self._dice, str(value)
        at = dice.randrange(len(text) + 1)
        return (
            text[:at]
            + dice.choice(("\x00", "\ud800", "\\", '\\"', "é", " ", "-", "9" * 30, "\u2028"))
            + text[at + dice.randrange(3) :]
        )

    def _number(self, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return self._dice.choice((0, -1, 99, 101.5, 10**9, 10**13, 1e20))
        return self._dice.choice((-value, value * 1000, value * 10**12, value + 1, value * value, value // 7))

    def _framed(self, sent: Request, payload: object) -> Request:
        """In another framing, under any of the names a field may have."""
        headers = {name: value for name, value in sent.headers.items() if name != "Content-Type"}
        name = self._dice.choice(("payload", "data", "thumb", ""))
        picture = self._dice.random() < 0.5
        ways: Sequence[Callable[[], Request]] = (
            lambda: bare(sent.path, payload, headers),
            lambda: bare(sent.path, payload, headers, kind="text/plain"),
            lambda: form(sent.path, name, payload, headers),
            lambda: multipart(sent.path, name, payload, headers, picture=picture),
        )
        made = self._dice.choice(ways)()
        return replace(made, method=sent.method)

    def _torn(self, body: bytes) -> bytes:
        dice = self._dice
        at, to = sorted(dice.randrange(len(body) + 1) for _ in range(2))
        ways: Sequence[Callable[[], bytes]] = (
            lambda: b"",
            lambda: body[:at],
            lambda: body[at:],
            lambda: body[:at] + body[to:],
            lambda: body[:to] + body[at:],
            lambda: body + body,
            lambda: b"\xef\xbb\xbf" + body,
            lambda: b" \r\n" * 20 + body,
            lambda: body.decode("utf-8", "replace").encode("utf-16"),
            lambda: self._flipped(body),
            lambda: self._flipped(body),
            lambda: body[:at] + dice.randbytes(30) + body[at:],
            lambda: body.replace(b"--\r\n", b"\r\n"),
            lambda: body.replace(b"\r\n", b"\n"),
            lambda: body.replace(b'name="', b"name="),
        )
        return dice.choice(ways)()

    def _flipped(self, body: bytes) -> bytes:
        flipped = bytearray(body)
        for _ in range(self._dice.choice((1, 2, 20)) if flipped else 0):
            flipped[self._dice.randrange(len(flipped))] ^= 1 << self._dice.randrange(8)
        return bytes(flipped)

    def _mislabelled(self, headers: dict[str, str]) -> dict[str, str]:
        if self._dice.random() < 0.1:
            return {**headers, "Content-Encoding": self._dice.choice(("gzip", "deflate", "br", "identity", "x"))}
        return {**headers, "Content-Type": self._dice.choice(_TYPES)}


def _raw(body: bytes) -> bytes:
    """The body with what no encoder writes put in its place."""
    for name, written in _WRITTEN:
        if name in body:
            body = body.replace(name, written)
    return body
