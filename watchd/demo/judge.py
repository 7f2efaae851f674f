"""The judge of the demo: every play in the stand-in's history exactly once, and nothing owed any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from watchd.standins.items import Watchable
from watchd.standins.trakt import TraktStandIn


@dataclass(frozen=True, slots=True)
class Judgement:
    """How often each play stands in the history, what else stands there, and how much is still owed."""

    counts: tuple[tuple[str, int], ...]
    strangers: int
    pending: int

    @property
    def passed(self) -> bool:
        return bool(self.counts) and all(count == 1 for _, count in self.counts) and not self.strangers and not self.pending

    def lines(self) -> list[str]:
        """The summary."""
        shown = [f"  {_mark(good=count == 1)} {name}: {count} time(s) in Trakt's history" for name, count in self.counts]
        if self.strangers:
            shown.append(f"  BAD {self.strangers} play(s) in Trakt's history that nobody watched here")
        shown.append(f"  {_mark(good=not self.pending)} {self.pending} deliveries pending")
        verdict = "every play was delivered exactly once" if self.passed else "NOT every play was delivered exactly once"
        return [*shown, verdict]


def _mark(*, good: bool) -> str:
    return "ok " if good else "BAD"


def judge(trakt: TraktStandIn, watched: Sequence[tuple[str, Watchable]], pending: int) -> Judgement:
    """Compare what was watched with the stand-in's own books."""
    history = trakt.user("watcher").history
    counts = tuple((name, sum(row.item.key == item.key for row in history)) for name, item in watched)
    expected = {item.key for _, item in watched}
    strangers = sum(row.item.key not in expected for row in history)
    return Judgement(counts, strangers, pending)
