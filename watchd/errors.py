"""What can go wrong, one class for each different reaction of the caller."""


class WatchdError(Exception):
    """Base of all errors that watchd foresees; its text may be shown to the user and holds no secret."""


class SettingsError(WatchdError):
    """The start is refused because of a setting; the text names it and the mend."""


class StateError(WatchdError):
    """The state directory or database cannot be used: newer version, damage, another process, no rights."""


class StoreUnavailable(WatchdError):
    """A write was not committed (disk full, read-only, closing); the sender must be told so with a 503."""


class MalformedPayload(WatchdError):
    """A hook's body is torn, of wrong types or names no media: 4xx, kept as a trace only."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class UpstreamError(WatchdError):
    """A call to Trakt or TMDB did not bring what was asked for."""


class UpstreamUnreachable(UpstreamError):
    """No complete answer: connection, time limit, torn body. `maybe_done` tells whether the work may have been done."""

    def __init__(self, message: str, *, maybe_done: bool) -> None:
        super().__init__(message)
        self.maybe_done = maybe_done


class UpstreamRefusal(UpstreamError):
    """A complete answer with a status that is no 2xx. `body` is bounded text; `retry_after` is in seconds."""

    def __init__(
        self,
        status: int,
        *,
        body: str = "",
        content_type: str = "",
        headers: dict[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = headers or {}
        self.retry_after = retry_after

    @property
    def is_html(self) -> bool:
        """A page of the proxy before the API (Cloudflare), not an answer of the API itself."""
        return "html" in self.content_type


class LoginRequired(UpstreamError):
    """The account has no usable tokens: only `watchd login` helps. Nothing that is owed is lost meanwhile."""
