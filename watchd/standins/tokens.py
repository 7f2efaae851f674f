"""Every pair of tokens that was ever given out, and whether it still opens anything."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from watchd.clock import SECOND
from watchd.standins.core import Core


@dataclass
class Grant:
    """A pair of tokens: it lives until it is revoked, its access token until it expires, its refresh token until used."""

    user: str
    access: str
    refresh: str
    expires_at: int
    used_at: int | None = None
    revoked: bool = False


@dataclass
class Tokens:
    core: Core
    seen: Counter[str] = field(default_factory=Counter)
    """How often each refresh token was presented."""
    _by_access: dict[str, Grant] = field(default_factory=dict)
    _by_refresh: dict[str, Grant] = field(default_factory=dict)

    def issue(self, user: str) -> dict[str, Any]:
        """A new pair, as the body of an answer."""
        number, now, lifetime = len(self._by_access) + 1, self.core.now(), self.core.switches.token_lifetime
        created = now // SECOND
        access, refresh = (f"{number:08x}{secrets.token_hex(28)}" for _ in range(2))
        grant = Grant(user, access, refresh, (created + lifetime) * SECOND)
        self._by_access[access] = self._by_refresh[refresh] = grant
        body = {
            "access_token": access, "token_type": "bearer", "expires_in": lifetime, "refresh_token": refresh, "scope": "public",
            "created_at": created,
        }  # fmt: skip
        self.core.user(user).tokens.append(body)
        return body

    def refresh(self, token: str) -> dict[str, Any] | None:
        """The next pair for a refresh token, which is used up by that; None when it is no longer, or never was, good."""
        grant, now, switches = self._by_refresh.get(token), self.core.now(), self.core.switches
        if grant is None or grant.revoked:
            return None
        if grant.used_at is not None and now - grant.used_at >= switches.refresh_grace * SECOND:
            return None
        grant.used_at = now if grant.used_at is None else grant.used_at
        if switches.refresh_kills_access:
            grant.expires_at = min(grant.expires_at, now)
        return self.issue(grant.user)

    def revoke(self, token: str) -> None:
        """End the pair that this access or refresh token belongs to, if there is one."""
        grant = self._by_access.get(token) or self._by_refresh.get(token)
        if grant is not None:
            grant.revoked = True

    def who(self, access: str) -> str | None:
        """The user of a living access token."""
        grant = self._by_access.get(access)
        if grant is None or grant.revoked or self.core.now() >= grant.expires_at:
            return None
        return grant.user

    def expire(self, user: str) -> None:
        """Let every access token of the user be over, as if its time had passed; refresh tokens go on living."""
        for grant in self._by_access.values():
            if grant.user == user:
                grant.expires_at = min(grant.expires_at, self.core.now())

    def revoke_all(self, user: str) -> None:
        """What the user does on the settings page: the app is disconnected."""
        for grant in self._by_access.values():
            grant.revoked = grant.revoked or grant.user == user
