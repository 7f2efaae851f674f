"""Now: what is being watched, in memory, and the card as ready bytes."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from watchd.clock import Clock
from watchd.model.document import Document
from watchd.model.media import Media, label
from watchd.model.playback import Play
from watchd.model.watching import IDLE, Artwork, Watching, WatchState
from watchd.rules import now as rules
from watchd.rules.card import card, changes_at
from watchd.rules.hearing import Ear, Hearing
from watchd.rules.policy import Policy
from watchd.telemetry.metrics import Metrics

_MAX_AGE = 5
_LOOK_AGAIN = 1_000


class Pictures(Protocol):
    """Where the card's artwork comes from: memory, at once, whatever is there by now."""

    def known(self, account_id: int, media: Media) -> Artwork: ...


@dataclass(slots=True)
class _Account:
    """What is known of one account; `good_until` is when its document moves by itself (ms)."""

    plays: tuple[Play, ...] = ()
    polled: rules.Polled | None = None
    hearing: Hearing = field(default_factory=Hearing)
    shown: Watching = IDLE
    document: Document | None = None
    good_until: float = -math.inf


class Now:
    """The current `Watching` of each account. Changes come in by `show_*`; reads never wait for anything."""

    def __init__(
        self,
        clock: Clock,
        policy: Policy,
        metrics: Metrics,
        pictures: Pictures,
        *,
        unknown_after: int,
        on_media: Callable[[int, Media], None],
    ) -> None:
        self._clock = clock
        self._policy = policy
        self._metrics = metrics
        self._pictures = pictures
        self._unknown_after = unknown_after
        self._on_media = on_media
        self._ears: dict[str, Ear] = {}
        self._accounts: dict[int, _Account] = {}
        self._names: dict[str, int] = {}
        self._default: int | None = None

    def add_account(self, account_id: int, name: str) -> None:
        """Let an account be shown; the first one is shown when nobody is named."""
        self._accounts.setdefault(account_id, _Account())
        self._names[name.casefold()] = account_id
        if self._default is None:
            self._default = account_id

    @property
    def accounts(self) -> list[int]:
        """Whose watching can be shown."""
        return list(self._accounts)

    def show_plays(self, account_id: int, plays: tuple[Play, ...]) -> None:
        """The account's open plays are these now."""
        self._accounts[account_id].plays = plays
        self.refresh(account_id)

    def show_polled(self, account_id: int, polled: rules.Polled | None, hearing: Hearing) -> None:
        """Trakt said this, or could not be heard."""
        account = self._accounts[account_id]
        account.polled, account.hearing = polled, hearing
        self.refresh(account_id)

    def show_heard(self, name: str, ear: Ear) -> None:
        """The media server that is watched under this name was heard, or could not be: its silence concerns every account."""
        before = self._ears.get(name)
        self._ears[name] = ear
        if before is not None and before.hearing.well and ear.hearing.well:
            return
        for account_id in self._accounts:
            self.refresh(account_id)

    def refresh(self, account_id: int) -> None:
        """Something behind the card may have changed: decide anew and drop the ready bytes."""
        account = self._accounts[account_id]
        before = account.shown
        account.good_until = -math.inf
        watching = self.watching(account_id)
        if (watching.state, watching.media) != (before.state, before.media):
            self._metrics.now_changes.inc()
        if watching.media is not None:
            self._on_media(account_id, watching.media)

    def watching(self, account_id: int) -> Watching:
        """What is being watched at this moment."""
        account = self._accounts[account_id]
        now = self._clock.now()
        account.shown = rules.decide(
            account.plays,
            account.polled,
            account.hearing,
            account.shown,
            now,
            self._policy,
            self._unknown_after,
            self._ears.values(),
        )
        return account.shown

    def move_play(self, play: Play) -> None:
        """An open play is further on than it was told; whatever else it says is known."""
        account = self._accounts[play.account_id]
        account.plays = tuple(play if kept.id == play.id else kept for kept in account.plays)
        account.good_until = -math.inf

    def want_again(self) -> None:
        """Have asked anew for what the media shown may still lack."""
        for account_id in self._accounts:
            media = self.watching(account_id).media
            if media is not None:
                self._on_media(account_id, media)

    def local_live(self, account_id: int) -> bool:
        """Whether a play of ours is shown."""
        return self.local_state(account_id) is not None

    def local_state(self, account_id: int) -> WatchState | None:
        """How the play of ours stands that is shown, so that Trakt need not be asked often; None without one."""
        watching = self.watching(account_id)
        return watching.state if watching.play_id is not None else None

    def document(self, account: str | None) -> Document | None:
        """The card's bytes; None for an account nobody knows."""
        account_id = self._default if account is None else self._names.get(account.casefold())
        if account_id is None:
            return None
        kept = self._accounts[account_id]
        now = self._clock.now()
        if kept.document is None or now >= kept.good_until:
            watching = self.watching(account_id)
            kept.document = self._document(account_id, watching, now, live=False)
            kept.good_until = min(changes_at(watching, now), self._moves_at(kept, now))
        return kept.document

    def live(self, account: str | None) -> Document | None:
        """The card with its percentage reckoned anew."""
        account_id = self._default if account is None else self._names.get(account.casefold())
        if account_id is None:
            return None
        return self._document(account_id, self.watching(account_id), self._clock.now(), live=True)

    def summary(self, account_id: int) -> dict[str, object]:
        """For the status: what is being watched, in a line."""
        watching = self.watching(account_id)
        percent = rules.percentage(watching, self._clock.now())
        return {
            "state": str(watching.state),
            "watching": None if watching.media is None else label(watching.media),
            "progress": None if percent is None else round(percent, 1),
            "source": watching.source,
        }

    def sessions(self) -> dict[tuple[str, str], int]:
        """Open sittings by (source, state), for the metrics."""
        counts: dict[tuple[str, str], int] = {}
        for account in self._accounts.values():
            for play in account.plays:
                key = (play.source, str(play.state))
                counts[key] = counts.get(key, 0) + 1
        return counts

    def _moves_at(self, account: _Account, now: int) -> float:
        """When the state itself may change without news: something expires, or silence becomes too long."""
        if account.plays or account.polled is not None or account.shown.state is WatchState.UNKNOWN:
            return now + _LOOK_AGAIN
        if account.hearing.asked or self._ears:
            return now + _LOOK_AGAIN
        return math.inf

    def _document(self, account_id: int, watching: Watching, now: int, *, live: bool) -> Document:
        artwork = self._pictures.known(account_id, watching.media) if watching.media is not None else Artwork()
        body = json.dumps(card(watching, artwork, now, live=live), ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        return Document(body, f'"{blake2b(body, digest_size=12).hexdigest()}"', _MAX_AGE)
