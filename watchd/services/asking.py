"""Asking: any method of Trakt's for the one at the command line, as plain values."""

from collections.abc import Mapping
from typing import Any

from watchd.clients.trakt_caller import Call, TraktCaller
from watchd.errors import UpstreamRefusal, WatchdError
from watchd.rules.verdict import MENDS
from watchd.services.jobs import Jobs

Json = dict[str, object]


class BadCall(WatchdError):
    """What was asked for is no call."""


class Asking:
    """The caller of each account by its name, the default one first; None where there is no Trakt app."""

    def __init__(self, callers: Mapping[str, TraktCaller | None], jobs: Jobs) -> None:
        self._names = list(callers)
        self._callers = {name.casefold(): caller for name, caller in callers.items()}
        self._jobs = jobs

    def start(self, account: str | None, told: Mapping[str, Any]) -> int:
        """Ask in the background; the number of the job. WatchdError for what Trakt need not be asked."""
        caller, call = self._caller(account), call_of(told)
        caller.method(call)
        return self._jobs.start(lambda: _asked(caller, call))

    async def ask(self, account: str | None, told: Mapping[str, Any]) -> Json:
        """Ask and wait; a refusal by Trakt is an answer too."""
        return await _asked(self._caller(account), call_of(told))

    def _caller(self, account: str | None) -> TraktCaller:
        name = (self._names[0] if account is None else account).casefold()
        if name not in self._callers:
            raise BadCall(f"there is no such account; there are: {', '.join(self._names)}")
        caller = self._callers[name]
        if caller is None:
            raise BadCall("no Trakt app is configured: set WATCHD_TRAKT__CLIENT_ID")
        return caller


def call_of(told: Mapping[str, Any]) -> Call:
    """A call from plain values; BadCall when they are none."""
    verb, path = told.get("method"), told.get("path")
    params, extended = told.get("params") or {}, told.get("extended") or []
    if not isinstance(verb, str) or not isinstance(path, str) or not path.strip("/"):
        raise BadCall("a call has a method and a path")
    if not isinstance(params, dict) or not all(isinstance(part, str) for pair in params.items() for part in pair):
        raise BadCall("params are names and texts")
    if not isinstance(extended, list) or not all(isinstance(level, str) for level in extended):
        raise BadCall("extended is a list of levels of detail")
    if not isinstance(told.get("all", False), bool):
        raise BadCall("all is true or false")
    return Call(verb.upper(), path, params, tuple(extended), told.get("all", False), told.get("data"))


async def _asked(caller: TraktCaller, call: Call) -> Json:
    try:
        reply = await caller.call(call)
    except UpstreamRefusal as refusal:
        return {"status": refusal.status, "error": _why(refusal)}
    return {"status": reply.status, "rows": reply.rows, "pages": reply.pages, "data": reply.data}


def _why(refusal: UpstreamRefusal) -> str:
    """Trakt's own words, else what its status means: often it has none."""
    if refusal.is_html:
        return "a page of the proxy before Trakt"
    if refusal.status == 403:
        return refusal.body or "not for this app or this login"
    return refusal.body or MENDS.get(refusal.status, "")
