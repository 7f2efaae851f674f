"""One way out for all log lines, ours and those of libraries: to the journal, to a terminal, or as JSON."""

import json
import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal, TextIO

import structlog

from watchd.telemetry.redact import redact_event

LogFormat = Literal["auto", "console", "journal", "json"]
Event = MutableMapping[str, Any]

PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 3}


class _Handler(logging.StreamHandler[TextIO]):
    """Ours among the root logger's handlers, so that a second `configure` replaces it and no one else's."""


def configure(format: LogFormat = "auto", stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send the lines of structlog and of the standard library to `stream` (standard output), all in one format."""
    stream = sys.stdout if stream is None else stream
    chosen = chosen_format(format, stream, os.environ)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=_last_steps(chosen, stream),
        )
    )
    root = logging.getLogger()
    for old in [held for held in root.handlers if isinstance(held, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)


def chosen_format(format: LogFormat, stream: TextIO, env: Mapping[str, str]) -> LogFormat:
    """What `auto` means here: the journal when it reads our stream, a terminal's form on one, else JSON."""
    if format != "auto":
        return format
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # a stream without a descriptor says so with a child of OSError
        return "json"
    if env.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}":
        return "journal"
    return "console" if stream.isatty() else "json"


def _last_steps(format: LogFormat, stream: TextIO) -> list[structlog.typing.Processor]:
    """From event to line. Tracebacks become plain text, without the locals of their frames, before secrets are sought."""
    steps: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact_event,
    ]
    if format == "journal":
        return [*steps, journal_line]
    if format == "json":
        return [*steps, structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"), structlog.processors.JSONRenderer()]
    return [
        *steps,
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(),
            exception_formatter=structlog.dev.plain_traceback,
            repr_native_str=True,
            sort_keys=False,
        ),
    ]


def journal_line(_logger: object, _method: str, event: Event) -> str:
    """One entry of the journal: its priority, then logfmt in one line. The journal keeps the time itself."""
    level = str(event.pop("level", "info"))
    fields = {"event": event.pop("event", ""), **event}
    text = " ".join(f"{_key(name)}={_value(value)}" for name, value in fields.items() if value is not None)
    return f"<{PRIORITIES.get(level, 6)}>{text}"


def _key(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        value = str(value) if isinstance(value, int | float) else json.dumps(value, default=str)
    if re.fullmatch(r"[^\s\"=\\]+", value) and value.isprintable():
        return value
    return json.dumps(value, ensure_ascii=not value.replace("\n", "").isprintable())
