"""Ratings of a data export: an item that stands in it twice has the rating it was given last."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from watchd.model.imports import Chunk
from watchd.model.library import LibraryRow
from watchd.sources.imports.trakt_rows import moment

AGAIN = "was rated again later"
SECTION = "ratings"
_MOST = 250_000


@dataclass(frozen=True, slots=True)
class _Given:
    """A rating: when it was given, and where in the file it stands."""

    at: int
    place: tuple[int, int]


def latest(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The pages as they come, those of ratings together at their end, without what was given before another."""
    held: list[Chunk] = []
    rows = 0
    for chunk in chunks:
        if chunk.section != SECTION:
            yield from _kept(held)
            held, rows = [], 0
            yield chunk
            continue
        if rows + len(chunk.library) > _MOST:
            yield from _kept(held)
            held, rows = [], 0
        held.append(chunk)
        rows += len(chunk.library)
    yield from _kept(held)


def _kept(pages: Sequence[Chunk]) -> Iterator[Chunk]:
    last: dict[tuple[str, object], _Given] = {}
    for number, page in enumerate(pages):
        for position, row in enumerate(page.library):
            told = json.loads(row.body)
            given = _Given(moment(told.get("rated_at")) or 0, (number, position))
            key = _key(row, told)
            if key not in last or given.at > last[key].at:
                last[key] = given
    places = {given.place for given in last.values()}
    for number, page in enumerate(pages):
        library = tuple(row for position, row in enumerate(page.library) if (number, position) in places)
        before = len(page.library) - len(library)
        again = Counter({AGAIN: before}) if before else Counter[str]()
        yield replace(page, library=library, skipped=Counter(page.skipped) + again)


def _key(row: LibraryRow, told: dict[str, Any]) -> tuple[str, object]:
    """Which item it is: an id of Trakt's, else the item as it stands there."""
    return (row.type, row.trakt_id) if row.trakt_id is not None else (row.type, str(told.get(row.type)) + str(told.get("show")))
