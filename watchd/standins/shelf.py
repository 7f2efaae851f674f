"""What Trakt keeps of an account besides its watching: lists, comments, a collection, people, likes, hidden things."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from watchd.standins.items import Episode, Item, Season


@dataclass(frozen=True, slots=True)
class Entry:
    """An item on a list of any sort; `at` is when it came there."""

    id: int
    item: Item
    at: int
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on an item."""

    id: int
    item: Item
    text: str
    at: int
    parent: int = 0


@dataclass(frozen=True, slots=True)
class UserList:
    """A list of the account's own; `rows` are its items."""

    id: int
    name: str
    at: int
    updated_at: int
    rows: tuple[Entry, ...] = ()
    privacy: str = "public"

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")

    def holding(self, rows: tuple[Entry, ...], now: int) -> "UserList":
        return replace(self, rows=rows, updated_at=now)


@dataclass
class Shelf:
    """Filled by tests; `ghosts` are rows that name nothing, put at the end of a list of that name."""

    watchlist: list[Entry] = field(default_factory=list)
    collection: list[Entry] = field(default_factory=list)
    favorites: list[Entry] = field(default_factory=list)
    hidden: dict[str, list[Entry]] = field(default_factory=dict)
    lists: dict[int, UserList] = field(default_factory=dict)
    comments: list[Remark] = field(default_factory=list)
    followers: dict[str, int] = field(default_factory=dict)
    following: dict[str, int] = field(default_factory=dict)
    liked: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    ghosts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def remember(self) -> Callable[[], None]:
        """Note all this; what is returned brings it back."""
        kept = {
            name: (dict(value) if isinstance(value, dict) else list(value))
            for name in self.__dataclass_fields__
            for value in (getattr(self, name),)
        }

        def back() -> None:
            for name, value in kept.items():
                setattr(self, name, value)

        return back


def leaves_watchlist(entry: Entry, item: Item) -> bool:
    """Whether watching the item takes the entry from the watchlist: itself, or its show or season."""
    if entry.item.key == item.key:
        return True
    if not isinstance(item, Episode) or isinstance(entry.item, Episode):
        return False
    if isinstance(entry.item, Season):
        return (entry.item.show.key, entry.item.number) == (item.show.key, item.season)
    return entry.item.key == item.show.key
