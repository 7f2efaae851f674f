"""What `doctor` looks at, and what it has to say."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is; in this order."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is so: `about` is the part of watchd, `mend` the command or setting that helps, where there is one."""

    level: Level
    about: str
    text: str
    mend: str | None = None

    def described(self) -> dict[str, object]:
        """As plain JSON values."""
        return {"level": str(self.level), "about": self.about, "text": self.text, "mend": self.mend}


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings as far as they matter here; of secrets only whether they are there.

    `host` and `port` are where we listen, `people` the names of [[accounts]] (none: the one account), `watchers` how many
    servers are asked, `trakt_names` the accounts with the user name of a public profile, `set_tokens` the scopes whose token
    was set by hand, `short_tokens` those of them that can be guessed.
    """

    host: str
    port: int
    loopback: bool
    public: str = "none"
    public_url: bool = False
    people: tuple[str, ...] = ()
    watchers: int = 0
    trakt_app: bool = False
    trakt_secret: bool = False
    trakt_names: tuple[str, ...] = ()
    tmdb_key: bool = False
    set_tokens: tuple[str, ...] = ()
    short_tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A source and the events of it that are kept, `good` of which were understood; moments are ms since the epoch."""

    source: str
    last_at: int
    good: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Events of a source that could not be used: `fate` is internal or malformed, `last_id` the newest of them."""

    source: str
    fate: str
    count: int
    last_id: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Turned:
    """Events of a user that were refused, with the newest one's reason; `user` None: they name nobody."""

    user: str | None
    count: int
    last_id: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Debt:
    """What an account owes in one state: `oldest_at` in milliseconds since the epoch, `reason` of the oldest."""

    account: str
    what: str
    state: str
    count: int
    oldest_at: int
    first_id: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Records:
    """What the database tells. `active`: the accounts something of theirs ever came in for; `users`: who was accepted.

    `scopes` are those of the household's tokens that were made here.
    """

    heard: tuple[Heard, ...] = ()
    unread: tuple[Unread, ...] = ()
    turned: tuple[Turned, ...] = ()
    debts: tuple[Debt, ...] = ()
    active: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    unindexed: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """The state directory. `wide` are its files that others may use, `foreign` those that are not its owner's.

    `owner` and `me` are user names, `mode` is that of the directory; `free` and `size` are bytes, of the disk and the database.
    """

    path: str
    owner: str
    me: str
    mode: int
    wide: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    writable: bool = True
    free: int = 0
    size: int = 0


class Cause(StrEnum):
    """Why the database cannot be read: its file, the right to it, or somebody else who holds it."""

    FILE = "file"
    RIGHTS = "rights"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Health:
    """The database file: its schema, the newest one known here, and what SQLite finds amiss.

    `checked` False: the check did not come to its end in the time it was given; `trouble`: why it cannot be read at all.
    """

    version: int = 0
    newest: int = 0
    checked: bool = False
    damage: str | None = None
    trouble: str | None = None
    cause: Cause = Cause.FILE

    @property
    def readable(self) -> bool:
        """Whether what it holds can be made sense of here."""
        return self.trouble is None and self.damage is None and self.version == self.newest
