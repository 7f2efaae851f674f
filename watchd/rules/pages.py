"""Whether the pages of a list were all of it, whatever their headers say of each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

_IDLE = 10
"""So many pages in a row without a new row are no list that moved while it was read."""


@dataclass(slots=True)
class Tally:
    """Counts what the pages of one reading brought.

    `told` is how many rows the first page said there are, `least` the smallest such number of any page, `seen` how many
    different rows came, `idle` how many pages in a row brought none. Rows that are added meanwhile push others to later
    pages, where they are still read; a row that is removed pulls one to a page that was read already, and then the reading
    is not whole.
    """

    told: int | None = None
    least: int | None = None
    seen: int = 0
    idle: int = 0

    def add(self, fresh: int, items: int | None) -> None:
        """A page brought so many new rows and spoke of so many altogether."""
        self.seen += fresh
        self.idle = 0 if fresh else self.idle + 1
        if items is None:
            return
        self.told = items if self.told is None else self.told
        self.least = items if self.least is None else min(self.least, items)

    def trouble(self) -> str | None:
        """Why this is not the whole list; None when nothing speaks against it."""
        if self.idle >= _IDLE:
            return f"{self.idle} pages in a row brought nothing new"
        if self.told is None or self.least is None:
            return None
        if self.least < self.told:
            return f"the list shrank from {self.told} to {self.least} rows while it was read"
        return f"{self.seen} of {self.told} rows came" if self.seen < self.told else None


def goes_on(number: int, rows: int, tally: Tally, page_count: int | None, *, paged: bool) -> bool:
    """Whether there is a page after this one: by its headers, else as long as pages bring something new.

    Where the headers contradict each other, and fewer rows came than they tell of, the next page is asked for all the same.
    """
    if not rows or tally.idle >= _IDLE:
        return False
    if page_count is not None and number < page_count:
        return True
    if tally.told is not None:
        return tally.seen < tally.told and not tally.idle
    return page_count is None and paged and not tally.idle


def in_parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The rows, so many at a time."""
    return (rows[first : first + size] for first in range(0, len(rows), size))
