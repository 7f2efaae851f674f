"""How a command talks to the running daemon: its admin API, over urllib, which starts fast."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import quote

from watchd.app.whereabouts import url_of
from watchd.errors import StateError, WatchdError
from watchd.settings import Settings
from watchd.store import accounts, state_dir
from watchd.store.readonly import looked_into

_TIME_LIMIT = 30.0
_LOOK = 0.2


class ApiError(WatchdError):
    """The daemon refused, or could not be asked."""


@dataclass(frozen=True, slots=True)
class DaemonApi:
    """The admin API of the daemon that runs on this state directory."""

    url: str
    token: str

    def call(self, method: str, path: str, body: object = None) -> Mapping[str, Any]:
        """One call; ApiError with the daemon's own words when it refuses."""
        data = None if body is None else json.dumps(body).encode()
        return self._sent(method, path, data, {"Content-Type": "application/json"})

    def upload(self, path: str, file: BinaryIO, size: int) -> Mapping[str, Any]:
        """Post a file as it is."""
        return self._sent("POST", path, file, {"Content-Type": "application/octet-stream", "Content-Length": str(size)})

    def done(self, job: int) -> Any:
        """Wait for a job of the daemon's and give its result."""
        while True:
            status = self.call("GET", f"/api/jobs/{job}")
            if status.get("state") == "failed":
                raise ApiError(str(status.get("reason")))
            if status.get("state") == "done":
                return status.get("result")
            time.sleep(_LOOK)

    def _sent(self, method: str, path: str, data: bytes | BinaryIO | None, headers: Mapping[str, str]) -> Mapping[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - our own http URL
            self.url + path, data, {"Authorization": f"Bearer {self.token}", **headers}, method=method
        )
        try:
            with _OPENER.open(request, timeout=_TIME_LIMIT) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                mend = ": set WATCHD_ADMIN_TOKEN here as the daemon has it" if error.code == HTTPStatus.UNAUTHORIZED else ""
                raise ApiError(_reason(error) + mend) from None
        except (OSError, ValueError) as error:
            raise ApiError(f"the daemon at {self.url} does not answer") from error
        return told if isinstance(told, dict) else {}


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        told = json.load(error)
    except (OSError, ValueError):
        told = None
    text = told.get("error") if isinstance(told, dict) else None
    return str(text) if text else f"the daemon answered {error.code}"


def path_for(path: str, account: str | None) -> str:
    """The path of a call about that account; without one it is about whoever the call means then."""
    return path if account is None else f"{path}?user={quote(account, safe='')}"


def running(settings: Settings) -> DaemonApi | None:
    """The daemon of this state directory; None when none runs."""
    if not state_dir.is_owned(settings.state_dir):
        return None
    url = url_of(settings.state_dir)
    if url is None:
        raise ApiError("a daemon owns the state directory and does not listen yet; try again in a moment")
    token = settings.admin_token.get_secret_value() if settings.admin_token else stored_token(settings, "admin")
    return DaemonApi(url, token)


def stored_token(settings: Settings, scope: str) -> str:
    """The token made at the first start; StateError when there was none yet."""
    with looked_into(settings.state_dir / state_dir.DATABASE) as connection:
        tokens = accounts.api_tokens(connection)
    wanted = (scope, None, None)
    found = [token.token for token in tokens if (token.scope, token.source, token.account_id) == wanted]
    if not found:
        raise StateError(
            f"no {scope} token is stored here: start `watchd run` once, or set WATCHD_{scope.upper()}_TOKEN as it has it"
        )
    return found[0]
