"""Trakt's library as it is kept here: sections of rows, each section read whole and shown as of one generation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """How a section stands. `rows` and `generation` are of what is shown; moments are milliseconds since the epoch.

    `activity` is the stamp of last_activities it was read at; `doubt_rows` and `doubt_at` are of a read that shrank so much
    that a second one, hours later, must agree before it is shown; `failed` is why the last read did not come to its end.
    """

    name: str
    generation: int = 0
    rows: int = 0
    activity: str | None = None
    synced_at: int | None = None
    doubt_rows: int | None = None
    doubt_at: int | None = None
    failed: str | None = None
    failed_at: int | None = None


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One row as Trakt gave it: `body` is its JSON text; the rest is taken from it for looking up."""

    type: str
    body: str
    trakt_id: int | None = None
    tmdb_id: int | None = None
    title: str | None = None
    year: int | None = None
