"""One delivery's trouble stays its own, holds end only by Trakt's word, and what merges on the way is followed."""

import sqlite3
from pathlib import Path

import pytest

from tests.services.home import ME, Home, a_home
from tests.services.house import a_house, step_until, watch
from watchd.demo.players import plex_payload, trakt_item
from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.model.playback import Action, PlaybackEvent
from watchd.model.relay import DeliveryState, Verb
from watchd.services import merging
from watchd.services.login import UNVERIFIED
from watchd.standins.faults import Fault
from watchd.store import accounts, deliveries, medias, plays
from watchd.store.accounts import NEVER, Account


async def account(home: Home) -> Account:
    return await home.daemon.database.read(lambda connection: accounts.get(connection, ME))


async def hold(home: Home, reason: str, probe_at: int) -> None:
    now = home.clock.now()
    await home.daemon.database.write(lambda connection: accounts.hold(connection, ME, reason, now, probe_at))


async def test_an_episodes_own_ids_beat_a_show_of_the_same_title(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        books = house.trakt.catalogue
        books.add_show("Shameless", 2004, seasons={1: 3})
        books.add_show("Shameless", 2011, seasons={1: 3}, ids={"slug": "shameless-2011"})
        item = books.episode("shameless-2011", 1, 1)
        told = Episode(Show("Shameless"), 1, 1, ids=MediaIds(tvdb=item.ids["tvdb"]))
        async with house.boot(log_in=True) as home:
            await home.event(PlaybackEvent("plex", Action.WATCHED, told, player="tv"))
            house.minutes(60)
            await home.relay_all()
        assert [row.item for row in house.trakt.user().history] == [item]


async def test_a_title_that_several_shows_have_names_none_of_them(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        books = house.trakt.catalogue
        books.add_show("Shameless", 2004, seasons={1: 3})
        books.add_show("Shameless", 2011, seasons={1: 3}, ids={"slug": "shameless-2011"})
        async with house.boot(log_in=True) as home:
            await home.event(PlaybackEvent("plex", Action.WATCHED, Episode(Show("Shameless"), 1, 1), player="tv"))
            house.minutes(60)
            await step_until(home, lambda wait: wait > 1000)
            assert [item.state for item in await home.owed()] == [DeliveryState.UNIDENTIFIED]
            told = Episode(Show("Shameless", 2011), 1, 2)
            await home.event(PlaybackEvent("plex", Action.WATCHED, told, player="tv"))
            house.minutes(60)
            await step_until(home, lambda wait: wait > 1000)
        assert [row.item for row in house.trakt.user().history] == [books.episode("shameless-2011", 1, 2)]


async def test_a_live_stop_goes_out_in_time_behind_late_ones_that_fail(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        items = [house.trakt.catalogue.episode("friends", 1, number) for number in (1, 2, 3)]
        async with house.boot(log_in=True) as home:
            for item in items[:2]:
                await watch(house, home, item, relay=False)
            house.minutes(30)
            house.trakt.faults.add(Fault("status", method="GET", path="/sync/history/*", status=500, times=None))
            for _ in range(100):
                house.clock.advance(await home.relay.deliver_next() / 1000)
            await home.scrobble("start", {**trakt_item(items[2]), "progress": 0})
            ends = house.clock.now() + 21 * 60_000
            while house.clock.now() < ends:
                house.clock.advance(await home.relay.deliver_next() / 1000)
            began = house.clock.now()
            await home.scrobble("stop", {**trakt_item(items[2]), "progress": 95})
            while not house.plays(items[2]):
                house.clock.advance(await home.relay.deliver_next() / 1000)
            assert house.clock.now() - began <= 30_000
            assert [item.attempts for item in await home.owed()] == [0, 0]
            house.trakt.faults.clear()
            await home.relay_all()
        assert [house.plays(item) for item in items] == [1, 1, 1]


async def test_one_failing_delivery_is_tried_ever_less_often_and_the_others_at_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        bad, good = (house.trakt.catalogue.episode("friends", 1, number) for number in (1, 2))
        async with house.boot(log_in=True) as home:
            for item in (bad, good):
                await watch(house, home, item, relay=False)
            house.minutes(30)
            path = f"/sync/history/episodes/{bad.ids['trakt']}"
            house.trakt.faults.add(Fault("garbage", method="GET", path=path, times=None))
            while not house.plays(good):
                assert await home.relay.deliver_next() == 0
            before = house.clock.now()
            while house.clock.now() < before + 3_600_000:
                house.clock.advance(await home.relay.deliver_next() / 1000)
            assert 10 < len(house.trakt.calls("GET", path)) < 25


async def test_no_connection_stops_the_whole_account_for_a_while(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        items = [house.trakt.catalogue.episode("friends", 1, number) for number in (1, 2, 3)]
        async with house.boot(log_in=True) as home:
            for item in items:
                await watch(house, home, item, relay=False)
            house.trakt.faults.add(Fault("status", path="/s*", status=503, times=None))
            await home.relay.deliver_next()
            while await home.relay.deliver_next() == 0:
                pass
            asked = [call for call in house.trakt.calls() if call.status == 503]
            assert len(asked) == 1


async def test_a_media_row_merged_away_during_its_lookup_is_followed(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.movie("heat-1995")
        await home.event(PlaybackEvent("plex", Action.WATCHED, Movie("Heat", 1995), player="tv"))
        (owed,) = await home.deliveries()
        play = await home.daemon.database.read(lambda connection: plays.get(connection, owed.play_id))
        assert play is not None

        def merge(connection: sqlite3.Connection) -> int:
            other = medias.resolve(connection, ME, Movie("Hitze", 1995, MediaIds(imdb="tt0113277")))[0]
            plays.move_media(connection, play.media_id, other)
            medias.forget(connection, play.media_id)
            return other

        other = await home.daemon.database.write(merge)
        full = await home.lookup.resolve(play)
        assert full is not None
        assert full.ids.trakt == item.ids["trakt"]
        await home.relay_all()
        kept = await home.daemon.database.read(lambda connection: plays.get(connection, play.id))
        assert kept is not None
        assert (kept.media_id, kept.media.ids.trakt) == (other, item.ids["trakt"])
        assert home.trakt.history_count() == 1


async def test_what_cannot_be_learned_from_an_answer_changes_no_verdict(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.movie("heat-1995")
        ids = MediaIds(trakt=item.ids["trakt"])
        await home.event(PlaybackEvent("plex", Action.WATCHED, Movie("Heat", 1995, ids), player="tv"))

        def refuse(connection: sqlite3.Connection) -> None:
            connection.execute("CREATE TRIGGER no BEFORE UPDATE ON media BEGIN SELECT RAISE(ABORT, 'no'); END")

        await home.daemon.database.write(refuse)
        await home.relay.deliver_next()
        assert [owed.state for owed in await home.deliveries()] == [DeliveryState.DELIVERED]


async def test_a_verdict_that_cannot_be_booked_ends_its_delivery_alone(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.episode("friends", 1, 1)
        await home.plex(plex_payload("media.scrobble", item, None))

        def refuse(connection: sqlite3.Connection) -> None:
            when = "WHEN NEW.state = 'delivered' BEGIN SELECT RAISE(ABORT, 'no'); END"
            connection.execute(f"CREATE TRIGGER no BEFORE UPDATE ON deliveries {when}")

        await home.daemon.database.write(refuse)
        await home.relay_all()
        (dead,) = await home.deliveries()
        assert (dead.state, dead.reason) == (DeliveryState.DEAD, "internal: IntegrityError")


async def test_a_delivery_that_was_never_sent_releases_no_hold(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.event(PlaybackEvent("plex", Action.WATCHED, Movie("No Such Thing At All", 1901), player="tv"))
        home.clock.advance(600)
        await hold(home, "locked", home.clock.now())
        await home.relay.deliver_next()
        assert [owed.state for owed in await home.owed()] == [DeliveryState.UNIDENTIFIED]
        assert (await account(home)).held_reason == "locked"


async def test_a_probe_that_fails_waits_for_another_hour(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.plex(plex_payload("media.scrobble", home.trakt.catalogue.episode("friends", 1, 1), None))
        await hold(home, "locked", home.clock.now())
        home.trakt.faults.add(Fault("status", path="/s*", status=503))
        await home.relay.deliver_next()
        held = await account(home)
        assert held.held_reason == "locked"
        assert (held.probe_at or 0) > home.clock.now() + 3_590_000
        await home.relay_all()
        assert (await account(home)).held_reason is None


async def test_nothing_in_flight_goes_out_or_ends_the_hold_while_a_login_is_checked(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.episode("friends", 1, 1)
        await home.plex(plex_payload("media.scrobble", item, None))
        lookup = home.lookup.resolve

        async def slow(*args: object) -> object:
            found = await lookup(*args)  # type: ignore[arg-type]
            await hold(home, UNVERIFIED, NEVER)
            return found

        home.lookup.resolve = slow  # type: ignore[method-assign, assignment]
        await home.relay.deliver_next()
        held = await account(home)
        assert (held.held_reason, held.probe_at) == (UNVERIFIED, NEVER)
        assert home.trakt.history_count() == 0
        assert [owed.attempts for owed in await home.owed()] == [0]


async def test_a_refusal_in_flight_does_not_turn_a_login_check_into_an_hourly_probe(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await home.plex(plex_payload("media.scrobble", home.trakt.catalogue.episode("friends", 1, 1), None))
        lookup = home.lookup.resolve

        async def slow(*args: object) -> object:
            await hold(home, UNVERIFIED, NEVER)
            return await lookup(*args)  # type: ignore[arg-type]

        home.lookup.resolve = slow  # type: ignore[method-assign, assignment]
        home.trakt.faults.add(Fault("status", method="GET", path="/s*", status=423, times=None))
        await home.relay.deliver_next()
        held = await account(home)
        assert (held.held_reason, held.probe_at) == (UNVERIFIED, NEVER)


async def test_a_backfilled_play_claims_the_row_another_scrobbler_made_in_its_sitting(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        item = home.trakt.catalogue.episode("friends", 1, 1)
        await home.scrobble("start", {**trakt_item(item), "progress": 0})
        home.clock.advance(18 * 60)
        home.trakt.add_play("watcher", item, home.clock.now())
        home.clock.advance(11 * 60)
        await home.scrobble("stop", {**trakt_item(item), "progress": 99})
        home.clock.advance(3600)
        await home.log_in()
        assert await home.daemon.ports.owing.backfill() == 1
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1


async def test_an_uncheckin_of_yesterday_is_let_go(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.boot(log_in=True) as home:
        await home.scrobble("checkin", trakt_item(house.trakt.catalogue.episode("friends", 1, 1)))
        await home.relay.deliver_next()
        await home.event(PlaybackEvent("trakt", Action.UNCHECKIN, Movie()))
        house.minutes(24 * 60)
        await home.relay_all()
        assert [item.state for item in await home.deliveries() if item.verb is Verb.UNCHECKIN] == [DeliveryState.SUPERSEDED]
        assert not house.trakt.calls("DELETE", "/checkin")


async def test_joined_sittings_keep_the_attempts_of_the_outcome_that_is_let_go(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.boot(log_in=True) as home:
        item = house.trakt.catalogue.movie("heat-1995")
        german, english = Movie("Hitze", 1995, MediaIds(imdb="tt0113277")), Movie("Heat", 1995, MediaIds(tmdb=949))
        await home.event(PlaybackEvent("jellyfin", Action.WATCHED, german, player="tv"))
        await home.event(PlaybackEvent("plex", Action.WATCHED, english, player="tv"))
        (first, second) = await home.deliveries()

        def tried_and_joined(connection: sqlite3.Connection) -> None:
            now = home.clock.now()
            deliveries.write_ahead(connection, second.id, "scrobble/stop", now)
            deliveries.settle(connection, second.id, DeliveryState.DEAD, now)
            known = medias.known(connection, ME, german)
            assert known is not None
            merging.learn(connection, ME, known, Movie("Heat", 1995, MediaIds(imdb="tt0113277", tmdb=949)), now)

        house.trakt.core.scrobble(house.trakt.user(), item)
        await home.daemon.database.write(tried_and_joined)
        (kept,) = await home.owed()
        assert (kept.id, kept.attempts, kept.sent_as, kept.state) == (first.id, 1, "scrobble/stop", DeliveryState.SENT)
        await home.relay_all()
        assert house.plays(item) == 1


async def test_the_late_answer_of_a_joined_outcome_claims_its_row_for_the_play(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.movie("heat-1995")
        await home.event(PlaybackEvent("plex", Action.WATCHED, Movie("Heat", 1995), player="tv"))
        (owed,) = await home.deliveries()

        def join(connection: sqlite3.Connection) -> None:
            deliveries.settle(connection, owed.id, DeliveryState.SUPERSEDED, home.clock.now())

        learn = home.lookup.learn

        async def joined_meanwhile(*args: object) -> object:
            if home.trakt.history_count():
                await home.daemon.database.write(join)
            return await learn(*args)  # type: ignore[arg-type]

        home.lookup.learn = joined_meanwhile  # type: ignore[method-assign, assignment]
        await home.relay.deliver_next()
        play = await home.daemon.database.read(lambda connection: plays.get(connection, owed.play_id))
        assert play is not None
        assert play.trakt_history_id == home.trakt.user().history[0].id
        assert home.trakt.user().history[0].item is item


@pytest.mark.parametrize("number_abs, place", [(1, (1, 1)), (28, (1, 28)), (33, (2, 5))])
async def test_a_late_absolute_number_goes_to_the_history(tmp_path: Path, number_abs: int, place: tuple[int, int]) -> None:
    async with a_house(tmp_path) as house, house.boot(log_in=True) as home:
        told = Episode(Show("Frieren", ids=MediaIds(tvdb=424536)), number_abs=number_abs)
        began = house.clock.now()
        await home.event(PlaybackEvent("plex", Action.WATCHED, told, player="tv"))
        house.minutes(60)
        await home.relay_all()
        (row,) = house.trakt.user().history
        assert row.item is house.trakt.catalogue.episode(195_413, *place)
        assert abs(row.watched_at - began) <= 60_000


async def test_an_absolute_number_that_no_season_has_is_not_guessed(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.boot(log_in=True) as home:
        told = Episode(Show("Frieren", ids=MediaIds(tvdb=424536)), number_abs=99)
        await home.event(PlaybackEvent("plex", Action.WATCHED, told, player="tv"))
        house.minutes(60)
        await home.relay.deliver_next()
        assert [item.state for item in await home.owed()] == [DeliveryState.UNIDENTIFIED]
        assert house.trakt.history_count() == 0


async def test_an_anime_sites_running_number_finds_the_episode_of_a_later_season(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, house.boot(log_in=True) as home:
        told = Episode(Show("Frieren: Beyond Journey's End", 2023, MediaIds(anidb=17617)), 1, 33, number_abs=33)
        await home.event(PlaybackEvent("plex", Action.WATCHED, told, player="tv"))
        house.minutes(60)
        await home.relay_all()
        (row,) = house.trakt.user().history
        assert row.item is house.trakt.catalogue.episode(195_413, 2, 5)
