"""The stand-in for Trakt: its parts put together, the checks before every call, and what tests ask of it."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from watchd.clock import Clock
from watchd.standins.accounts import Action, HistoryRow, UserState
from watchd.standins.catalogue import Catalogue
from watchd.standins.checkin import Checkins
from watchd.standins.core import VIEWER, Core
from watchd.standins.faults import Seen
from watchd.standins.history import HistoryReads
from watchd.standins.items import Watchable
from watchd.standins.lists import Lists
from watchd.standins.oauth import OAuth
from watchd.standins.people import People
from watchd.standins.rate import Rate
from watchd.standins.ratings import Ratings
from watchd.standins.replies import Blocked, Refusal
from watchd.standins.scrobble import Scrobbling
from watchd.standins.search import Search
from watchd.standins.server import SEEN, StandIn
from watchd.standins.social import Social
from watchd.standins.switches import Switches
from watchd.standins.sync import HistoryWrites
from watchd.standins.watched import Watched
from watchd.standins.watching import WatchingReads
from watchd.standins.world import the_world

_RATE = web.RequestKey("rate", str)


class TraktStandIn(StandIn):
    """Data API and OAuth on one port. Two accounts exist: `watcher`, public, and `hermit`, private."""

    client_id = "standin-client-id"
    client_secret = "standin-client-secret"  # noqa: S105 - it opens nothing but this stand-in

    def __init__(self, clock: Clock, *, switches: Switches | None = None, catalogue: Catalogue | None = None) -> None:
        super().__init__(clock)
        self.core = Core(self.now, switches or Switches(), catalogue or the_world())
        self.core.add_user("watcher", name="The Watcher")
        self.core.add_user("hermit", private=True)
        self.oauth = OAuth(self.core, self.client_id, self.client_secret)
        self._rate = Rate(self.core, clock)

    @property
    def switches(self) -> Switches:
        return self.core.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self.core.switches = switches

    @property
    def catalogue(self) -> Catalogue:
        return self.core.catalogue

    @property
    def auto_approve(self) -> bool:
        """Whether every device code is approved by `watcher` as soon as it is asked for."""
        return self.oauth.auto_approve

    @auto_approve.setter
    def auto_approve(self, approve: bool) -> None:
        self.oauth.auto_approve = approve

    @property
    def refresh_tokens_seen(self) -> Mapping[str, int]:
        """How many times each refresh token was presented, whatever became of the request."""
        return self.oauth.tokens.seen

    def user(self, slug: str = "watcher") -> UserState:
        """What is kept of this account, as of now."""
        return self.core.user(slug)

    def add_user(self, slug: str, **facts: Any) -> UserState:
        return self.core.add_user(slug, **facts)

    def issue_tokens(self, user: str = "watcher") -> dict[str, Any]:
        """A valid token body, without the login."""
        return self.oauth.tokens.issue(user)

    def approve(self, user_code: str, user: str = "watcher") -> None:
        """The user enters the code and says yes."""
        self.oauth.waiting(user_code).approved_by = user

    def deny(self, user_code: str) -> None:
        """The user enters the code and says no."""
        self.oauth.waiting(user_code).denied = True

    def expire_tokens(self, user: str = "watcher") -> None:
        """Access tokens end now; refresh tokens still work."""
        self.oauth.tokens.expire(user)

    def revoke_tokens(self, user: str = "watcher") -> None:
        """The user disconnects the app: no token works any more."""
        self.oauth.tokens.revoke_all(user)

    def watch(self, user: str, item: Watchable, progress: float = 0.0) -> None:
        """Another app starts something: only Trakt knows of it."""
        self.core.start(self.user(user), item, progress)

    def add_play(self, user: str, item: Watchable, watched_at: int, action: Action = "watch") -> HistoryRow:
        """A play that came to Trakt by another way."""
        row = HistoryRow(self.core.next_id(), watched_at, action, item)
        self.user(user).add_play(row, self.now())
        return row

    def history_count(self, trakt: int | None = None, *, kind: str | None = None, user: str = "watcher") -> int:
        """How many plays there are: of a Trakt id (ids of movies and episodes may be equal), of a kind, or all."""
        rows = self.user(user).history
        return sum((trakt is None or row.trakt == trakt) and (kind is None or row.type == kind) for row in rows)

    def routes(self) -> list[web.RouteDef]:
        parts = (
            Scrobbling, Checkins, HistoryReads, HistoryWrites, WatchingReads, Ratings, Lists, Social, Watched, People, Search,
        )  # fmt: skip
        return self.oauth.routes() + [route for part in parts for route in part(self.core).routes()]

    def came(self, seen: Seen) -> None:
        for slug in self.core.users:
            self.core.user(slug)
        self.oauth.came(seen)

    def remember(self) -> Callable[[], None]:
        return self.core.remember()

    def admit(self, request: web.Request) -> None:
        if self.switches.require_user_agent and not request.headers.get("User-Agent", "").strip():
            raise Blocked
        if request.path.startswith("/activate") or request.path == "/oauth/authorize":
            return
        if request.content_type != "application/json":
            raise Refusal(412)
        if not request.path.startswith("/oauth/"):
            self._admit_to_data(request)

    def _admit_to_data(self, request: web.Request) -> None:
        key = request.headers.get("trakt-api-key")
        if key is None or request.headers.get("trakt-api-version") != "2":
            raise Refusal(412)
        if key != self.client_id or self.oauth.app_deleted:
            raise Refusal(403)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme:
            slug = self.oauth.tokens.who(token) if scheme.lower() == "bearer" else None
            if slug is None:
                raise Refusal(401, headers={"WWW-Authenticate": 'Bearer realm="trakt", error="invalid_token"'})
            request[VIEWER] = request[SEEN].user = slug
            self._refuse_locked(self.user(slug))
        request[_RATE] = self._rate.spend(request.method, request.get(VIEWER))

    @staticmethod
    def _refuse_locked(user: UserState) -> None:
        if user.locked or user.deactivated:
            told = {"X-Account-Locked": user.locked, "X-Account-Deactivated": user.deactivated}
            raise Refusal(423, headers={name: str(value).lower() for name, value in told.items()})

    def finish(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.setdefault("Cache-Control", "max-age=0, private, must-revalidate")
        if _RATE in request:
            response.headers.setdefault("X-Ratelimit", request[_RATE])
