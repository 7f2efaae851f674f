"""Connecting: what the admin may do about the logins, as plain values for the API."""

from collections.abc import Mapping

from watchd.errors import WatchdError
from watchd.services.login import Login

Json = dict[str, object]


class NoApp(WatchdError):
    """There is no Trakt app to log in with."""


class NoSuchAccount(WatchdError):
    """The settings name no such account."""


class Connecting:
    """The login of each account by its name, the default one first; None where there is no app to log in with.

    Without a name the default account is meant; a name is taken however it is capitalised. NoApp or NoSuchAccount everywhere.
    """

    def __init__(self, logins: Mapping[str, Login | None]) -> None:
        self._names = list(logins)
        self._logins = {name.casefold(): login for name, login in logins.items()}

    def login(self, account: str | None) -> Login:
        """The login itself, for those who see it to its end on their own."""
        name = (self._names[0] if account is None else account).casefold()
        if name not in self._logins:
            raise NoSuchAccount(f"there is no such account; there are: {', '.join(self._names)}")
        login = self._logins[name]
        if login is None:
            raise NoApp(
                "no Trakt app is configured: set WATCHD_TRAKT__CLIENT_ID and WATCHD_TRAKT__CLIENT_SECRET; "
                "without them watchd records and serves everything, and relays nothing"
            )
        return login

    def ask(self, account: str | None, *, confirm: bool) -> None:
        """Start a login; `status` shows the code as soon as Trakt has given one."""
        self.login(account).ask(confirm=confirm)

    def leave(self, account: str | None) -> None:
        """Start to log out: revoke and forget the tokens."""
        self.login(account).leave()

    def status(self, account: str | None) -> Json:
        """How the login stands: none, asking, waiting (with the code to enter), leaving, done or failed."""
        status = self.login(account).status
        told: Json = {"state": str(status.state), "reason": status.reason, "user": status.user}
        if status.code is not None:
            told["code"] = {
                "user_code": status.code.user_code,
                "verification_url": status.code.verification_url,
                "expires_in": status.code.expires_in,
            }
        return told
