"""Who may do what: reads over loopback, the hosts we answer to, the scopes of tokens."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from aiohttp import hdrs, web

from watchd.web.answers import HttpError
from watchd.web.tokens import ANYONE, Grant, Scope, TokenTable, carried

_FORWARDING = frozenset(
    (
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-envoy-external-address",
        "x-original-host",
        "true-client-ip",
        "cf-connecting-ip",
        "fly-client-ip",
        "client-ip",
    )
)
_CHALLENGE: dict[str, str] = {hdrs.WWW_AUTHENTICATE: 'Bearer realm="watchd"'}
_KEPT = 256
_GRANTED = {
    Scope.HOOK: frozenset({Scope.HOOK}),
    Scope.READ: frozenset({Scope.CARD, Scope.READ}),
    Scope.ADMIN: frozenset({Scope.HOOK, Scope.CARD, Scope.READ, Scope.ADMIN}),
}


class Public(StrEnum):
    """What the public host shows to anybody."""

    NONE = "none"
    CARDS = "cards"
    ALL = "all"


_SHOWN = {
    Public.NONE: frozenset[Scope](),
    Public.CARDS: frozenset({Scope.CARD}),
    Public.ALL: frozenset({Scope.CARD, Scope.READ}),
}


class HostKind(StrEnum):
    LOOPBACK = "loopback"
    PUBLIC = "public"
    KNOWN = "known"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Access:
    """Where we listen and by which names we are called. `loopback` tells that the listener is bound to loopback alone."""

    loopback: bool = True
    public: Public = Public.NONE
    public_host: str | None = None
    hosts: frozenset[str] = frozenset()


class Guard:
    """Decides about each request before its handler runs."""

    def __init__(self, access: Access, tokens: TokenTable) -> None:
        self._loopback = access.loopback
        self._shown = _SHOWN[access.public]
        self._public_host = host_name(access.public_host or "")
        self._hosts = frozenset(host_name(host) for host in access.hosts)
        self._tokens = tokens
        self._kinds: dict[str, HostKind] = {}
        self._headers: dict[str, bool] = {}

    def admit(self, request: web.Request, scope: Scope) -> Grant:
        """What the sender may do (`ANYONE` when it needed no token); HttpError when it may not do this."""
        if scope is Scope.NONE:
            return ANYONE
        host = self._kind(request.headers.get(hdrs.HOST, ""))
        # A name we do not know may be a rebound one; a hook's token is proof enough, and servers call us by names of their own.
        if host is HostKind.FOREIGN and scope is not Scope.HOOK:
            raise HttpError(403, "this host name is not known here: name it in WATCHD_HOSTS, or use the address")
        if scope is Scope.ADMIN:
            _refuse_foreign_pages(request)
        token, in_address = carried(request)
        if token is None:
            if self._open(request, scope, host):
                return ANYONE
            token, in_address = request.match_info.get("apikey"), True  # may be anything where none is needed
        if token is None:
            raise HttpError(401, "a token is needed", _CHALLENGE)
        return self._granted(token, in_address, scope, request)

    def _granted(self, token: str, in_address: bool, scope: Scope, request: web.Request) -> Grant:
        grant = self._tokens.find(token)
        if grant is None:
            raise HttpError(401, "the token is not known", _CHALLENGE)
        if in_address and Scope.ADMIN in (scope, grant.scope):
            raise HttpError(403, "an admin token goes into a header, never into an address")
        if scope not in _GRANTED[grant.scope]:
            raise HttpError(403, f"the token is for {grant.scope} only")
        if grant.source is not None and scope is Scope.HOOK and grant.source != request.match_info.get("source", "trakt"):
            raise HttpError(403, f"the token is for {grant.source} only")
        return grant

    def _open(self, request: web.Request, scope: Scope, host: HostKind) -> bool:
        if not self._loopback or (scope is not Scope.CARD and scope is not Scope.READ):
            return False
        if host is not HostKind.LOOPBACK and (host is not HostKind.PUBLIC or scope not in self._shown):
            return False
        return not self._forwarded(request)

    def _forwarded(self, request: web.Request) -> bool:
        for header in request.headers:
            telling = self._headers.get(header)
            if telling is None:
                telling = self._telling(header)
            if telling:
                return True
        return False

    def _telling(self, header: str) -> bool:
        """Whether a header tells of somebody in between; remembered, for senders use the same few all the time."""
        if len(self._headers) >= _KEPT:
            self._headers.clear()
        name = header.lower()
        telling = self._headers[header] = name in _FORWARDING or name.startswith("x-forwarded")
        return telling

    def _kind(self, host: str) -> HostKind:
        kind = self._kinds.get(host)
        if kind is None:
            if len(self._kinds) >= _KEPT:
                self._kinds.clear()
            kind = self._kinds[host] = self._judge(host)
        return kind

    def _judge(self, host: str) -> HostKind:
        name = host_name(host)
        if name == "localhost":
            return HostKind.LOOPBACK
        if name and name == self._public_host:
            return HostKind.PUBLIC
        if not name or name in self._hosts:
            return HostKind.KNOWN
        try:
            address = ip_address(name)
        except ValueError:
            return HostKind.FOREIGN
        return HostKind.LOOPBACK if address.is_loopback else HostKind.KNOWN


def host_name(host: str) -> str:
    """The name in a `Host` header: lower case, without the port, the brackets of IPv6 and a final dot."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower().rstrip(".")


def _refuse_foreign_pages(request: web.Request) -> None:
    """A browser keeps a Basic password and would send it along from another site's page."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin.partition("://")[2].lower() != request.headers.get(hdrs.HOST, "").lower():
        raise HttpError(403, "pages of another site may not do this")
