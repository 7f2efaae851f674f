"""Candidates → what is being watched now: open plays here, what Trakt says, and who cannot be heard (design 8)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from watchd.clock import HOUR, MINUTE
from watchd.model.media import Media
from watchd.model.playback import Play, PlayState
from watchd.model.watching import IDLE, Watching, WatchState
from watchd.rules.ending import ends_at
from watchd.rules.hearing import Ear, Hearing
from watchd.rules.media import same_item
from watchd.rules.policy import Policy, runtime_of
from watchd.rules.progress import advanced, clamp, expected_end

TRAKT_SOURCE = "trakt"
_PAUSED_THERE = 4 * HOUR
_LEFT_PAUSED = 30 * MINUTE


@dataclass(frozen=True, slots=True)
class Polled:
    """What Trakt said last. `paused` items carry `progress` and are frozen; others run to `expires_at`."""

    media: Media
    started_at: int
    expires_at: int
    paused: bool = False
    progress: float | None = None
    paused_at: int = 0


def decide(
    plays: Iterable[Play],
    polled: Polled | None,
    hearing: Hearing,
    last: Watching,
    now: int,
    policy: Policy,
    limit: int,
    ears: Collection[Ear] = (),
) -> Watching:
    """What is true at `now` (ms): a live play here, else Trakt's, else idle.

    It is unknown while Trakt or one of `ears` is silent beyond `limit` ms and nobody else tells of anything. `last` is what
    was shown before; its content is kept while the state is unknown.
    """
    deaf, lost = hearing.deaf(now, limit), [ear for ear in ears if ear.hearing.lost(now, limit)]
    doubtful = list[Play]()
    for play in sorted(plays, key=lambda play: (play.state is PlayState.PLAYING, play.updated_at, play.id), reverse=True):
        if not play.open or now >= ends_at(play, policy):
            continue
        if any(ear.tells_of(play) for ear in lost):
            doubtful.append(play)
        elif deaf or not _left(play, polled, now):
            return of_play(play)
    said = None if deaf or _echoes(polled, doubtful) else polled
    if said is not None and (shown := _of_trakt(said, now)) is not None:
        return shown
    silent = [one for one in (hearing, *(ear.hearing for ear in ears)) if one.deaf(now, limit)]
    if silent or doubtful:
        before = of_play(doubtful[0]) if doubtful and last.media is None else last
        return _unknown(before, min(one.heard_until for one in (*silent, *(ear.hearing for ear in lost))), now)
    return IDLE


def _echoes(polled: Polled | None, doubtful: Iterable[Play]) -> bool:
    """Whether Trakt shows what it has from us, and what we do not know to be true any more."""
    return polled is not None and any(same_item(play.media, polled.media) for play in doubtful)


def _of_trakt(polled: Polled, now: int) -> Watching | None:
    if polled.paused:
        return _frozen(polled) if now - polled.paused_at < _PAUSED_THERE else None
    return of_polled(polled) if polled.expires_at > now else None


def _left(play: Play, polled: Polled | None, now: int) -> bool:
    """Whether a play was paused long ago, and something that began after that is being watched in another place."""
    if play.state is not PlayState.PAUSED or now - play.updated_at <= _LEFT_PAUSED:
        return False
    return polled is not None and not polled.paused and polled.expires_at > now and start_of(polled) > play.updated_at


def start_of(polled: Polled) -> int:
    """When what Trakt shows began; a start further back than its runtime is that of something before it."""
    runtime = polled.media.runtime
    if runtime and (polled.expires_at - polled.started_at) / 1000 > runtime:
        return polled.expires_at - round(runtime * 1000)
    return polled.started_at


def _unknown(last: Watching, since: int, now: int) -> Watching:
    """What was shown last, standing still; nothing of it is live any more."""
    return replace(
        last,
        state=WatchState.UNKNOWN,
        stale_since=since,
        play_id=None,
        progress=percentage(last, now),
        progress_at=now if last.state is WatchState.WATCHING else last.progress_at,
    )


def of_play(play: Play) -> Watching:
    """A play of ours as what is being watched."""
    playing = play.state is PlayState.PLAYING
    runtime = runtime_of(play.media, play.runtime)
    return Watching(
        state=WatchState.WATCHING if playing else WatchState.PAUSED,
        media=play.media,
        source=play.source,
        player=play.player_name or play.player or None,
        progress=play.progress,
        progress_at=play.progress_at,
        runtime=runtime,
        started_at=play.started_at,
        expires_at=expected_end(play),
        play_id=play.id,
    )


def of_polled(polled: Polled) -> Watching:
    """Trakt's item: the progress follows from the end, which encodes what is left; the start may be stale."""
    runtime = polled.media.runtime
    started = start_of(polled)
    length = runtime or max(1.0, (polled.expires_at - started) / 1000)
    return Watching(
        state=WatchState.WATCHING,
        media=polled.media,
        source=TRAKT_SOURCE,
        progress=clamp(100.0 - (polled.expires_at - started) / (length * 10.0)),
        progress_at=started,
        runtime=length,
        started_at=started,
        expires_at=polled.expires_at,
    )


def _frozen(polled: Polled) -> Watching:
    length = polled.media.runtime
    left = (100.0 - (polled.progress or 0.0)) / 100.0
    return Watching(
        state=WatchState.PAUSED,
        media=polled.media,
        source=TRAKT_SOURCE,
        progress=polled.progress,
        progress_at=polled.paused_at,
        runtime=length,
        started_at=polled.started_at,
        expires_at=polled.paused_at + round(left * length * 1000) if length else None,
    )


def percentage(watching: Watching, now: int) -> float | None:
    """The progress at `now`, in percent; frozen unless it is being watched, and as it was when last heard while unknown."""
    if watching.progress is None:
        return None
    if watching.state is WatchState.UNKNOWN and watching.runtime and watching.stale_since is not None:
        return advanced(watching.progress, watching.progress_at, watching.stale_since, watching.runtime)
    if watching.state is WatchState.WATCHING and watching.runtime:
        return advanced(watching.progress, watching.progress_at, now, watching.runtime)
    return watching.progress
