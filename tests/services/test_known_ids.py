"""Ids that a list of sessions lacks are looked up once, and again when that failed."""

from collections.abc import Mapping, Sequence

from tests.rules.making import HEAT, PILOT
from tests.services.home import LeapingClock
from watchd.errors import UpstreamUnreachable
from watchd.model.media import Media, MediaIds
from watchd.model.playback import Action, PlaybackEvent, Sender
from watchd.model.sessions import Session, Sessions, SessionState
from watchd.services.known_ids import KnownIds

TVDB = MediaIds(tvdb=7)
DAY = 24 * 3600


def playing(key: str, media: Media, user: str = "1", show: str | None = None) -> Session:
    told = PlaybackEvent("jellyfin", Action.START, media, sender=Sender(user_id=user))
    return Session(key, SessionState.PLAYING, told, show=show)


class Library:
    """What each user may see, and what was asked for."""

    def __init__(self) -> None:
        self.of: dict[str | None, dict[str, MediaIds]] = {}
        self.asked: list[tuple[list[str], str | None]] = []
        self.away = False

    async def fetch(self, keys: Sequence[str], user: str | None) -> Mapping[str, MediaIds]:
        self.asked.append((list(keys), user))
        if self.away:
            raise UpstreamUnreachable("away", maybe_done=False)
        return {key: ids for key, ids in self.of.get(user, {}).items() if key in keys}


async def test_each_user_s_items_are_looked_up_as_that_user() -> None:
    library, clock = Library(), LeapingClock()
    library.of = {"1": {"a": TVDB}, "2": {"b": MediaIds(tvdb=8)}}
    ids = KnownIds(clock, library.fetch)
    found = await ids.added(Sessions((playing("a", PILOT, "1"), playing("b", PILOT, "2"))))
    assert [session.told.media.ids.tvdb for session in found.playing] == [7, 8]
    assert library.asked == [(["a"], "1"), (["b"], "2")]


async def test_what_is_known_is_asked_for_once_a_day_and_what_is_not_every_ten_minutes() -> None:
    library, clock = Library(), LeapingClock()
    library.of = {"1": {"a": TVDB}}
    ids = KnownIds(clock, library.fetch)
    sessions = Sessions((playing("a", PILOT), playing("b", PILOT)))
    for seconds in (0, 599, 1, DAY):
        clock.advance(seconds)
        await ids.added(sessions)
    assert [keys for keys, _ in library.asked] == [["a", "b"], ["b"], ["a", "b"]]


async def test_a_failure_is_tried_again_within_a_minute_and_loses_nothing_that_was_known() -> None:
    library, clock = Library(), LeapingClock()
    library.of, library.away = {"1": {"a": TVDB}}, True
    ids = KnownIds(clock, library.fetch)
    sessions = Sessions((playing("a", PILOT),))
    (without,) = (await ids.added(sessions)).playing
    clock.advance(60)
    library.away = False
    (known,) = (await ids.added(sessions)).playing
    clock.advance(DAY)
    library.away = True
    (still,) = (await ids.added(sessions)).playing
    assert (without.told.media.ids, known.told.media.ids, still.told.media.ids) == (MediaIds(), TVDB, TVDB)


async def test_a_clock_set_back_by_years_does_not_keep_what_failed_from_being_tried_again() -> None:
    library, clock = Library(), LeapingClock()
    library.of, library.away = {"1": {"a": TVDB}}, True
    ids = KnownIds(clock, library.fetch)
    await ids.added(Sessions((playing("a", PILOT),)))
    library.away = False
    clock.jump(-3 * 365 * DAY)
    clock.advance(61)
    (known,) = (await ids.added(Sessions((playing("a", PILOT),)))).playing
    assert known.told.media.ids == TVDB


async def test_what_has_its_ids_is_not_asked_for() -> None:
    library = Library()
    await KnownIds(LeapingClock(), library.fetch).added(Sessions((playing("h", HEAT),)))
    assert library.asked == []
