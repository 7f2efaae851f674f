"""Events that do not name what they are about, and ticks that say nothing new."""

from dataclasses import replace
from pathlib import Path

from tests.services.home import ME, Home, a_home
from watchd.model.media import Episode, MediaIds, MediaType, Movie, Show
from watchd.model.playback import Action, PlaybackEvent, PlayState, UnnamedEvent
from watchd.model.receipts import Fate, RawEvent, Receipt, Step
from watchd.store import plays

HEAT = Movie("Heat", 1995, MediaIds(imdb="tt0113277"))
DOUBLE = Episode(Show("Friends", 1994, MediaIds(tmdb=1668)), 1, 1, number_end=2)
START = PlaybackEvent("homeassistant", Action.START, HEAT, progress=0, duration=6000, player="tv")
OFF = UnnamedEvent("homeassistant", Action.STOP, player="tv")


async def said(home: Home, event: UnnamedEvent) -> Receipt:
    return await home.daemon.recorder.record(RawEvent(ME, event.source, home.clock.now(), "{}"), event)


async def events(home: Home) -> int:
    count: int = await home.daemon.database.read(
        lambda connection: connection.execute("SELECT count(*) FROM events").fetchone()[0]
    )
    return count


async def test_a_player_that_stops_without_a_name_stops_what_it_played(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(START)
        await home.event(replace(START, player="kitchen", media=Movie("Ronin", 1998)))
        home.clock.advance(5700)
        receipt = await said(home, OFF)
        assert receipt.play is not None
        assert (receipt.step, receipt.play.media) == (Step.WATCHED, HEAT)
        again = await said(home, OFF)
        assert (again.fate, again.reason) == (Fate.IGNORED, "nothing is open on that player")


async def test_a_paused_player_is_stopped_too_and_keeps_its_position(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(START)
        home.clock.advance(5400)
        await said(home, replace(OFF, action=Action.PAUSE))
        home.clock.advance(600)
        receipt = await said(home, replace(OFF, progress=40.0))
        assert receipt.play is not None
        assert (receipt.step, receipt.play.progress, receipt.play.watched_at) == (Step.STOPPED, 40.0, None)


async def test_another_source_player_or_kind_is_not_meant(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(START)
        for other in (replace(OFF, source="kodi"), replace(OFF, player="bed"), replace(OFF, type=MediaType.EPISODE)):
            assert (await said(home, other)).fate is Fate.IGNORED


async def test_a_file_of_two_episodes_that_is_stopped_without_a_name_ends_the_one_that_plays(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.event(replace(START, media=DOUBLE, duration=2640))
        home.clock.advance(1800)
        receipt = await said(home, replace(OFF, position=1800.0))
        assert receipt.play is not None
        assert isinstance(receipt.play.media, Episode)
        assert (receipt.step, receipt.play.media.number, round(receipt.play.progress or 0)) == (Step.STOPPED, 2, 36)


async def test_a_rest_told_of_every_few_seconds_is_written_every_thirty(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        paused = replace(START, source="jellyfin", action=Action.PAUSE, progress=20)
        await home.event(replace(paused, action=Action.START))
        for _ in range(60):
            home.clock.advance(1)
            receipt = await home.event(replace(paused, at=home.clock.now()))
            assert receipt.play is not None
            assert receipt.play.state is PlayState.PAUSED
        assert await events(home) <= 4
        home.clock.advance(1)
        assert (await home.event(replace(paused, action=Action.PROGRESS, at=home.clock.now()))).step is Step.STARTED


async def test_two_players_that_tick_every_second_do_not_make_each_other_write(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        tellers = [replace(START, source=source, action=Action.PROGRESS) for source in ("jellyfin", "emby")]
        for second in range(90):
            for event in tellers:
                await home.event(replace(event, progress=second / 60, at=home.clock.now()))
            home.clock.advance(1)
        assert await events(home) <= 8


async def test_ticks_of_a_file_of_two_episodes_are_kept_in_memory_and_the_second_is_seen_to_begin(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        tick = PlaybackEvent("jellyfin", Action.PROGRESS, DOUBLE, duration=2640, player="tv")
        seen: list[int | None] = []
        for second in range(0, 2640, 2):
            receipt = await home.event(replace(tick, position=float(second), at=home.clock.now()))
            assert receipt.play is not None
            assert isinstance(receipt.play.media, Episode)
            seen.append(receipt.play.media.number)
            home.clock.advance(2)
        assert (seen[0], seen[-1], seen.index(2)) == (1, 2, 660)
        assert await events(home) <= 95


async def test_a_stop_that_names_its_session_alone_ends_the_play_of_that_session(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        first = replace(START, source="generic", session="one", player="mpv")
        await home.event(first)
        await home.event(replace(first, session="two", media=Movie("Ronin", 1998), action=Action.PROGRESS, player=""))
        await home.event(replace(first, session="two", media=Movie("Ronin", 1998), player="mpv-2"))
        receipt = await said(home, UnnamedEvent("generic", Action.STOP, progress=12, player="mpv", session="one"))
        assert receipt.play is not None
        assert receipt.play.media == HEAT
        other = await said(home, UnnamedEvent("generic", Action.STOP, player="mpv-2", session="three"))
        assert (other.fate, other.reason) == (Fate.IGNORED, "nothing is open on that player")


async def test_ticks_from_two_rooms_that_name_no_player_leave_each_other_alone(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        den = PlaybackEvent("kodi", Action.START, HEAT, progress=0, duration=6000, session="a")
        bed = replace(den, media=Movie("Ronin", 1998), session="b")
        await home.event(den)
        tick = replace(bed, action=Action.PROGRESS, progress=1)
        await home.event(tick)
        home.clock.advance(60)
        await home.event(replace(den, action=Action.PROGRESS, progress=1))
        home.clock.advance(60)
        await home.event(replace(tick, progress=3))
        showing = await home.daemon.database.read(lambda connection: plays.open_plays(connection, ME))
        assert sorted(play.media.title or "" for play in showing if isinstance(play.media, Movie)) == ["Heat", "Ronin"]
        await home.event(replace(den, session="c", media=Movie("Alien", 1979)))
        showing = await home.daemon.database.read(lambda connection: plays.open_plays(connection, ME))
        assert [play.media for play in showing] == [Movie("Alien", 1979)]
