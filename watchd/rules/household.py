"""The household: whose an event is, by the lists that the settings give each account; what is on no list is refused."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from watchd.model.playback import PlaybackEvent, UnnamedEvent

ANY = "*"
_ONE_OF = {"users": "user", "players": "player", "servers": "server", "libraries": "library"}
KINDS = tuple(_ONE_OF)
_GUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?")

Told = PlaybackEvent | UnnamedEvent
Entry = tuple[str | None, str]
"""The source an entry is for, None for every one, and the folded name."""

_VALUES: dict[str, Callable[[Told], tuple[str | None, ...]]] = {
    "users": lambda event: (event.user, event.sender.user_id),
    "players": lambda event: (event.player, event.player_name),
    "servers": lambda event: (event.sender.server, event.sender.server_name),
    "libraries": lambda event: (event.sender.library, event.sender.library_id),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that is nobody's: kept as a trace with the reason, and nothing else is done."""

    reason: str
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """Names and ids, by kind; an empty set is a list that was not given."""

    users: frozenset[Entry] = frozenset()
    players: frozenset[Entry] = frozenset()
    servers: frozenset[Entry] = frozenset()
    libraries: frozenset[Entry] = frozenset()

    @classmethod
    def of(
        cls,
        sources: Iterable[str],
        *,
        users: Iterable[str] = (),
        players: Iterable[str] = (),
        servers: Iterable[str] = (),
        libraries: Iterable[str] = (),
    ) -> "Lists":
        """Lists as people write them. `plex:alice` is for one of the `sources` alone, `*` is whatever there is, or is not."""
        known = frozenset(sources)
        given = {"users": users, "players": players, "servers": servers, "libraries": libraries}
        return cls(**{kind: frozenset(_entry(text, known) for text in texts) for kind, texts in given.items()})

    @property
    def given(self) -> tuple[str, ...]:
        """The kinds of the lists that there are."""
        return tuple(kind for kind in KINDS if getattr(self, kind))

    def meets(self, kind: str, event: Told, source: str) -> bool:
        """Whether what the event says is on that list."""
        entries: frozenset[Entry] = getattr(self, kind)
        names = {ANY, *(folded(value) for value in _VALUES[kind](event) if value)}
        return not entries.isdisjoint((only, name) for only in (None, source) for name in names)


NOTHING = Lists()


@dataclass(frozen=True, slots=True)
class Member:
    """An account with its lists. An event is its when it meets every list that is given."""

    account_id: int
    name: str
    lists: Lists = NOTHING

    def owns(self, event: Told, source: str) -> bool:
        given = self.lists.given
        return bool(given) and all(self.lists.meets(kind, event, source) for kind in given)


@dataclass(frozen=True, slots=True)
class Household:
    """All accounts in the order of the settings; the first is the default. `ignored` is left alone, whoever's it is.

    With no list anywhere everything is the default's. Once any account has one, accounts without are nobody's, and an event
    must meet every list of the account it goes to. A list of libraries is met only by events that name their library:
    Plex and Tautulli do, Jellyfin and Emby do not, and so none of theirs ever meets one, unless it holds `*`.
    """

    members: tuple[Member, ...]
    ignored: Lists = NOTHING
    live_tv: bool = False

    @property
    def default(self) -> Member:
        return self.members[0]

    @property
    def mapped(self) -> bool:
        """Whether any account has a list."""
        return any(member.lists.given for member in self.members)

    def named(self, name: str) -> Member | None:
        """The account of that name, however it is capitalised."""
        sought = name.casefold()
        return next((member for member in self.members if member.name.casefold() == sought), None)

    def assign(self, event: Told, source: str | None = None) -> int | Refused:
        """The id of the account that an event belongs to: the first, in order, that admits it."""
        source = source or event.source
        if (unwanted := self.unwanted(event, source)) is not None:
            return unwanted
        if not self.mapped:
            return self.default.account_id
        owner = next((member for member in self.members if member.owns(event, source)), None)
        return self._nobodys(event, source) if owner is None else owner.account_id

    def unwanted(self, event: Told, source: str) -> Refused | None:
        """Why an event is left alone whoever's it is; None when it is not."""
        for kind in self.ignored.given:
            if self.ignored.meets(kind, event, source):
                return Refused(f"{_described(event, kind)}: on the list ignore_{kind} in [hooks]", event.user)
        return None

    def _nobodys(self, event: Told, source: str) -> Refused:
        what = _described(event)
        near = next((one for one in self.members if one.lists.users and one.lists.meets("users", event, source)), None)
        if near is not None:
            missed = [kind for kind in near.lists.given if not near.lists.meets(kind, event, source)]
            mend = f"account '{near.name}' has this user, but its list of {' and '.join(missed)} does not admit the event"
            return Refused(f"{what} belongs to no account ({mend})", event.user)
        if event.user is None and event.sender.user_id is None:
            return Refused(f"{what} belongs to no account (add its player to the players of one in [[accounts]])", event.user)
        return Refused(f"{what} belongs to no account (add it to the users of one in [[accounts]])", event.user)


def _described(event: Told, kind: str | None = None) -> str:
    """Who or what it is about: one kind of name, or the user and then whatever else there is."""
    told = {each: next((value for value in _VALUES[each](event) if value), None) for each in KINDS}
    told["players"] = event.player_name or event.player or None
    told["servers"] = event.sender.server_name or event.sender.server
    shown = {each: f"{_ONE_OF[each]} '{name}'" for each, name in told.items() if name}
    if kind is not None:
        return shown.get(kind, f"an event without a {_ONE_OF[kind]}")
    rest = ", ".join(shown[each] for each in KINDS[1:] if each in shown)
    return shown.get("users", "an event without a user") + (f" ({rest})" if rest else "")


def _entry(text: str, sources: frozenset[str]) -> Entry:
    source, colon, name = text.partition(":")
    if colon and source.strip().casefold() in sources:
        return source.strip().casefold(), folded(name)
    return None, folded(text)


def folded(name: str) -> str:
    """A name as it is compared: trimmed, without regard to case, and ids without their dashes."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return plain.strip("{}").replace("-", "") if _GUID.fullmatch(plain) else plain
