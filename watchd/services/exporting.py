"""Exporting: everything of an account in a zip of Trakt's shape, or its history as a table. The same data, the same bytes."""

import csv
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, Any

from watchd.model.media_json import media_parts
from watchd.services.export_rows import CSV_HEAD, csv_row, encode, own_row
from watchd.services.export_trakt import TraktFiles
from watchd.services.packing import Pack
from watchd.sources.imports.own import FORMAT, LIBRARY, PLAYS, RATINGS, VERSION
from watchd.store import accounts, exports, library, removals


def write_zip(connection: sqlite3.Connection, account_id: int, target: IO[bytes]) -> int:
    """Write the whole archive; how many plays are in it. Read in one transaction, held a page at a time."""
    with _snapshot(connection), zipfile.ZipFile(target, "w") as archive:
        pack = Pack(archive)
        pack.one("watchd", encode(_manifest(connection, account_id)))
        pack.pages(PLAYS, (encode(own_row(play)) for play in exports.plays(connection, account_id, "media")))
        pack.pages(RATINGS, map(_own_rating, exports.ratings(connection, account_id)))
        for section in library.sections(connection, account_id):
            rows = exports.rows(connection, account_id, section.name)
            pack.pages(LIBRARY + section.name.replace(":", "."), (encode(asdict(row)) for row in rows))
        TraktFiles(pack, connection, account_id).write()
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


def _own_rating(rated: tuple[Any, float, int, str]) -> str:
    media, rating, at, source = rated
    return encode({"media": media_parts(media), "rating": rating, "rated_at": at, "source": source})


Write = Callable[[sqlite3.Connection, int, IO[bytes]], int]
