"""Files of several episodes: the episodes, and the plays that one viewing of the file has made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from watchd.model.media import NO_IDS, Episode, Media
from watchd.model.playback import Play, PlaybackEvent
from watchd.rules.policy import Policy
from watchd.rules.sitting import new_session

MOST = 20


@dataclass(frozen=True, slots=True)
class Part:
    """An event of one episode at `at` (ms): `sitting` is the play it goes on with (None: whichever is chosen).

    `after` is how many episodes follow in the same file, None where nothing is known of that.
    """

    event: PlaybackEvent
    at: int
    sitting: int | None = None
    after: int | None = None


def parts_of(media: Media) -> tuple[Media, ...]:
    """The episodes of a file; its own ids and title are those of the first. The item alone where it is not several."""
    if not isinstance(media, Episode) or media.number_end is None:
        return (media,)
    first, last, single = media.number, media.number_end, replace(media, number_end=None)
    named = bool(media.show.ids or media.show.title) and media.season is not None
    if not named or first is None or not first < last < first + MOST:
        return (single,)
    count = last - first + 1
    single = replace(single, runtime=media.runtime / count if media.runtime else None)
    return (single, *(later(single, by) for by in range(1, count)))


def later(media: Episode, by: int) -> Episode:
    """The episode so many after this one, of which only its place is known."""
    number_abs = None if media.number_abs is None else media.number_abs + by
    return replace(media, number=(media.number or 0) + by, number_abs=number_abs, ids=NO_IDS, title=None)


def viewing(heard: Sequence[Sequence[Play]], event: PlaybackEvent, at: int, policy: Policy) -> dict[int, Play]:
    """The plays of this viewing of the file by episode: the sender's own where it has told of it, else those of others."""
    mine: dict[int, Play] = {}
    others: dict[int, Play] = {}
    for number, plays in enumerate(heard):
        for play in sorted(plays, key=lambda item: (item.started_at, item.id)):
            if play.started_at <= at + policy.slack and not new_session(play, event):
                own = any((teller.source, teller.player) == (event.source, event.player) for teller in play.tellers)
                (mine if own else others)[number] = play
    return _chain(mine, at, policy) or _chain(others, at, policy)


def _chain(plays: Mapping[int, Play], at: int, policy: Policy) -> dict[int, Play]:
    """Of the plays those that go over into one another up to now."""

    def end(play: Play) -> int:
        return at if play.open else max(play.updated_at, play.ended_at or 0, play.watched_at or 0)

    chain, begun = {}, at
    for number, play in sorted(plays.items(), key=lambda item: end(item[1]), reverse=True):
        if end(play) < begun - policy.slack:
            break
        chain[number] = play
        begun = min(begun, play.started_at)
    return chain
