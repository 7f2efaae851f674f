"""Connecting: what the admin may do about the login, as plain values for the API."""

from watchd.errors import WatchdError
from watchd.services.login import Login

Json = dict[str, object]


class NoApp(WatchdError):
    """There is no Trakt app to log in with."""


class Connecting:
    """The login of the household's account, if there is an app to log in with."""

    def __init__(self, login: Login | None) -> None:
        self._login = login

    def _known(self) -> Login:
        if self._login is None:
            raise NoApp(
                "no Trakt app is configured: set WATCHD_TRAKT__CLIENT_ID and WATCHD_TRAKT__CLIENT_SECRET; "
                "without them watchd records and serves everything, and relays nothing"
            )
        return self._login

    def ask(self, *, confirm: bool) -> None:
        """Start a login; `status` shows the code as soon as Trakt has given one. NoApp."""
        self._known().ask(confirm=confirm)

    def leave(self) -> None:
        """Start to log out: revoke and forget the tokens. NoApp."""
        self._known().leave()

    def status(self) -> Json:
        """How the login stands: none, asking, waiting (with the code to enter), leaving, done or failed. NoApp."""
        status = self._known().status
        told: Json = {"state": str(status.state), "reason": status.reason, "user": status.user}
        if status.code is not None:
            told["code"] = {
                "user_code": status.code.user_code,
                "verification_url": status.code.verification_url,
                "expires_in": status.code.expires_in,
            }
        return told
