"""How the sync with Trakt stands, for people and figures."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Progress:
    """What is being read: `done` of `of` rows of a section; `requests` counts what Trakt was asked for."""

    section: str | None = None
    done: int = 0
    of: int | None = None
    requests: int = 0

    def begin(self, section: str) -> None:
        self.section, self.done, self.of = section, 0, None

    def came(self, rows: int, of: int | None) -> None:
        """A page came, which spoke of so many rows altogether."""
        self.requests += 1
        self.done += rows
        self.of = of if of is not None else self.of


@dataclass(slots=True)
class Result:
    """How the last run ended: what was read, by it and by those it followed at once, and why it stopped."""

    at: int | None = None
    read: list[str] = field(default_factory=list)
    reason: str | None = None
