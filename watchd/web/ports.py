"""What the handlers need from the rest of the house, as the composition root plugs it together."""

from dataclasses import dataclass, field
from typing import Protocol

from watchd.clock import Clock
from watchd.errors import MalformedPayload
from watchd.model.document import Document
from watchd.model.personal import Ask, Flowing, Ready
from watchd.model.pictures import Shot
from watchd.model.playback import Parsed
from watchd.model.receipts import RawEvent, Receipt
from watchd.model.relay import Delivery
from watchd.model.search import Sought
from watchd.model.trace import Trace
from watchd.rules.household import Refused
from watchd.rules.redirects import Redirects
from watchd.telemetry.metrics import Metrics
from watchd.web.desk_ports import DeskPorts
from watchd.web.guard import Access
from watchd.web.tokens import TokenTable


class Recording(Protocol):
    """Where events are kept."""

    async def record(self, raw: RawEvent, parsed: Parsed | MalformedPayload | Refused) -> Receipt:
        """Commit the event and what follows from it; StoreUnavailable when that could not be done."""
        ...


class Doorkeeping(Protocol):
    """Whose what came in is."""

    @property
    def default(self) -> int:
        """The id of the account that is meant when nobody is named."""
        ...

    def named(self, name: str) -> int | None:
        """The id of the account of that name; None when there is none."""
        ...

    def called(self, account_id: int) -> str:
        """The name of an account."""
        ...

    def admit(
        self, parsed: Parsed | MalformedPayload, source: str, owner: int | None, *, rehearsing: bool = False
    ) -> tuple[int, Parsed | MalformedPayload | Refused]:
        """The account it is kept under, and what it is to us now; `owner` is the account of its token, if of one."""
        ...


class Showing(Protocol):
    """The card, ready in memory; None for an account that does not exist."""

    def document(self, account: str | None) -> Document | None:
        """The card as it stands; cheap."""
        ...

    def live(self, account: str | None) -> Document | None:
        """The card reckoned anew for this second."""
        ...


class Owing(Protocol):
    """What is owed to the destinations."""

    async def deliveries(self, state: str | None, limit: int) -> list[Delivery]: ...

    async def retry(self, delivery_id: int) -> bool: ...

    async def drop(self, delivery_id: int) -> bool: ...

    async def backfill(self, account: str | None = None) -> int | None:
        """How many plays are owed now; None for an account that does not exist."""
        ...


class Recalling(Protocol):
    """What was kept of the events."""

    async def recent(self, limit: int, *, source: str | None, fate: str | None, bodies: bool) -> list[Trace]:
        """The newest first."""
        ...

    async def explained(self, play_id: int) -> dict[str, object] | None:
        """A play with its events and deliveries as plain JSON values; None for an unknown one."""
        ...


class Reading(Protocol):
    """The personal documents of each account."""

    def kept(self, account_id: int, ask: Ask) -> Ready | None:
        """The document, if it is ready; cheap."""
        ...

    async def find(self, account_id: int, ask: Ask) -> Ready | Flowing | None:
        """The document, made if need be; None for a list that does not exist."""
        ...

    async def named(self, slug: str) -> int | None:
        """The id of the account that has this name at Trakt."""
        ...

    def clear(self) -> None:
        """Forget what is kept ready."""
        ...


class Searching(Protocol):
    """The search index of each account."""

    async def search(self, account_id: int, sought: Sought) -> Ready:
        """A page of what answers the question."""
        ...


class Gallery(Protocol):
    """The pictures of the library."""

    def kept(self, kind: str, tmdb_id: int, season: int | None, *, backdrop: bool) -> Shot | None:
        """The picture, if it is here; cheap."""
        ...

    async def soon(self, kind: str, tmdb_id: int) -> bool:
        """Whether it is of the library and will be asked for soon."""
        ...

    def random_backdrop(self) -> Shot | None: ...

    async def reload(self) -> dict[str, int]:
        """Read anew which pictures there are, and return how many."""
        ...


class Health(Protocol):
    """How the daemon is."""

    async def ready(self) -> list[str]:
        """Why it is not ready; empty when it is."""
        ...

    def status(self) -> dict[str, object]:
        """Card, backlog, token and last contacts, as plain JSON values."""
        ...


class Diagnosing(Protocol):
    """What the daemon finds when it looks at itself."""

    async def findings(self) -> list[dict[str, object]]:
        """As plain JSON values."""
        ...


class Connecting(Protocol):
    """The logins at Trakt, for the admin; plain JSON values. Without an account's name the default one is meant.

    WatchdError when there is no app to log in with, or no such account.
    """

    def ask(self, account: str | None, *, confirm: bool) -> None:
        """Start a login."""
        ...

    def leave(self, account: str | None) -> None: ...

    def status(self, account: str | None) -> dict[str, object]: ...


class Syncing(Protocol):
    """The syncs with Trakt, for the admin; plain JSON values. WatchdError when there is none, or no such account."""

    def ask(self, account: str | None, *, full: bool) -> None:
        """Start one."""
        ...

    def status(self, account: str | None) -> dict[str, object]: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a body is read, in bytes, and for how long, in seconds."""

    plain: int = 1024 * 1024
    multipart: int = 8 * 1024 * 1024
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class WebPorts:
    """Everything the handlers may use."""

    clock: Clock
    recording: Recording
    doorkeeper: Doorkeeping
    showing: Showing
    owing: Owing
    recalling: Recalling
    library: Reading
    health: Health
    tokens: TokenTable
    access: Access
    metrics: Metrics
    limits: Limits = field(default_factory=Limits)
    connecting: Connecting | None = None
    syncing: Syncing | None = None
    diagnosing: Diagnosing | None = None
    desk: DeskPorts | None = None
    searching: Searching | None = None
    gallery: Gallery | None = None
    redirects: Redirects = field(default_factory=Redirects)
