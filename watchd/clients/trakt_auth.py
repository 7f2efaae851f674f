"""Trakt's OAuth: the device login, the refresh and the revocation, with each outcome as a type of its own."""

import json
from dataclasses import dataclass, field
from typing import Any, NoReturn

from watchd.clients.rest import Answer, RestClient
from watchd.errors import LoginRequired, UpstreamError, UpstreamRefusal, UpstreamUnreachable
from watchd.model.tokens import TokenPair

REDIRECT_URI = "urn:ietf:wg:oauth:2.0:oob"


class AppRefused(UpstreamRefusal):
    """Trakt does not know the API app (any more): told as 403, as the data API tells it, whatever the OAuth host said."""

    def __init__(self, refusal: UpstreamRefusal) -> None:
        super().__init__(403, body=refusal.body, content_type=refusal.content_type, headers=refusal.headers)


class DeviceLoginEnded(UpstreamError):
    """This device code brings no tokens any more; asking again is of no use."""


class DeviceCodeUnknown(DeviceLoginEnded):
    """404: no such code."""


class DeviceCodeUsed(DeviceLoginEnded):
    """409: the code has been turned into tokens already."""


class DeviceCodeExpired(DeviceLoginEnded):
    """410: nobody entered the code in time."""


class DeviceLoginDenied(DeviceLoginEnded):
    """418: the user said no."""


_ENDED: dict[int, tuple[type[DeviceLoginEnded], str]] = {
    404: (DeviceCodeUnknown, "Trakt does not know this code"),
    409: (DeviceCodeUsed, "this code has been used already"),
    410: (DeviceCodeExpired, "the code has expired"),
    418: (DeviceLoginDenied, "the login was refused on Trakt's page"),
}


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What the user enters where; `expires_in` and `interval` are seconds."""

    device_code: str = field(repr=False)
    user_code: str
    verification_url: str
    expires_in: int
    interval: int


@dataclass(frozen=True, slots=True)
class Pending:
    """400: the user has not entered the code yet."""


@dataclass(frozen=True, slots=True)
class SlowDown:
    """429: ask at longer intervals; `retry_after` is what the answer names, in seconds."""

    retry_after: float | None = None


class TraktAuth:
    """The OAuth host, for one API app."""

    def __init__(self, rest: RestClient, client_id: str, client_secret: str, *, redirect_uri: str = REDIRECT_URI) -> None:
        self._rest = rest
        self._client_id = client_id
        self._app = {"client_id": client_id, "client_secret": client_secret}
        self._redirect_uri = redirect_uri

    async def device_code(self) -> DeviceCode:
        """Begin a login."""
        try:
            answer = await self._post("device/code", {"client_id": self._client_id})
        except UpstreamRefusal as refusal:
            _raise_refusal(refusal)
        return _device_code(answer.data)

    async def poll_device(self, code: DeviceCode) -> TokenPair | Pending | SlowDown:
        """Ask whether the user has entered the code; DeviceLoginEnded when it will not come to that."""
        asked = self._rest.clock.now()
        try:
            answer = await self._post("device/token", {"code": code.device_code, **self._app})
        except UpstreamRefusal as refusal:
            if refusal.is_html:
                raise
            if refusal.status in _ENDED:
                kind, message = _ENDED[refusal.status]
                raise kind(message) from refusal
            if refusal.status == 429:
                return SlowDown(refusal.retry_after)
            if refusal.status == 400 and _error(refusal) != "invalid_client":
                return Pending()
            _raise_refusal(refusal)
        return _token_pair(answer, asked)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """Turn a refresh token, for which there is one use, into a new pair.

        LoginRequired when the token is not accepted, AppRefused when it is the app that is not.
        """
        asked = self._rest.clock.now()
        grant = {"refresh_token": refresh_token, "redirect_uri": self._redirect_uri, "grant_type": "refresh_token"}
        try:
            answer = await self._post("token", {**grant, **self._app})
        except UpstreamRefusal as refusal:
            if refusal.status in {400, 401} and not refusal.is_html and _error(refusal) in {"", "invalid_grant"}:
                raise LoginRequired("Trakt does not accept the refresh token any more") from refusal
            _raise_refusal(refusal)
        return _token_pair(answer, asked)

    async def revoke(self, access_token: str) -> None:
        """Give the tokens back."""
        await self._post("revoke", {"token": access_token, **self._app}, empty=True)

    async def _post(self, what: str, body: dict[str, str], *, empty: bool = False) -> Answer:
        path = f"/oauth/{what}"
        return await self._rest.request("POST", path, endpoint=path, json=body, empty=empty)


def _raise_refusal(refusal: UpstreamRefusal) -> NoReturn:
    """Tell a refusal of the app from all others."""
    if not refusal.is_html and (refusal.status == 403 or _error(refusal) == "invalid_client"):
        raise AppRefused(refusal) from refusal
    raise refusal


def _error(refusal: UpstreamRefusal) -> str:
    """The `error` of an OAuth refusal, empty when there is none."""
    try:
        told = json.loads(refusal.body)
    except (ValueError, RecursionError):
        return ""
    return str(told.get("error") or "") if isinstance(told, dict) else ""


def _device_code(data: Any) -> DeviceCode:
    try:
        return DeviceCode(
            str(data["device_code"]),
            str(data["user_code"]),
            str(data["verification_url"]),
            int(data["expires_in"]),
            max(1, int(data["interval"])),
        )
    except (KeyError, TypeError, ValueError):
        raise UpstreamUnreachable("trakt: the answer holds no device code", maybe_done=True) from None


def _token_pair(answer: Answer, asked: int) -> TokenPair:
    """The pair, born when we asked for it: by Trakt's clock, a wrong one of ours would make every new token look old."""
    data = answer.data
    try:
        access, refresh, expires_in = data["access_token"], data["refresh_token"], int(data["expires_in"])
        scope = str(data.get("scope") or "public")
    except (KeyError, TypeError, ValueError, AttributeError):
        access, refresh, expires_in, scope = None, None, 0, ""
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh and expires_in > 0):
        raise UpstreamUnreachable("trakt: the answer holds no tokens", maybe_done=True)
    return TokenPair(access, refresh, asked, expires_in, scope)
