"""Exporting: everything of an account in a zip of Trakt's shape, or its history as a table. The same data, the same bytes."""

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain, islice
from typing import IO, Any

from watchd.clock import iso
from watchd.model.media_json import media_parts
from watchd.services.export_rows import CSV_HEAD, csv_row, item, own_row, trakt_row
from watchd.sources.imports.own import FORMAT, LIBRARY, PLAYS, RATINGS, VERSION
from watchd.store import accounts, exports, library, removals

PAGE = 250
_WHEN = (1980, 1, 1, 0, 0, 0)
_ONE = {"profile": "user-profile", "stats": "user-stats"}
_PLAIN = {
    "playback": "watched-playback",
    "collection_movies": "collection-movies",
    "collection_episodes": "collection-episodes",
    "watchlist": "lists-watchlist",
    "favorites": "lists-favorites",
    "lists": "lists-lists",
}
_BY_TYPE = {
    "ratings": {kind: f"ratings-{kind}s" for kind in ("movie", "show", "season", "episode")},
    "comments": {kind: f"comments-{kind}s" for kind in ("movie", "show", "season", "episode", "list")},
}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_zip(connection: sqlite3.Connection, account_id: int, target: IO[bytes]) -> int:
    """Write the whole archive; how many plays are in it. Read in one transaction, held a page at a time."""
    with _snapshot(connection), zipfile.ZipFile(target, "w") as archive:
        _member(archive, "watchd", _encode(_manifest(connection, account_id)))
        _pages(archive, PLAYS, (_encode(own_row(play)) for play in exports.plays(connection, account_id, "media")))
        _pages(archive, RATINGS, map(_own_rating, exports.ratings(connection, account_id)))
        names = [section.name for section in library.sections(connection, account_id)]
        for name in names:
            rows = exports.rows(connection, account_id, name)
            _pages(archive, LIBRARY + name.replace(":", "."), (_encode(asdict(row)) for row in rows))
        told = (_encode(trakt_row(play)) for play in exports.plays(connection, account_id, "newest"))
        _pages(archive, "watched-history", told, numbered=True)
        for name in names:
            _section(archive, connection, account_id, name)
        if "ratings" not in names:
            _local_ratings(archive, connection, account_id)
        return exports.count(connection, account_id)


def write_csv(connection: sqlite3.Connection, account_id: int, target: IO[bytes]) -> int:
    """Write the history as a table, newest first; how many plays are in it."""
    done = 0
    with _snapshot(connection):
        text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
        rows = csv.writer(text, lineterminator="\r\n")
        rows.writerow(CSV_HEAD)
        for play in exports.plays(connection, account_id, "newest"):
            rows.writerow(csv_row(play))
            done += 1
        text.detach()
    return done


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all that is read in the block be of one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _manifest(connection: sqlite3.Connection, account_id: int) -> dict[str, Any]:
    """What tells our archive from Trakt's: whose it is, how the sections stand, and what was deleted by hand."""
    kept = ("name", "activity", "synced_at")
    sections = [
        {name: value for name, value in asdict(section).items() if name in kept}
        for section in library.sections(connection, account_id)
    ]
    removed = removals.history_ids(connection, account_id)
    slug = accounts.get(connection, account_id).trakt_slug
    return {"format": FORMAT, "version": VERSION, "slug": slug, "sections": sections, "removed": removed}


def _section(archive: zipfile.ZipFile, connection: sqlite3.Connection, account_id: int, name: str) -> None:
    """A section under the name it has in Trakt's export, if it has one there."""
    if name in _ONE:
        body = next(iter(library.bodies(connection, account_id, name, limit=1)), None)
        if body is not None:
            _member(archive, _ONE[name], body)
    elif name in _BY_TYPE:
        for kind, base in _BY_TYPE[name].items():
            _pages(archive, base, iter(library.bodies(connection, account_id, name, kind=kind)))
    elif name in _PLAIN:
        _pages(archive, _PLAIN[name], (row.body for row in exports.rows(connection, account_id, name)))
    elif name.startswith("list:"):
        rows = (row.body for row in exports.rows(connection, account_id, name))
        _pages(archive, _list_file(connection, account_id, name.removeprefix("list:")), rows)


def _list_file(connection: sqlite3.Connection, account_id: int, number: str) -> str:
    slugs = {
        str(row.trakt_id): str((json.loads(row.body).get("ids") or {}).get("slug") or number)
        for row in exports.rows(connection, account_id, "lists")
    }
    return f"lists-list-{number}-{slugs.get(number, number)}".replace("/", "-")


def _local_ratings(archive: zipfile.ZipFile, connection: sqlite3.Connection, account_id: int) -> None:
    for kind in ("movie", "episode"):
        rated = (
            _encode({"rated_at": iso(at), "rating": min(10, max(1, int(rating + 0.5))), **item(media)})
            for media, rating, at, _ in exports.ratings(connection, account_id)
            if media.type == kind
        )
        _pages(archive, f"ratings-{kind}s", rated)


def _own_rating(rated: tuple[Any, float, int, str]) -> str:
    media, rating, at, source = rated
    return _encode({"media": media_parts(media), "rating": rating, "rated_at": at, "source": source})


def _pages(archive: zipfile.ZipFile, base: str, rows: Iterable[str], *, numbered: bool = False) -> None:
    """Rows in members of a page each: one page has the bare name, unless `numbered`; without any rows it is empty."""
    paged = _by_page(iter(rows))
    first, second = next(paged, []), next(paged, None)
    if second is None and not numbered:
        _member(archive, base, f"[{','.join(first)}]")
        return
    for number, page in enumerate(chain([first], [] if second is None else [second], paged), 1):
        _member(archive, f"{base}-{number}", f"[{','.join(page)}]")


def _by_page(rows: Iterator[str]) -> Iterator[list[str]]:
    while page := list(islice(rows, PAGE)):
        yield page


def _member(archive: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(f"{name}.json", _WHEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    archive.writestr(info, text.encode("utf-8", "surrogatepass"), compresslevel=6)


Write = Callable[[sqlite3.Connection, int, IO[bytes]], int]
