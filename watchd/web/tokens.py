"""Tokens: where a request carries one, and what it grants."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import hdrs, web


class Scope(StrEnum):
    """What a route asks for and a token grants. `NONE` and `CARD` (a read anybody's page may embed) are for routes only."""

    NONE = "none"
    HOOK = "hook"
    CARD = "card"
    READ = "read"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows: for one account (None: the whole household), and perhaps from one source only."""

    scope: Scope
    account_id: int | None = None
    source: str | None = None


ANYONE = Grant(Scope.NONE)


class TokenTable:
    """The tokens, compared in constant time."""

    def __init__(self, tokens: Iterable[tuple[str, Grant]]) -> None:
        self._tokens: list[tuple[bytes, Grant]] = []
        self.replace(tokens)

    def replace(self, tokens: Iterable[tuple[str, Grant]]) -> None:
        """These are good from now on, and no others."""
        self._tokens = [(token.encode(), grant) for token, grant in tokens if token]

    def find(self, token: str) -> Grant | None:
        """What `token` allows; None for an unknown one. Every token is compared, whichever fits."""
        given = token.encode("utf-8", "surrogateescape")
        found = None
        for known, grant in self._tokens:
            if hmac.compare_digest(known, given):
                found = grant
        return found


def carried(request: web.Request) -> tuple[str | None, bool]:
    """The token a request carries, and whether it stood in the address: as `?token=`, or as the end of a hook's path."""
    headers = request.headers
    authorization = headers.get(hdrs.AUTHORIZATION)
    if authorization is not None:
        return _from_authorization(authorization), False
    key = headers.get("X-API-Key")
    if key is not None:
        return key.strip(), False
    if "token=" in request.rel_url.raw_query_string:
        return request.rel_url.query.get("token"), True
    return request.match_info.get("token"), True


def _from_authorization(header: str) -> str:
    scheme, _, value = header.partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return value
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8", "surrogateescape").partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return ""
