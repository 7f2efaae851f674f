"""Sections of the library from a file: only those that were not synced from Trakt. Each method runs in a transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

from watchd.model.library import LibraryRow, Section
from watchd.model.texts import storable_json
from watchd.store import exports, imports, library

IMPORTED = "import"
"""In the place of the stamp of last_activities: no sync has read it, and the first one replaces it."""
_AHEAD = 1_000
_SYNCED = "synced from Trakt: left as it is"


@dataclass(slots=True)
class _Filling:
    generation: int
    replaced: int
    before: frozenset[str]
    rows: int = 0
    torn: bool = False
    part: bool = False
    items: set[tuple[str, object]] = field(default_factory=set)


class Sections:
    """The sections one import fills. `begun` are those it has begun with."""

    def __init__(self, account_id: int, now: int) -> None:
        self._account_id = account_id
        self._now = now
        self._filling: dict[str, _Filling] = {}
        self._stood: dict[str, Section] = {}

    @property
    def begun(self) -> tuple[str, ...]:
        return tuple(self._filling)

    def stood(self, sections: Iterable[Section]) -> None:
        """How they stood where an export of our own comes from."""
        self._stood |= {section.name: section for section in sections}

    def begin(self, connection: sqlite3.Connection, name: str) -> str | None:
        """Begin to fill a section, if need be; the reason when it is not to be filled."""
        if name in self._filling:
            return None
        known = library.section(connection, self._account_id, name)
        lists = library.section(connection, self._account_id, "lists") if name.startswith("list:") else None
        if _synced(known) or _synced(lists):
            return _SYNCED
        before = frozenset(library.bodies(connection, self._account_id, name))
        replaced = known.generation if known is not None else 0
        self._filling[name] = _Filling(replaced + _AHEAD, replaced, before)
        return None

    def clear(self, connection: sqlite3.Connection, name: str) -> int:
        """Remove some of what an import that was cut off has left; 0 when nothing is left."""
        filling = self._filling[name]
        return 0 if filling.rows else imports.clear(connection, self._account_id, name, filling.generation)

    def append(self, connection: sqlite3.Connection, name: str, rows: Sequence[LibraryRow]) -> int:
        """Add rows behind those of before; how many of them were not shown until now."""
        filling = self._filling[name]
        filling.items |= {_item(name, row) for row in rows}
        library.append(connection, self._account_id, name, filling.generation, filling.rows, rows)
        return sum(storable_json(row.body) not in filling.before for row in rows)

    def torn(self, name: str) -> None:
        """A part of the section cannot be read: it will not take the place of more than there is of it."""
        self._filling[name].torn = True

    def part(self, name: str) -> None:
        """The file is one of several that make the section: what the others brought stays."""
        self._filling[name].part = True

    def rest(self, connection: sqlite3.Connection, name: str) -> list[LibraryRow]:
        """What of the rows of before is to stay behind those of the file."""
        filling = self._filling[name]
        if not filling.part:
            return []
        kept = (LibraryRow(**asdict(row)) for row in exports.rows(connection, self._account_id, name))
        return [row for row in kept if _item(name, row) not in filling.items]

    def appended(self, name: str, count: int) -> None:
        """These rows are on the disk."""
        self._filling[name].rows += count

    def show(self, connection: sqlite3.Connection, name: str) -> bool:
        """Show what was filled, unless a sync came first, or more is known than what was left of a torn file."""
        filling = self._filling[name]
        known = library.section(connection, self._account_id, name)
        if _synced(known) or (filling.torn and known is not None and known.rows > filling.rows):
            filling.replaced = filling.generation
            return False
        of = self._stood.get(name, Section(name, activity=IMPORTED, synced_at=self._now))
        library.keep(connection, self._account_id, replace(of, generation=filling.generation, rows=filling.rows))
        return True

    def sweep(self, connection: sqlite3.Connection, name: str) -> int:
        """Remove some rows of what was shown before; 0 when all are gone. What a sync may be reading stays."""
        return imports.clear(connection, self._account_id, name, self._filling[name].replaced)


def _item(name: str, row: LibraryRow) -> tuple[str, object]:
    """What a row is of: an item has one rating, and may have several comments."""
    return row.type, row.trakt_id if name == "ratings" and row.trakt_id is not None else storable_json(row.body)


def _synced(section: Section | None) -> bool:
    return section is not None and section.activity != IMPORTED and section.synced_at is not None
