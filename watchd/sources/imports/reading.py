"""A file of any kind that can be imported, piece by piece."""

import zipfile
from collections import Counter
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from watchd.model.imports import BROKEN, Chunk
from watchd.model.texts import storable
from watchd.sources.imports import own, plain_csv, rated, trakt_rows
from watchd.sources.imports.archive import LARGEST_MEMBER, Archive, BadMember, Member, NotAnImport
from watchd.sources.imports.jsons import BadJson, loads, rows
from watchd.sources.imports.layout import ERRORS, HISTORY, OURS, SECTIONS, Page, is_of_trakt, pages

_ZIP = b"PK\x03\x04"
_LARGEST = 128 * 1024 * 1024
_NOTES = "kept, and written again by an export; shown nowhere"
_SAME = "the same as in watchd's own files, for other programs"


def chunks(path: Path, name: str | None = None) -> Generator[Chunk, None, None]:
    """What a file holds; NotAnImport when it is none that can be imported. `name` is what it was called where it came from."""
    size = path.stat().st_size
    if size > _LARGEST:
        raise NotAnImport(f"the file is larger than {_LARGEST // 1024 // 1024} MiB")
    called = (name or path.name).rpartition("/")[2]
    if zipfile.is_zipfile(path):
        yield from _of_archive(path)
        return
    if size > LARGEST_MEMBER and called.lower().endswith(".json"):
        raise NotAnImport("the file is too large for JSON that is not in an archive")
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(_ZIP):
        raise NotAnImport("the zip archive is cut off or damaged")
    if start[:1] in (b"[", b"{"):
        yield _single(path, called)
    else:
        yield from plain_csv.chunks(path, called)


def _of_archive(path: Path) -> Generator[Chunk, None, None]:
    with Archive.opened(path) as archive:
        found = pages(archive.members)
        bases = {page.base for page in found}
        ours = OURS in bases
        if not ours and not is_of_trakt(found):
            raise NotAnImport("the archive is no data export of Trakt's and none of watchd's")
        for refused, reason in archive.refused:
            yield Chunk(refused, skipped={BROKEN: 1}, note=reason)
        wanted = [page for page in found if page.base.startswith(OURS) or not ours]
        told = (_read(archive, page) for page in wanted)
        yield from told if ours else rated.latest(told)
        if ours and len(bases) > 1:
            yield Chunk("the other files", note=_SAME)


def _read(archive: Archive, page: Page) -> Chunk:
    name = page.member.name
    if page.left_out:
        return Chunk(name, note=page.left_out)
    try:
        return _chunk(name, page, loads(archive.read(page.member)))
    except (BadMember, BadJson) as error:
        return Chunk(name, section=page.section or own.section_of(page.base), skipped={BROKEN: 1}, note=str(error))


def _chunk(name: str, page: Page, value: Any) -> Chunk:
    if page.base == OURS:
        return own.manifest(name, value)
    if page.base.startswith(OURS):
        return own.page(name, page.base, value)
    if page.base == ERRORS:
        failed = [str(row.get("endpoint", ""))[:100] for row in rows(value)]
        return Chunk(name, note=storable(f"Trakt could not export: {', '.join(failed)}"))
    if page.base == HISTORY:
        return history(name, value)
    return _section(name, page, value)


def history(name: str, value: Any) -> Chunk:
    """A page of the history."""
    skipped = Counter[str]()
    plays = []
    for row in rows(value):
        made = trakt_rows.play(row)
        if isinstance(made, str):
            skipped[made] += 1
        else:
            plays.append(made)
    return Chunk(name, plays=tuple(plays), skipped=skipped)


def _section(name: str, page: Page, value: Any) -> Chunk:
    section = page.section or ""
    if section in {"profile", "stats"}:
        if not isinstance(value, dict):
            raise BadJson("is not an object")
        value = [value]
    skipped = Counter[str]()
    library = trakt_rows.library_rows(section, rows(value), skipped, page.kind)
    note = _NOTES if section == "notes" and library else None
    return Chunk(name, section=section, library=library, skipped=skipped, note=note)


def _single(path: Path, called: str) -> Chunk:
    """One file of the export by itself, known by its name, else as the history by its rows."""
    try:
        value = loads(path.read_bytes())
        found = pages([Member(called.lower(), zipfile.ZipInfo(called))])
        page = found[0] if found else None
        if page is not None and (page.base in SECTIONS or page.section is not None):
            part = page.number > 0 or list(SECTIONS.values()).count(page.section or "") > 1
            return replace(next(rated.latest([_section(called, page, value)])), part=part)
        told = rows(value)
        if not any("watched_at" in row for row in told):
            raise NotAnImport("there is no history in the file, and its name is none of the export's")
        return history(called, value)
    except BadJson as error:
        raise NotAnImport(f"the file {error}") from error
