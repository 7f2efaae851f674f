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

    async def begin(self, *, confirm: bool) -> Json:
        """Start a device login; the code to enter and where. NoApp or UpstreamError."""
        code = await self._known().begin(confirm=confirm)
        return {
            "user_code": code.user_code,
            "verification_url": code.verification_url,
            "expires_in": code.expires_in,
            "interval": code.interval,
        }

    def status(self) -> Json:
        """How the login stands: none, waiting, done or failed."""
        status = self._known().status
        return {"state": str(status.state), "reason": status.reason, "user": status.user}

    async def logout(self) -> None:
        """Revoke and forget the tokens. NoApp or UpstreamError."""
        await self._known().logout()
