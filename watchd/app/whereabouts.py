"""Where the running daemon can be reached: a small file in its state directory, for the other commands."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FILE = "daemon.json"


@contextmanager
def published(directory: Path, url: str) -> Iterator[None]:
    """Write the file for the time of the block; a directory that takes no file is not worth failing for."""
    path = directory / _FILE
    with suppress(OSError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"url": url, "pid": os.getpid()}, file)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def url_of(directory: Path) -> str | None:
    """The running daemon's URL, None when none has written it down."""
    try:
        told = json.loads((directory / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    url = told.get("url") if isinstance(told, dict) else None
    return url if isinstance(url, str) else None
