"""OAuth: the device flow, the code exchange, rotating single-use refresh tokens, revocation."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from yarl import URL

from watchd.clock import SECOND
from watchd.standins.core import Core
from watchd.standins.faults import Seen
from watchd.standins.replies import Refusal, body_object, reply
from watchd.standins.server import SEEN
from watchd.standins.tokens import Tokens

_POLL_SLACK = 500
OOB = "urn:ietf:wg:oauth:2.0:oob"


@dataclass
class _Device:
    user_code: str
    asked_at: int
    polled_at: int | None = None
    approved_by: str | None = None
    denied: bool = False
    used: bool = False


@dataclass
class OAuth:
    """The one registered app, and how a user lets it in."""

    core: Core
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...] = (OOB,)
    auto_approve: bool = False
    app_deleted: bool = False
    _devices: dict[str, _Device] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.core)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/oauth/device/code", self.device_code),
            web.post("/oauth/device/token", self.device_token),
            web.post("/oauth/token", self.token),
            web.post("/oauth/revoke", self.revoke),
            web.get("/oauth/authorize", self.authorize, allow_head=False),
            web.get("/activate", self.activate, allow_head=False),
            web.get("/activate/{user_code}", self.activate, allow_head=False),
        ]

    def came(self, seen: Seen) -> None:
        """Count every refresh token that is presented, whatever becomes of the request."""
        if seen.path == "/oauth/token" and isinstance(seen.body, dict) and isinstance(seen.body.get("refresh_token"), str):
            self.tokens.seen[seen.body["refresh_token"]] += 1

    def waiting(self, user_code: str) -> _Device:
        return next(device for device in self._devices.values() if device.user_code == user_code.upper())

    async def device_code(self, request: web.Request) -> web.Response:
        self._client(request, secret=False)
        code, switches = secrets.token_hex(32), self.core.switches
        device = _Device(secrets.token_hex(4).upper(), self.core.now(), approved_by="watcher" if self.auto_approve else None)
        self._devices[code] = device
        body = {
            "device_code": code, "user_code": device.user_code, "verification_url": f"{request.url.origin()}/activate",
            "expires_in": switches.device_lifetime, "interval": switches.device_interval,
        }  # fmt: skip
        return reply(body)

    async def device_token(self, request: web.Request) -> web.Response:
        body = self._client(request)
        device, now = self._devices.get(str(body.get("code"))), self.core.now()
        if device is None:
            raise Refusal(404)
        if device.used:
            raise Refusal(409)
        if now >= device.asked_at + self.core.switches.device_lifetime * SECOND:
            raise Refusal(410)
        if device.denied:
            raise Refusal(418)
        last, device.polled_at = device.polled_at, now
        if last is not None and now - last < self.core.switches.device_interval * SECOND - _POLL_SLACK:
            raise Refusal(429, headers={"Retry-After": str(self.core.switches.device_interval)})
        if device.approved_by is None:
            raise Refusal(400)
        device.used = True
        return reply(self.tokens.issue(device.approved_by))

    async def token(self, request: web.Request) -> web.Response:
        body = self._client(request)
        if body.get("redirect_uri") not in self.redirect_uris:
            raise _invalid_grant()
        if body.get("grant_type") == "refresh_token":
            pair = self.tokens.refresh(str(body.get("refresh_token")))
            if pair is None:
                raise _invalid_grant()
            return reply(pair)
        if body.get("grant_type") == "authorization_code":
            user = self._codes.pop(str(body.get("code")), None)
            if user is None:
                raise _invalid_grant()
            return reply(self.tokens.issue(user))
        raise Refusal(400, {"error": "unsupported_grant_type", "error_description": "This grant type is not supported."})

    async def revoke(self, request: web.Request) -> web.Response:
        self.tokens.revoke(str(self._client(request).get("token")))
        return reply()

    async def authorize(self, request: web.Request) -> web.Response:
        """The page where the user says yes; with `auto_approve` it goes on at once with a code."""
        target = request.query.get("redirect_uri", "")
        if request.query.get("client_id") != self.client_id or target not in self.redirect_uris:
            raise Refusal(401, {"error": "invalid_client", "error_description": "Unknown client or redirect_uri."})
        if not self.auto_approve:
            return web.Response(text="Waiting for the user to say yes.")
        code = secrets.token_hex(32)
        self._codes[code] = "watcher"
        if target == OOB:
            return web.Response(text=code)
        there = URL(target).update_query(code=code, state=request.query.get("state", ""))
        return web.Response(status=302, headers={"Location": str(there)})

    async def activate(self, _request: web.Request) -> web.Response:
        text = "<!DOCTYPE html><title>Activate</title><p>Enter the code your device shows.</p>"
        return web.Response(text=text, content_type="text/html")

    def _client(self, request: web.Request, *, secret: bool = True) -> dict[str, Any]:
        """The body, once it names the registered app."""
        body = body_object(request[SEEN].body)
        known = body.get("client_id") == self.client_id and (not secret or body.get("client_secret") == self.client_secret)
        if not known or self.app_deleted:
            raise Refusal(401, {"error": "invalid_client", "error_description": "Client authentication failed."})
        return body


def _invalid_grant() -> Refusal:
    text = "The provided authorization grant is invalid, expired or revoked."
    return Refusal(400, {"error": "invalid_grant", "error_description": text})
