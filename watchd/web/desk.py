"""The desk: the addresses at which an admin adds and deletes plays, imports files and asks Trakt."""

from watchd.web.desk_ports import DeskPorts
from watchd.web.jobs import Imports, JobStatus, TraktCall
from watchd.web.keys import Keys
from watchd.web.middleware import Route
from watchd.web.plays import Plays
from watchd.web.ports import WebPorts
from watchd.web.tokens import Scope


class Desk:
    """Its part of the route table; empty where there is no desk."""

    def __init__(self, ports: WebPorts) -> None:
        self._ports = ports

    def routes(self) -> tuple[Route, ...]:
        ports, desk = self._ports, self._ports.desk
        if desk is None:
            return ()
        return (*self._table(ports, desk), *_keys(ports, desk))

    @staticmethod
    def _table(ports: WebPorts, desk: DeskPorts) -> tuple[Route, ...]:
        plays = Plays(desk.handling, ports.doorkeeper, ports.clock, ports.limits)
        return (
            Route("POST", "/api/plays", plays.add, Scope.ADMIN),
            Route("DELETE", "/api/plays/{id}", plays.delete, Scope.ADMIN),
            Route("POST", "/api/trakt/call", TraktCall(desk.asking, ports.limits).start, Scope.ADMIN),
            Route("POST", "/api/import", Imports(desk.receiving).start, Scope.ADMIN),
            Route("GET", "/api/jobs/{id}", JobStatus(desk.jobs).status, Scope.ADMIN),
        )


def _keys(ports: WebPorts, desk: DeskPorts) -> tuple[Route, ...]:
    if desk.keyring is None:
        return ()
    keys = Keys(desk.keyring, ports.limits)
    return (
        Route("GET", "/api/hooks/tokens", keys.listed, Scope.ADMIN),
        Route("POST", "/api/hooks/tokens", keys.make, Scope.ADMIN),
        Route("DELETE", "/api/hooks/tokens/{source}", keys.revoke, Scope.ADMIN),
    )
