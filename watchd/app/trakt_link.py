"""One account's link to Trakt, wired: clients, login, relay, poller, sync."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import aiohttp
import anyio

from watchd.clients.limiter import TRAKT_RATES, Limiter
from watchd.clients.rest import RestClient
from watchd.clients.trakt import TraktClient
from watchd.clients.trakt_auth import TraktAuth
from watchd.clients.trakt_caller import TraktCaller
from watchd.clients.trakt_calls import TraktCalls
from watchd.clients.trakt_sections import TraktSections
from watchd.clients.trakt_tokens import TokenKeeper, TokenState
from watchd.clock import Clock, iso
from watchd.errors import LoginRequired
from watchd.services.batch import Batch
from watchd.services.courier import Courier
from watchd.services.ledger import Ledger
from watchd.services.login import Login
from watchd.services.lookup import Lookup
from watchd.services.now import Now
from watchd.services.poller import Ear, Poller
from watchd.services.ratings import Ratings
from watchd.services.readback import Readback
from watchd.services.relay import Relay
from watchd.services.seeking import Seeking
from watchd.services.sync import Sync
from watchd.services.sync_voice import Voice
from watchd.services.undoing import Undoing
from watchd.settings import TraktSettings
from watchd.store.database import Database
from watchd.store.tokens import TraktTokens
from watchd.telemetry.metrics import Metrics

SERVICE = "trakt"


@dataclass(frozen=True, slots=True)
class TraktLink:
    """What runs for one account against Trakt. Without a client secret there is no login, and so neither relay nor lookups."""

    account_id: int
    poller: Poller
    sync: Sync
    login: Login | None = None
    keeper: TokenKeeper | None = None
    relay: Relay | None = None
    lookup: Lookup | None = None
    ratings: Ratings | None = None
    caller: TraktCaller | None = None
    undoing: Undoing | None = None
    trakt: TraktClient | None = None

    async def load(self) -> None:
        """Look up how the login stands."""
        if self.keeper is not None:
            await self.keeper.load()
        if self.login is not None:
            await self.login.load()

    async def run(self) -> None:
        """Run all of it; never returns."""
        self.poller.start()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.poller.run)
            tasks.start_soon(self.sync.run)
            for part in (self.login, self.relay, self.lookup, self.ratings, self.undoing):
                if part is not None:
                    tasks.start_soon(part.run)

    def wake(self) -> None:
        """Something may be owed."""
        for part in (self.relay, self.ratings, self.undoing):
            if part is not None:
                part.wake()

    def facts(self) -> dict[str, object]:
        """For the status: how the login stands and when Trakt was last heard."""
        hearing = self.poller.hearing
        keeper = self.keeper
        doubt = self.login.doubt if self.login is not None else None
        expires = keeper.expires_at if keeper is not None else None
        return {
            "login": str(keeper.state) if keeper is not None else "no client secret",
            "login_reason": (keeper.reason if keeper is not None else None) or doubt,
            "token_expires_at": None if expires is None else iso(expires),
            "last_heard_at": None if hearing.last_heard is None else iso(hearing.last_heard),
            "failing": hearing.failing,
            "clock_offset_ms": self.trakt.offset_ms if self.trakt is not None else None,
            "sync": self.sync.facts(),
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """What the links of all accounts stand on."""

    settings: TraktSettings
    session: aiohttp.ClientSession
    database: Database
    clock: Clock
    now: Now
    metrics: Metrics


def connect(
    ground: Ground, account_id: int, username: str | None, *, stale: Callable[[], None], suffix: str = ""
) -> TraktLink | None:
    """Wire an account to Trakt, by name while it is not logged in; None without a client id.

    `stale()` is called when the account's open plays changed; `suffix` tells its figures from those of other accounts.
    """
    settings, session, database = ground.settings, ground.session, ground.database
    clock, now, metrics = ground.clock, ground.now, ground.metrics
    if settings.client_id is None:
        return None
    rest = RestClient(session, settings.api_url, clock, metrics, service=SERVICE)
    limiter = Limiter(clock, TRAKT_RATES, service=SERVICE, metrics=metrics)
    public = TraktClient(rest, settings.client_id, None, limiter)
    by_name = Ear(public, username) if username is not None else None
    watching = f"watching{suffix}"
    named = Voice(TraktSections(rest, settings.client_id, None, limiter), username) if username is not None else None

    public_calls = TraktCalls(rest, settings.client_id, None, limiter)
    sync_by = partial(Sync, account_id, database, clock, metrics, changed=stale, label=f"trakt{suffix}")
    if settings.client_secret is None:
        poller = Poller(account_id, database, clock, now, metrics, ear=lambda: by_name, label=watching)
        return TraktLink(account_id, poller, sync_by(voice=lambda: named), caller=TraktCaller(public_calls), trakt=public)
    auth_rest = RestClient(session, settings.auth_url, clock, metrics, service=SERVICE)
    auth = TraktAuth(auth_rest, settings.client_id, settings.client_secret.get_secret_value())
    keeper = TokenKeeper(TraktTokens(database, account_id), auth, clock, metrics, label=SERVICE + suffix)
    trakt = TraktClient(rest, settings.client_id, keeper, limiter)
    mine = Ear(trakt, "me")
    own = Voice(TraktSections(rest, settings.client_id, keeper, limiter), "me")

    def logged_in() -> bool:
        if keeper.state is TokenState.NONE:
            return False
        if login.doubt is not None:
            raise LoginRequired(login.doubt)
        return True

    def ear() -> Ear | None:
        return mine if logged_in() else by_name

    sync = sync_by(voice=lambda: own if logged_in() else named)

    poller = Poller(account_id, database, clock, now, metrics, ear=ear, label=watching)
    lookup = Lookup(account_id, database, trakt, clock, learned=stale)
    relay = _relay(ground, account_id, trakt, lookup, stale, poller)
    ratings = Ratings(account_id, database, clock, trakt, lookup)
    undoing = Undoing(account_id, database, clock, trakt, Seeking(database, lookup, Readback(database, trakt)))
    caller = TraktCaller(public_calls, TraktCalls(rest, settings.client_id, keeper, limiter), logged_in=logged_in)

    def login_changed() -> None:
        relay.wake()
        ratings.wake()
        undoing.wake()
        poller.reset()
        sync.ask()

    login = Login(account_id, database, clock, auth, keeper, trakt, changed=login_changed)
    return TraktLink(account_id, poller, sync, login, keeper, relay, lookup, ratings, caller, undoing, trakt)


def _relay(
    ground: Ground, account_id: int, trakt: TraktClient, lookup: Lookup, stale: Callable[[], None], poller: Poller
) -> Relay:
    database, clock = ground.database, ground.clock
    readback = Readback(database, trakt)
    return Relay(
        account_id,
        database,
        clock,
        Courier(database, clock, trakt, lookup, readback),
        Ledger(account_id, database, clock, lookup, readback, changed=stale),
        Batch(account_id, database, clock, trakt),
        ground.metrics,
        pause_verb=ground.settings.pause_verb,
        acted=poller.nudge,
    )
