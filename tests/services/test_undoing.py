"""Plays deleted by hand: gone here at once, gone at Trakt whatever comes between, and never back."""

from pathlib import Path

import pytest

from tests.services.home import ME, Home, a_home
from tests.sources.imports.zips import a_zip, movie_play
from watchd.app.desk import Desk
from watchd.clock import DAY, HOUR, MINUTE, iso
from watchd.model.media import Media, MediaIds, Movie
from watchd.model.playback import Action, PlaybackEvent
from watchd.services.by_hand import NotAPlay
from watchd.services.deleting import NoSuchPlay, StillOpen
from watchd.services.undoing import Undoing
from watchd.standins.faults import Fault
from watchd.store import history, removals

HEAT: Media = Movie("Heat", 1995, MediaIds(imdb="tt0113277"))
REMOVE = "/sync/history/remove"
NO_MOMENT = -100_000_000_000_000_000


def undoing(home: Home) -> Undoing:
    assert home.link.undoing is not None
    return home.link.undoing


def desk(home: Home) -> Desk:
    return home.daemon.desk


async def watched(home: Home, at: int | None = None) -> int:
    """A play by hand that Trakt has; its number."""
    told = await desk(home).ports.handling.add(ME, HEAT, home.clock.now() - HOUR if at is None else at)
    home.clock.advance(5)
    await home.relay_all()
    return int(str(told["id"]))


async def here(home: Home) -> list[int]:
    return [row.id for row in await home.daemon.database.read(lambda connection: history.viewings(connection, ME))]


async def undo_all(home: Home, steps: int = 60) -> None:
    for _ in range(steps):
        owed = await home.daemon.database.read(lambda connection: removals.next_due(connection, ME))
        if owed is None:
            return
        wait = await undoing(home).send_due()
        home.clock.advance(max(wait, min(owed - home.clock.now(), DAY), 1) / 1000)
    raise AssertionError("still owed")


async def test_a_play_by_hand_goes_to_the_history_and_from_it(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        play = await watched(home)
        assert home.trakt.history_count() == 1
        told = await desk(home).ports.handling.delete(play)
        assert told == {"id": play, "title": "Heat (1995)", "at_trakt": "sought"}
        assert await here(home) == []
        await undo_all(home)
        assert home.trakt.history_count() == 0


async def test_a_row_whose_number_is_known_goes_at_once(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        row = home.trakt.add_play("watcher", home.trakt.catalogue.movie("tt0113277"), home.clock.now() - DAY)
        file = a_zip(tmp_path / "x.zip", {"watched-history": [movie_play(row.id, iso(row.watched_at))]})
        await desk(home).ports.receiving.take(file, "x.zip", None, dry_run=False)
        (play,) = await here(home)
        assert (await desk(home).ports.handling.delete(play))["at_trakt"] == "owed"
        await undo_all(home)
        assert home.trakt.history_count() == 0
        assert len(home.trakt.calls("POST", REMOVE)) == 1
        await desk(home).ports.receiving.take(file, "x.zip", None, dry_run=False)
        assert await here(home) == []


async def test_a_removal_outlives_outages_of_trakt_and_restarts(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        play = await watched(home)
        await desk(home).ports.handling.delete(play)
        home.clock.advance(300)
        home.trakt.faults.add(Fault("status", path=REMOVE, status=503, times=3))
        home.trakt.faults.add(Fault("drop_after", path=REMOVE))
        await undo_all(home)
        assert home.trakt.history_count() == 0
        assert len(home.trakt.calls("POST", REMOVE)) >= 4


async def test_an_error_nobody_foresaw_postpones_the_removal_and_stops_no_other(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        first, second = await watched(home), await watched(home, home.clock.now() - 2 * DAY)
        await desk(home).ports.handling.delete(first)
        columns = ("watched_at", "started_at", "first_sent_at", "last_sent_at")
        odd = f"UPDATE removals SET {', '.join(f'{name} = {NO_MOMENT}' for name in columns)}"  # noqa: S608 - names of our own
        await home.daemon.database.write(lambda connection: connection.execute(odd).rowcount)
        await undoing(home).send_due()
        await desk(home).ports.handling.delete(second)
        home.clock.advance(300)
        for _ in range(4):
            home.clock.advance(await undoing(home).send_due() / 1000)
        assert home.trakt.history_count() == 1
        assert await home.daemon.database.read(lambda connection: removals.next_due(connection, ME)) is not None


async def test_what_was_not_sent_yet_is_never_sent(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        told = await desk(home).ports.handling.add(ME, HEAT, home.clock.now() - HOUR)
        assert told["owed"] is True
        assert (await desk(home).ports.handling.delete(int(str(told["id"]))))["at_trakt"] == "nothing"
        home.clock.advance(10)
        await home.relay_all()
        assert home.trakt.history_count() == 0
        assert home.trakt.calls("POST", "/sync/history") == []


async def test_another_play_of_the_same_item_keeps_its_row(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        first = await watched(home, home.clock.now() - 3 * DAY)
        await watched(home)
        await desk(home).ports.handling.delete(first)
        await undo_all(home)
        (left,) = home.trakt.user().history
        assert home.clock.now() - left.watched_at < DAY
        assert len(await here(home)) == 1


async def test_a_row_that_is_not_to_be_found_is_given_up_after_some_days(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        play = await watched(home)
        user = home.trakt.user()
        user.plays.remove(user.history[0].id, home.clock.now())
        await desk(home).ports.handling.delete(play)
        await undo_all(home)
        assert home.trakt.calls("POST", REMOVE) == []


async def test_a_row_that_a_sync_brings_meanwhile_goes_with_it(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        play = await watched(home)
        await desk(home).ports.handling.delete(play)
        (row,) = home.trakt.user().history
        file = a_zip(tmp_path / "x.zip", {"watched-history": [movie_play(row.id, iso(row.watched_at // MINUTE * MINUTE))]})
        await desk(home).ports.receiving.take(file, "x.zip", None, dry_run=False)
        assert len(await here(home)) == 1
        await undo_all(home)
        assert await here(home) == []
        assert home.trakt.history_count() == 0


async def test_without_a_login_nothing_is_asked_and_nothing_forgotten(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        file = a_zip(tmp_path / "x.zip", {"watched-history": [movie_play(5, "2020-01-01T10:00:00.000Z")]})
        await desk(home).ports.receiving.take(file, "x.zip", None, dry_run=False)
        await desk(home).ports.handling.delete((await here(home))[0])
        await undoing(home).send_due()
        assert home.trakt.calls("POST", REMOVE) == []
        assert await home.daemon.database.read(lambda connection: removals.next_due(connection, ME)) is not None


async def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        handling = desk(home).ports.handling
        with pytest.raises(NoSuchPlay):
            await handling.delete(99)
        with pytest.raises(NotAPlay, match="title or an id"):
            await handling.add(ME, Movie(), 0)
        with pytest.raises(NotAPlay, match="future"):
            await handling.add(ME, HEAT, home.clock.now() + DAY)
        play = await watched(home)
        with pytest.raises(NotAPlay, match=f"already: play {play}"):
            await handling.add(ME, HEAT, home.clock.now() - HOUR)
        receipt = await home.event(PlaybackEvent("plex", Action.START, HEAT, progress=10.0, player="tv"))
        assert receipt.play is not None
        with pytest.raises(StillOpen):
            await handling.delete(receipt.play.id)


async def test_with_an_account_only_its_own_plays_are_deleted(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        play = await watched(home)
        with pytest.raises(NoSuchPlay):
            await desk(home).ports.handling.delete(play, ME + 1)
        assert await here(home) == [play]
        assert (await desk(home).ports.handling.delete(play, ME))["id"] == play
