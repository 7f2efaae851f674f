"""What the parts of the stand-in for Trakt have in common: its users, its catalogue, its time, and who is asking."""

from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from watchd.clock import DAY, SECOND, iso
from watchd.standins.accounts import HistoryRow, UserState, WatchingNow
from watchd.standins.catalogue import Catalogue
from watchd.standins.items import Episode, Item, Season, Show, Watchable, written
from watchd.standins.replies import Refusal
from watchd.standins.switches import Switches

VIEWER = web.RequestKey("viewer", str)


class Core:
    def __init__(self, now: Callable[[], int], switches: Switches, catalogue: Catalogue) -> None:
        self.now = now
        self.switches = switches
        self.catalogue = catalogue
        self.users: dict[str, UserState] = {}
        self._last_id = 13_062_230_456

    def next_id(self) -> int:
        """Ids of plays are larger than 32 bits, as the real ones are."""
        self._last_id += 1
        return self._last_id

    def add_user(self, slug: str, **facts: Any) -> UserState:
        self.users[slug] = UserState(slug, self.now() - 1000 * DAY, **facts)
        return self.users[slug]

    def user(self, slug: str) -> UserState:
        """The account as of now; KeyError when there is none."""
        user = self.users[slug]
        user.settle(self.now())
        return user

    def viewer(self, request: web.Request) -> UserState | None:
        slug = request.get(VIEWER)
        return None if slug is None else self.user(slug)

    def owner(self, request: web.Request) -> UserState:
        """Whose token came along; 401 when none did."""
        viewer = self.viewer(request)
        if viewer is None:
            raise Refusal(401, headers={"WWW-Authenticate": 'Bearer realm="trakt"'})
        return viewer

    def named(self, request: web.Request, *, hidden: bool = True) -> UserState:
        """The user of the path: 404 when unknown, 401 when private and not the viewer (unless `hidden` is False)."""
        slug = request.match_info["user"]
        if slug == "me":
            return self.owner(request)
        if slug.lower() not in self.users:
            raise Refusal(404)
        user = self.user(slug.lower())
        if hidden and user.private and self.viewer(request) is not user:
            raise Refusal(401, headers={"X-Private-User": "true"})
        return user

    def runtime(self, item: Watchable) -> float:
        """In seconds; some length is assumed where none is known."""
        minutes = item.runtime or (item.show.runtime if isinstance(item, Episode) else 0) or 60
        return minutes * 60.0

    def start(self, user: UserState, item: Watchable, progress: float) -> None:
        """What a start does: watching is replaced, the saved position goes."""
        now = self.now()
        left = round(self.runtime(item) * (1 - progress / 100) * SECOND)
        started = user.first_started.setdefault(item.key, now) if self.switches.watching_started_at_stale else now
        user.watching = WatchingNow(item, "scrobble", started, now + left)
        user.drop_position(item, now)

    def scrobble(self, user: UserState, item: Watchable) -> HistoryRow:
        """What a watched stop does."""
        now = self.now()
        row = HistoryRow(self.next_id(), now, "scrobble", item)
        user.add_play(row, now)
        user.scrobbled[item.key] = row
        self.end(user, item)
        user.drop_position(item, now)
        return row

    def end(self, user: UserState, item: Watchable) -> None:
        """The item is no longer on."""
        user.first_started.pop(item.key, None)
        if user.watching is not None and user.watching.item.key == item.key:
            user.watching = None

    def shown(self, at: int) -> int:
        """A moment of the history as answers show it."""
        return at - at % 60_000 if self.switches.minute_truncation else at

    def written(self, item: Item, extended: Iterable[str] = ()) -> dict[str, Any]:
        aired = None
        if isinstance(item, Show):
            now = self.now()
            aired = sum(one.season > 0 and one.released <= now for one in self.catalogue.episodes(item))
        return written(item, frozenset(extended), self.switches.flavour, aired)

    def pair(self, item: Item, extended: Iterable[str] = ()) -> dict[str, Any]:
        """`movie`, or `episode` and `show`, as they stand beside the other fields of an answer."""
        body = {item.kind: self.written(item, extended)}
        if isinstance(item, Episode | Season):
            body["show"] = self.written(item.show, extended)
        return body

    def remember(self) -> Callable[[], None]:
        backs = [user.remember() for user in self.users.values()]

        def back() -> None:
            for one in backs:
                one()

        return back


def extended(request: web.Request) -> frozenset[str]:
    return frozenset(request.query.get("extended", "").split(","))


def stamp(at: int | None) -> str | None:
    return None if at is None else iso(at)
