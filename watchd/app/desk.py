"""The desk, wired: what an admin does by hand, with the jobs it is done in."""

from collections.abc import Callable
from dataclasses import dataclass

from watchd.app.household import SOURCES, Everybody, Tokens
from watchd.app.links import Links
from watchd.clock import Clock
from watchd.services.asking import Asking
from watchd.services.by_hand import ByHand
from watchd.services.jobs import Jobs
from watchd.services.keyring import Keyring
from watchd.services.receiving import Receiving
from watchd.store.database import Database
from watchd.web.desk_ports import DeskPorts


@dataclass(frozen=True, slots=True)
class Desk:
    """`jobs` runs as long as the daemon does."""

    jobs: Jobs
    ports: DeskPorts


def desk(
    everybody: Everybody, keys: Tokens, links: Links, database: Database, clock: Clock, *, changed: Callable[[int], None]
) -> Desk:
    """`changed(account_id)` is called when something was changed that personal documents show."""
    jobs = Jobs()
    receiving = Receiving(database, clock, {one.name: one.id for one in everybody}, jobs, changed=changed)
    receiving.tidy()
    ports = DeskPorts(
        jobs=jobs,
        asking=Asking({one.name: links.caller(one.id) for one in everybody}, jobs),
        receiving=receiving,
        handling=ByHand(database, clock, changed=changed, wake=links.wake),
        keyring=Keyring(
            {one.name: one.id for one in everybody if one.id in keys.hooks}, SOURCES, database, clock, changed=keys.hand_out
        ),
    )
    return Desk(jobs, ports)
