"""Log lines: one format for all of them, one line each, and no secrets."""

import io
import json
import logging
import os
import pty
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from watchd.telemetry.logs import LogFormat, chosen_format, configure

PLANTED = "hunter2-planted-secret"
FORMATS: tuple[LogFormat, ...] = ("console", "journal", "json")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def written(format: LogFormat, level: int = logging.INFO) -> io.StringIO:
    stream = io.StringIO()
    configure(format, stream, level)
    return stream


def fail_with_a_secret_in_reach() -> None:
    hidden = {"access_token": PLANTED}
    raise ValueError(f"refused: token={PLANTED} ({len(hidden)})")


def test_a_journal_line_is_priority_and_logfmt_without_a_time() -> None:
    stream = written("journal")
    structlog.get_logger().info("relay.delivered", play=12, title='Heat "95"', late=True, kind="movie", ids=[1, 2], none=None)
    assert stream.getvalue() == '<6>event=relay.delivered play=12 title="Heat \\"95\\"" late=true kind=movie ids="[1, 2]"\n'


@pytest.mark.parametrize("level, priority", [("debug", 7), ("info", 6), ("warning", 4), ("error", 3), ("critical", 3)])
def test_the_level_becomes_the_priority(level: str, priority: int) -> None:
    stream = written("journal", logging.DEBUG)
    structlog.get_logger().log(getattr(logging, level.upper()), "something.happened")
    assert stream.getvalue() == f"<{priority}>event=something.happened\n"


def test_no_value_can_break_a_journal_line_or_forge_another() -> None:
    stream = written("journal")
    structlog.get_logger().info("x.y", title="a\n<0>event=forged\x1b[2J\u2028\x85", **{"odd key=": 1}, empty="")
    line = stream.getvalue()
    assert len(line.splitlines()) == 1
    assert line.startswith('<6>event=x.y title="a\\n<0>event=forged\\u001b')
    assert line.endswith('odd_key_=1 empty=""\n')


@pytest.mark.parametrize("format_", ["journal", "json"])
def test_a_traceback_is_one_field_of_one_line(format_: LogFormat) -> None:
    stream = written(format_)
    try:
        fail_with_a_secret_in_reach()
    except ValueError:
        structlog.get_logger().exception("event.quarantined")
        logging.getLogger("asyncio").exception("callback failed")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert all("exception" in line and "fail_with_a_secret_in_reach" in line for line in lines)


@pytest.mark.parametrize("format_", FORMATS)
def test_no_secret_leaves_in_any_format(format_: LogFormat) -> None:
    stream = written(format_)
    log = structlog.get_logger()
    log.info("a.b", hook_token=PLANTED, headers={"Authorization": f"Bearer {PLANTED}"}, url=f"/hooks/plex?token={PLANTED}&x=1")
    logging.getLogger("aiohttp").warning("GET /x?api_key=%s failed", PLANTED)
    try:
        fail_with_a_secret_in_reach()
    except ValueError as error:
        log.exception("c.d", error=str(error))
        logging.getLogger("asyncio").exception("callback failed")
        logging.getLogger("asyncio").critical("again", exc_info=error)
    text = stream.getvalue()
    assert PLANTED not in text
    assert text.count("[redacted]") >= 7
    assert "x=1" in text
    assert "locals" not in text


def test_a_json_line_has_event_level_and_time() -> None:
    stream = written("json")
    structlog.get_logger().warning("poll.failed", after=1.5, title="ü")
    line = json.loads(stream.getvalue())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("time"))
    assert line == {"event": "poll.failed", "level": "warning", "after": 1.5, "title": "ü"}


def test_lines_of_libraries_come_the_same_way_with_their_name() -> None:
    stream = written("journal")
    logging.getLogger("aiohttp.server").error("bad %s", "thing")
    logging.getLogger("aiohttp.server").debug("not shown")
    assert stream.getvalue() == '<3>event="bad thing" logger=aiohttp.server\n'


def test_what_is_below_the_level_is_not_written() -> None:
    stream = written("json", logging.WARNING)
    structlog.get_logger().info("a.b")
    assert stream.getvalue() == ""


def test_a_terminal_sees_no_control_characters_of_others() -> None:
    stream = written("console")
    structlog.get_logger().info("a.b", title="\x1b]0;owned\x07")
    assert "\x1b" not in stream.getvalue()


def test_configuring_again_replaces_our_way_out_and_nobody_elses() -> None:
    root = logging.getLogger()
    other = logging.NullHandler()
    root.addHandler(other)
    first, second = written("json"), written("json")
    structlog.get_logger().info("a.b")
    assert first.getvalue() == ""
    assert second.getvalue().count("\n") == 1
    assert other in root.handlers


def test_auto_is_the_journal_only_when_it_reads_this_very_stream(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        status = os.fstat(stream.fileno())
        assert chosen_format("auto", stream, {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}) == "journal"
        assert chosen_format("auto", stream, {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino + 1}"}) == "json"
        assert chosen_format("auto", stream, {}) == "json"
        assert chosen_format("console", stream, {}) == "console"


def test_auto_on_a_terminal_is_its_form_and_without_a_descriptor_json() -> None:
    leader, follower = pty.openpty()
    with os.fdopen(leader, "rb"), os.fdopen(follower, "w", encoding="utf-8") as terminal:
        assert chosen_format("auto", terminal, {}) == "console"
    assert chosen_format("auto", io.StringIO(), {"JOURNAL_STREAM": "1:2"}) == "json"
