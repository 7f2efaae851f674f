"""`watchd sync`: started, followed to its end, and summed up."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from watchd.cli import sync
from watchd.cli.api import DaemonApi

DONE: dict[str, Any] = {
    "running": False, "section": None, "done": 0, "of": None, "requests": 4, "read": ["history", "stats"], "reason": None,
    "plays": 1200, "rows": 300, "nameless": 0, "failed": {}, "in_doubt": {}, "mismatch": {},
}  # fmt: skip
READING = {**DONE, "running": True, "section": "history", "done": 500, "of": 1000}


class FakeDaemon:
    """Answers with one state after the other."""

    def __init__(self, *states: Mapping[str, Any]) -> None:
        self._states: Iterator[Mapping[str, Any]] = iter(states)
        self.calls: list[tuple[str, str, object]] = []

    def call(self, method: str, path: str, body: object = None) -> Mapping[str, Any]:
        self.calls.append((method, path, body))
        return next(self._states)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def follow(daemon: FakeDaemon, out: io.StringIO, account: str | None = None, *, full: bool = False) -> int:
    return sync.watched(cast("DaemonApi", daemon), account, full=full, out=out, rest=lambda _: None)


def test_it_is_followed_line_by_line_where_there_is_no_terminal() -> None:
    daemon, out = FakeDaemon(READING, READING, {**READING, "section": "stats"}, DONE), io.StringIO()
    assert follow(daemon, out, "a b", full=True) == 0
    assert daemon.calls[0] == ("POST", "/api/sync?user=a%20b", {"full": True})
    assert [method for method, _, _ in daemon.calls] == ["POST", "GET", "GET", "GET"]
    assert out.getvalue().splitlines() == [
        "reading history",
        "reading stats",
        "4 requests: history, stats",
        "1,200 plays and 300 rows of Trakt's are here",
    ]


def test_a_terminal_gets_a_bar() -> None:
    out = Terminal()
    assert follow(FakeDaemon(READING, DONE), out) == 0
    assert "history              [###############...............] 500 of 1,000" in out.getvalue()
    assert "reading" not in out.getvalue()


@pytest.mark.parametrize(
    "more, code, told",
    [
        ({"failed": {"watchlist": "100 of 3846 rows came"}}, 1, "NOT read: watchlist: 100 of 3846 rows came"),
        ({"reason": "HTTP 403"}, 1, "stopped: HTTP 403"),
        ({"in_doubt": {"ratings": {"read": 0, "shown": 90}}}, 0, "in doubt: ratings came with 0 of 90 rows"),
        ({"mismatch": {"movie": 2}}, 0, "Trakt has +2 movie plays"),
        ({"read": []}, 0, "nothing had changed"),
    ],
)
def test_the_end_says_what_is_amiss(more: dict[str, Any], code: int, told: str) -> None:
    out = io.StringIO()
    assert follow(FakeDaemon({**DONE, **more}), out) == code
    assert told in out.getvalue()


def test_a_section_of_unknown_length_is_counted() -> None:
    assert sync.line({**READING, "of": None}) == "history: 500"
    assert sync.line({**READING, "section": None}) == "asking what has changed"


def test_who_stops_following_is_told_that_it_goes_on() -> None:
    def rest(_: float) -> None:
        raise KeyboardInterrupt

    out = Terminal()
    with pytest.raises(KeyboardInterrupt):
        sync.watched(cast("DaemonApi", FakeDaemon(READING)), None, full=False, out=out, rest=rest)
    assert out.getvalue().endswith("\nthe daemon goes on with it\n")


def test_one_request_is_one() -> None:
    assert sync.summary({**DONE, "requests": 1, "read": []})[0] == "1 request: nothing had changed"
