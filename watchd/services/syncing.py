"""Syncing: what the admin may ask of the syncs with Trakt, as plain values for the API."""

from collections.abc import Mapping

from watchd.errors import WatchdError
from watchd.services.sync import Sync

Json = dict[str, object]


class NoSync(WatchdError):
    """There is no such account, or no Trakt app to read its library with."""


class Syncing:
    """The sync of each account by its name, the default one first; None without a client id. NoSync everywhere."""

    def __init__(self, syncs: Mapping[str, Sync | None]) -> None:
        self._names = list(syncs)
        self._syncs = {name.casefold(): sync for name, sync in syncs.items()}

    def ask(self, account: str | None, *, full: bool) -> None:
        """Start one; `status` tells how far it is."""
        sync = self._sync(account)
        if not sync.heard:
            raise NoSync("nobody is logged in at Trakt, and no public profile is named: run `watchd login`")
        sync.ask(full=full)

    def status(self, account: str | None) -> Json:
        return self._sync(account).facts()

    def _sync(self, account: str | None) -> Sync:
        name = (self._names[0] if account is None else account).casefold()
        if name not in self._syncs:
            raise NoSync(f"there is no such account; there are: {', '.join(self._names)}")
        sync = self._syncs[name]
        if sync is None:
            raise NoSync("no Trakt app is configured: set WATCHD_TRAKT__CLIENT_ID; without one there is nothing to read from")
        return sync
