"""The links to Trakt of all accounts that have one, and what goes through them."""

from collections.abc import Iterator
from functools import partial

from watchd.app.household import Everybody
from watchd.app.trakt_link import Ground, TraktLink, connect
from watchd.clients.trakt_caller import TraktCaller
from watchd.model.media import Media
from watchd.model.playback import Play
from watchd.services.login import Login
from watchd.services.now import Now
from watchd.services.recorder import Changed
from watchd.services.refresher import Refresher
from watchd.services.sync import Sync


class Links:
    """Filled while the parts are wired, for these call each other; empty without a client id."""

    def __init__(self) -> None:
        self._links: dict[int, TraktLink] = {}

    def __iter__(self) -> Iterator[TraktLink]:
        return iter(self._links.values())

    def connect(self, everybody: Everybody, ground: Ground, refresher: Refresher) -> None:
        """Link each account by its own login, under the one app."""
        for number, one in enumerate(everybody):
            suffix = f"-{one.id}" if number else ""
            link = connect(ground, one.id, one.trakt_username, stale=partial(refresher.mark, one.id), suffix=suffix)
            if link is not None:
                self._links[one.id] = link

    def login(self, account_id: int) -> Login | None:
        """The account's login; None where there is no app to log in with."""
        link = self._links.get(account_id)
        return None if link is None else link.login

    def sync(self, account_id: int) -> Sync | None:
        """The account's sync; None without an app."""
        link = self._links.get(account_id)
        return None if link is None else link.sync

    def caller(self, account_id: int) -> TraktCaller | None:
        """What makes the account's calls of any method; None without an app."""
        link = self._links.get(account_id)
        return None if link is None else link.caller

    def wake(self) -> None:
        """Something may be owed."""
        for link in self:
            link.wake()

    def want(self, account_id: int, media: Media) -> None:
        """An account's media should be looked up, if it lacks what Trakt knows."""
        link = self._links.get(account_id)
        if link is not None and link.lookup is not None:
            link.lookup.want(media)

    def shown_by(self, now: Now) -> Changed:
        """What each change of an account's open plays is told to: they are shown, and when all are over Trakt is asked."""

        def changed(account_id: int, plays: tuple[Play, ...]) -> None:
            if account_id not in now.accounts:  # no longer in the settings, and what it had open has ended by itself
                return
            ended = not plays and now.local_live(account_id)
            now.show_plays(account_id, plays)
            if ended and account_id in self._links:
                self._links[account_id].poller.nudge()

        return changed

    def facts(self, everybody: Everybody, now: Now) -> list[dict[str, object]]:
        """What the status says of each account."""
        found = ((one, self._links.get(one.id)) for one in everybody)
        return [
            {"name": one.name, "trakt": None if link is None else link.facts(), **now.summary(one.id)} for one, link in found
        ]
