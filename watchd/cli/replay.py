"""`watchd replay`: what payloads become, compared with what an index says they must; needs no settings, writes nothing."""

import argparse
import csv
from collections.abc import Iterable
from pathlib import Path

from watchd.cli.replayed import Difference, Outcome, Row, Trouble, differences, facts, shown
from watchd.cli.sniffed import source_of, verb_of
from watchd.cli.understood import SOURCES, VERBS, Call, of_request, understood
from watchd.errors import MalformedPayload, WatchdError
from watchd.sources import trakt

INDEX = "INDEX.csv"
_RAW = ".http"
_NEEDED = {"file", "source", "action"}


class ReplayError(WatchdError):
    """There is nothing to read at the path that was given."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help=f"a payload, or a folder of payloads with an {INDEX}")
    parser.add_argument("--source", choices=SOURCES, help="who sends the payload, where neither index nor folder tells")
    parser.add_argument("--verb", choices=VERBS, help="for payloads in Trakt's format: which call they are the body of")


def run(arguments: argparse.Namespace) -> int:
    path: Path = arguments.path
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise ReplayError(f"{path} is neither a file nor a folder")
    return _file(path, arguments.source, arguments.verb)


def _folder(folder: Path) -> int:
    rows = read_index(folder)
    found = [unequal for row in rows if (unequal := differences(row, became(folder, row)))]
    for line in table(difference for unequal in found for difference in unequal):
        print(line)
    print(f"{len(rows)} payloads, {len(found)} differ")
    return 0 if rows and not found else 1


def _file(path: Path, source: str | None, verb: str | None) -> int:
    row = _row_beside(path)
    known = dict(row or {"file": path.name})
    known["source"] = source or known.get("source")
    known["event"] = verb or known.get("event")
    found = became(path.parent, known | {"file": path.name})
    unequal = {} if row is None else {difference.field: difference for difference in differences(row, found)}
    for name, value in facts(found).items():
        print(f"{name:<13} {shown(value)}" + (f"   expected: {unequal[name].expected}" if name in unequal else ""))
    if isinstance(found, MalformedPayload):
        print(f"{'reason':<13} {found.reason}: {found}")
    refused = isinstance(found, Trouble) or (row is None and isinstance(found, MalformedPayload))
    return 1 if unequal or refused else 0


def read_index(folder: Path) -> list[Row]:
    """The rows of a folder's index; ReplayError when there is none, or it is no such table."""
    try:
        with (folder / INDEX).open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows: list[Row] = list(reader)
    except OSError as error:
        raise ReplayError(f"{folder} has no {INDEX} that can be read") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise ReplayError(f"{folder / INDEX} is no table") from error
    if missing := _NEEDED - set(reader.fieldnames or ()):
        raise ReplayError(f"{folder / INDEX} has no column {', '.join(sorted(missing))}")
    return rows


def became(folder: Path, row: Row) -> Outcome:
    """What comes of the file that a row names; what the row does not tell of its sender is guessed."""
    path = folder / (row.get("file") or "")
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return Trouble("the file is missing")
    except OSError as error:
        return Trouble(f"the file cannot be read: {error.strerror}")
    except ValueError:
        return Trouble("no file can be called that")
    if path.suffix == _RAW:
        return of_request(body)
    folders = (part.name for part in (path.parent, path.parent.parent))
    source = row.get("source") or next((name for name in folders if name in SOURCES), None) or source_of(body)
    verb = row.get("event") or ""
    if source == trakt.SOURCE and not verb:
        first = path.name.partition("-")[0]
        verb = first if first in VERBS else verb_of(body)
    return understood(Call(source, body, verb=verb))


def _row_beside(path: Path) -> Row | None:
    """The row of a file in the index of its folder, or of the folder above."""
    place = path.absolute()
    for folder in (place.parent, place.parent.parent):
        if (folder / INDEX).is_file():
            name = place.relative_to(folder).as_posix()
            return next((row for row in read_index(folder) if row.get("file") == name), None)
    return None


def table(found: Iterable[Difference]) -> list[str]:
    """One line a difference, in columns; nothing when there is none."""
    rows = [(item.file, item.field, item.expected, item.got) for item in found]
    if not rows:
        return []
    rows.insert(0, ("file", "field", "expected", "got"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join((*map(str.ljust, row[:3], widths), row[3])).rstrip() for row in rows]
