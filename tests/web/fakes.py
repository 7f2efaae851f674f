"""The rest of the house, as the handlers see it, by hand."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from watchd.clock import ManualClock
from watchd.errors import MalformedPayload
from watchd.model.document import Document
from watchd.model.personal import Ask, Flowing, Ready
from watchd.model.pictures import Shot
from watchd.model.playback import Ignored, Parsed
from watchd.model.receipts import Fate, RawEvent, Receipt
from watchd.model.relay import Delivery
from watchd.model.search import Sought
from watchd.model.trace import Trace
from watchd.rules.household import Household, Member, Refused
from watchd.rules.redirects import Redirects
from watchd.services.doorkeeper import Doorkeeper
from watchd.telemetry.metrics import Metrics
from watchd.web.guard import Access
from watchd.web.ports import Limits, WebPorts
from watchd.web.tokens import Grant, Scope, TokenTable

HOOK, PLEX_HOOK, READ, ADMIN = "hook-token", "plex-hook-token", "read-token", "admin-token"
YOURS = "hook-token-of-you"
CARD = Document(b'{"isWatching":true,"content":{"title":"Dark"}}', '"card-1"', 10)
LIVE = Document(b'{"isWatching":true,"content":{"title":"Dark","live":1}}', '"live-1"', 10)


@dataclass
class FakeRecording:
    """Remembers what it was given; answers with `answers` in turn, else as the event deserves."""

    answers: list[Receipt] = field(default_factory=list)
    error: Exception | None = None
    raws: list[RawEvent] = field(default_factory=list)
    seen: list[Parsed | MalformedPayload | Refused] = field(default_factory=list)

    async def record(self, raw: RawEvent, parsed: Parsed | MalformedPayload | Refused) -> Receipt:
        if self.error is not None:
            raise self.error
        self.raws.append(raw)
        self.seen.append(parsed)
        if self.answers:
            return self.answers.pop(0)
        if isinstance(parsed, MalformedPayload):
            return Receipt(len(self.raws), Fate.MALFORMED, parsed.reason)
        if isinstance(parsed, Refused):
            return Receipt(len(self.raws), Fate.REFUSED, parsed.reason)
        if isinstance(parsed, Ignored):
            return Receipt(len(self.raws), Fate.IGNORED, str(parsed.reason))
        return Receipt(len(self.raws), Fate.ACCEPTED)


@dataclass
class FakeShowing:
    """One card for the account `me`."""

    card: Document = CARD
    error: Exception | None = None

    def document(self, account: str | None) -> Document | None:
        if self.error is not None:
            raise self.error
        return self.card if account in (None, "me") else None

    def live(self, account: str | None) -> Document | None:
        return LIVE if account in (None, "me") else None


@dataclass
class FakeOwing:
    """Some deliveries, and what was done to them."""

    known: list[Delivery] = field(default_factory=list)
    asked: list[tuple[str | None, int]] = field(default_factory=list)
    done: list[tuple[str, int]] = field(default_factory=list)

    async def deliveries(self, state: str | None, limit: int) -> list[Delivery]:
        self.asked.append((state, limit))
        return self.known

    async def retry(self, delivery_id: int) -> bool:
        self.done.append(("retry", delivery_id))
        return any(delivery.id == delivery_id for delivery in self.known)

    async def drop(self, delivery_id: int) -> bool:
        self.done.append(("drop", delivery_id))
        return any(delivery.id == delivery_id for delivery in self.known)

    async def backfill(self, account: str | None = None) -> int | None:
        return {None: 7, "ben": 3}.get(account)


@dataclass
class FakeRecalling:
    """Some events, and what was asked for."""

    known: list[Trace] = field(default_factory=list)
    asked: list[tuple[int, str | None, str | None, bool]] = field(default_factory=list)
    plays: dict[int, dict[str, object]] = field(default_factory=dict)

    async def recent(self, limit: int, *, source: str | None, fate: str | None, bodies: bool) -> list[Trace]:
        self.asked.append((limit, source, fate, bodies))
        return self.known

    async def explained(self, play_id: int) -> dict[str, object] | None:
        return self.plays.get(play_id)


@dataclass
class FakeLibrary:
    """Documents by what is asked for, whoever asks; remembers the questions."""

    ready: dict[str, Ready | Flowing] = field(default_factory=dict)
    asked: list[tuple[int, Ask]] = field(default_factory=list)
    slugs: dict[str, int] = field(default_factory=dict)
    cleared: int = 0

    def kept(self, account_id: int, ask: Ask) -> Ready | None:
        found = self.ready.get(ask.endpoint)
        return found if isinstance(found, Ready) and (account_id, ask) in self.asked else None

    async def find(self, account_id: int, ask: Ask) -> Ready | Flowing | None:
        self.asked.append((account_id, ask))
        return self.ready.get(ask.endpoint)

    async def named(self, slug: str) -> int | None:
        return self.slugs.get(slug)

    def clear(self) -> None:
        self.cleared += 1


@dataclass
class FakeSearching:
    """The same page whatever is sought; remembers the questions."""

    page: Ready = field(default_factory=lambda: Ready(b'{"results":{}}', '"search-1"', (("X-Pagination-Page", "1"),)))
    asked: list[tuple[int, Sought]] = field(default_factory=list)

    async def search(self, account_id: int, sought: Sought) -> Ready:
        self.asked.append((account_id, sought))
        return self.page


@dataclass
class FakeGallery:
    """Some pictures, and what is still to come; remembers what was not there."""

    shots: list[Shot] = field(default_factory=list)
    coming: set[tuple[str, int]] = field(default_factory=set)
    missed: list[tuple[str, int]] = field(default_factory=list)
    error: Exception | None = None

    def kept(self, kind: str, tmdb_id: int, season: int | None, *, backdrop: bool) -> Shot | None:
        sought = (kind, tmdb_id, season, backdrop)
        return next((one for one in self.shots if (one.kind, one.tmdb_id, one.season, one.backdrop) == sought), None)

    async def soon(self, kind: str, tmdb_id: int) -> bool:
        self.missed.append((kind, tmdb_id))
        return (kind, tmdb_id) in self.coming

    def random_backdrop(self) -> Shot | None:
        return next((shot for shot in self.shots if shot.backdrop), None)

    async def reload(self) -> dict[str, int]:
        if self.error is not None:
            raise self.error
        return {"moviePosters": len(self.shots)}


@dataclass
class FakeHealth:
    """Ready unless reasons are planted."""

    reasons: list[str] = field(default_factory=list)

    async def ready(self) -> list[str]:
        return self.reasons

    def status(self) -> dict[str, object]:
        return {"backlog": 3}


@dataclass
class House:
    """All fakes, and the ports made of them."""

    access: Access = field(default_factory=Access)
    limits: Limits = field(default_factory=Limits)
    clock: ManualClock = field(default_factory=ManualClock)
    household: Household = field(default_factory=lambda: Household((Member(1, "me"), Member(2, "you"))))
    recording: FakeRecording = field(default_factory=FakeRecording)
    showing: FakeShowing = field(default_factory=FakeShowing)
    owing: FakeOwing = field(default_factory=FakeOwing)
    recalling: FakeRecalling = field(default_factory=FakeRecalling)
    library: FakeLibrary = field(default_factory=FakeLibrary)
    searching: FakeSearching = field(default_factory=FakeSearching)
    gallery: FakeGallery = field(default_factory=FakeGallery)
    redirects: Redirects = field(default_factory=Redirects)
    health: FakeHealth = field(default_factory=FakeHealth)
    metrics: Metrics = field(default_factory=lambda: Metrics(CollectorRegistry()))

    def ports(self) -> WebPorts:
        tokens = TokenTable(
            [
                (HOOK, Grant(Scope.HOOK)),
                (YOURS, Grant(Scope.HOOK, 2)),
                (PLEX_HOOK, Grant(Scope.HOOK, 2, "plex")),
                (READ, Grant(Scope.READ)),
                (ADMIN, Grant(Scope.ADMIN)),
            ]
        )
        return WebPorts(
            clock=self.clock,
            recording=self.recording,
            doorkeeper=Doorkeeper(self.household),
            showing=self.showing,
            owing=self.owing,
            recalling=self.recalling,
            library=self.library,
            searching=self.searching,
            gallery=self.gallery,
            redirects=self.redirects,
            health=self.health,
            tokens=tokens,
            access=self.access,
            metrics=self.metrics,
            limits=self.limits,
        )

    def count(self, name: str, **labels: str) -> float:
        """The value of a metric; 0 when it was never touched."""
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}
