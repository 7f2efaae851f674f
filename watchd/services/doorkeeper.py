"""Doorkeeper: says whose an event is, and remembers who came, so that a household nobody has sorted is noticed."""

from dataclasses import dataclass, field

import structlog

from watchd.errors import MalformedPayload
from watchd.model.playback import Ignored, IgnoreReason, Parsed, PlaybackEvent, UnnamedEvent
from watchd.rules.household import Household, Refused, folded

log = structlog.get_logger()

_MOST = 50
_SHOWN = 5

Json = dict[str, object]
Admitted = Parsed | MalformedPayload | Refused


@dataclass(slots=True)
class _Visitor:
    """A user as their first event named them; `account` is where the last one went, None when it was refused."""

    name: str
    account: str | None
    sources: set[str] = field(default_factory=set)


class Doorkeeper:
    """Shared by hooks and watchers. What is remembered of users is lost with the process."""

    def __init__(self, household: Household) -> None:
        self._household = household
        self._names = {member.account_id: member.name for member in household.members}
        self._visitors: dict[str, _Visitor] = {}

    @property
    def default(self) -> int:
        """The id of the account that is shown when nobody is named."""
        return self._household.default.account_id

    @property
    def live_tv(self) -> bool:
        """Whether live TV counts."""
        return self._household.live_tv

    def named(self, name: str) -> int | None:
        """The id of the account of that name; None when there is none."""
        member = self._household.named(name)
        return None if member is None else member.account_id

    def assign(self, event: PlaybackEvent | UnnamedEvent, source: str | None = None) -> int | Refused:
        """The id of the account an event belongs to; `source` is where it came in, if not what it says itself."""
        found = self._household.assign(event, source)
        at = source or event.source
        if not isinstance(found, Refused):
            self._remember(event, at, self._names[found])
        elif self._household.unwanted(event, at) is None:  # whoever is left alone on purpose is no news
            self._remember(event, at, None)
        return found

    def called(self, account_id: int) -> str:
        """The name of an account of this household."""
        return self._names[account_id]

    def admit(
        self, parsed: Parsed | MalformedPayload, source: str, owner: int | None, *, rehearsing: bool = False
    ) -> tuple[int, Admitted]:
        """The account that what came in is kept under, and what it is to us now.

        `owner` is the account of the token it came with, which then decides; None with a token of the household. Who comes
        in a rehearsal is not remembered.
        """
        wanted = self._household.live_tv and isinstance(parsed, Ignored) and parsed.reason is IgnoreReason.LIVE_TV
        if wanted and isinstance(parsed, Ignored) and parsed.instead is not None:
            parsed = parsed.instead
        home = self.default if owner is None else owner
        if not isinstance(parsed, (PlaybackEvent, UnnamedEvent)):
            return home, parsed
        assign = self._household.assign if rehearsing else self.assign
        found = assign(parsed, source) if owner is None else self._household.unwanted(parsed, source) or owner
        return (home, found) if isinstance(found, Refused) else (found, parsed)

    def remarks(self) -> list[str]:
        """What a person should know, and do, about who came."""
        if not self._household.mapped:
            return [self._unsorted()] if len(self._visitors) > 1 else []
        refused = [visitor.name for visitor in self._visitors.values() if visitor.account is None]
        return [f"events of {_listed(refused)} are refused: see /api/hooks/recent, and [[accounts]]"] if refused else []

    def visitors(self) -> list[Json]:
        """The users seen since the start, with the account their last event went to."""
        return [
            {"user": visitor.name, "sources": sorted(visitor.sources), "account": visitor.account}
            for visitor in self._visitors.values()
        ]

    def _unsorted(self) -> str:
        names = [visitor.name for visitor in self._visitors.values()]
        everything = f"everything they watch goes to the account {self._household.default.name}"
        return f"{len(names)} users have been seen ({_listed(names)}) and {everything}: tell people apart by [[accounts]]"

    def _remember(self, event: PlaybackEvent | UnnamedEvent, source: str, account: str | None) -> None:
        name = event.user or event.sender.user_id
        if name is None:
            return
        visitor = self._visitors.get(folded(name))
        if visitor is None:
            if len(self._visitors) >= _MOST and not self._one_forgotten(account):
                return
            visitor = self._visitors[folded(name)] = _Visitor(name, account)
            if not self._household.mapped and len(self._visitors) > 1:
                log.warning("household.several_users", remark=self._unsorted())
        visitor.account = account
        visitor.sources.add(source)

    def _one_forgotten(self, account: str | None) -> bool:
        """Make room for somebody of that account; a crowd of strangers keeps nobody of the house from being seen."""
        stranger = next((key for key, visitor in self._visitors.items() if visitor.account is None), None)
        if account is None or stranger is None:
            return False
        del self._visitors[stranger]
        return True


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
