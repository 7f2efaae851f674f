"""What the handlers need from the rest of the house, as the composition root plugs it together."""

from dataclasses import dataclass, field
from typing import Protocol

from watchd.clock import Clock
from watchd.errors import MalformedPayload
from watchd.model.document import Document
from watchd.model.playback import Parsed, RawEvent, Receipt
from watchd.model.relay import Delivery
from watchd.telemetry.metrics import Metrics
from watchd.web.guard import Access
from watchd.web.tokens import TokenTable


class Recording(Protocol):
    """Where events are kept."""

    async def record(self, raw: RawEvent, parsed: Parsed | MalformedPayload) -> Receipt:
        """Commit the event and what follows from it; StoreUnavailable when that could not be done."""
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

    async def backfill(self) -> int: ...


class Health(Protocol):
    """How the daemon is."""

    async def ready(self) -> list[str]:
        """Why it is not ready; empty when it is."""
        ...

    def status(self) -> dict[str, object]:
        """Card, backlog, token and last contacts, as plain JSON values."""
        ...


class Connecting(Protocol):
    """The login at Trakt, for the admin; plain JSON values."""

    def ask(self, *, confirm: bool) -> None:
        """Start a login; WatchdError when there is no app to log in with."""
        ...

    def leave(self) -> None: ...

    def status(self) -> dict[str, object]: ...


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
    showing: Showing
    owing: Owing
    health: Health
    tokens: TokenTable
    access: Access
    metrics: Metrics
    limits: Limits = field(default_factory=Limits)
    connecting: Connecting | None = None
