"""What a file that is imported holds, piece by piece, and what has become of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from watchd.model.library import LibraryRow, Section
from watchd.model.media import Media
from watchd.model.playback import Origin

BROKEN = "cannot be read"


@dataclass(frozen=True, slots=True)
class ImportedPlay:
    """A viewing as the file tells it; `watched_at` in ms, 0 for an unknown date.

    `history_id` is its row in Trakt's history, `day_alone` that the file tells the day and no hour. What follows only a file
    of our own tells: `id` is the play's number.
    """

    media: Media
    watched_at: int
    history_id: int | None = None
    action: str | None = None
    day_alone: bool = False
    id: int | None = None
    origin: Origin | None = None
    source: str = "import"
    player: str = ""
    player_name: str | None = None
    started_at: int | None = None
    ended_at: int | None = None
    updated_at: int | None = None
    progress: float = 100.0
    runtime: float | None = None


@dataclass(frozen=True, slots=True)
class ImportedRating:
    """A rating given here, from 0 to 10."""

    media: Media
    rating: float
    rated_at: int
    source: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """One member of the file: its rows by what they are, those that are of no use by their reason.

    `part`: its section is made of other files besides, which are not here. `sections` are how sections stood where they come
    from; `removed` are rows of Trakt's history deleted by hand.
    `slug` is the account's name at Trakt, `note` is for the one who imports.
    """

    file: str
    plays: tuple[ImportedPlay, ...] = ()
    section: str | None = None
    part: bool = False
    library: tuple[LibraryRow, ...] = ()
    ratings: tuple[ImportedRating, ...] = ()
    sections: tuple[Section, ...] = ()
    removed: tuple[int, ...] = ()
    slug: str | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)
    note: str | None = None

    @property
    def rows(self) -> int:
        return len(self.plays) + len(self.library) + len(self.ratings) + sum(self.skipped.values())


@dataclass(slots=True)
class Tally:
    """What became of the rows of one member."""

    file: str
    rows: int = 0
    new: int = 0
    known: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    note: str | None = None

    def told(self) -> dict[str, object]:
        """As plain JSON values."""
        counts = {"file": self.file, "rows": self.rows, "new": self.new, "known": self.known}
        return {**counts, "skipped": dict(self.skipped), "note": self.note}
