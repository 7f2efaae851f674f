"""Watchers keep what they are trusted with to themselves, and take nobody's plays for another's."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.services.living_room import KINDS, WITH_USERS, a_room
from watchd.model.watching import WatchState
from watchd.settings import AccountSettings
from watchd.standins.faults import Fault
from watchd.standins.media import MediaStandIn

MINUTE = 60.0

every_kind = pytest.mark.parametrize("source", KINDS)


@every_kind
async def test_a_wrong_token_is_said_once_and_tried_again_rarely(tmp_path: Path, source: str) -> None:
    with capture_logs() as logs:
        async with a_room(tmp_path, source, secret="not-the-secret", logged_in=False) as room:
            room.server.start_playing(room.episode)
            waits = [await room.look() for _ in range(5)]
            assert waits == [300.0] * 5
            assert room.watcher.facts()["reason"] == "the server refuses the token or password (HTTP 401)"
            assert room.shown().state is WatchState.UNKNOWN
    said: list[Any] = [entry for entry in logs if str(entry["event"]).startswith("watcher.")]
    assert [entry["event"] for entry in said] == ["watcher.unheard"]


@every_kind
async def test_no_secret_is_in_any_log_url_or_kept_event(tmp_path: Path, source: str) -> None:
    with capture_logs() as logs:
        async with a_room(tmp_path, source, logged_in=False) as room:
            room.server.start_playing(room.episode)
            await room.look()
            for fault in (Fault("status", status=500), Fault("html", status=403), Fault("drop_before"), Fault("garbage")):
                room.server.faults.add(fault)
                await room.look()
            room.server.stop_playing()
            await room.look_for(MINUTE)
            kept = await room.home.daemon.database.read(
                lambda connection: str(connection.execute("SELECT * FROM events").fetchall())
            )
            urls = str([(seen.path, seen.query) for seen in room.server.requests])
            told = str(room.watcher.facts())
    for place in (str(logs), kept, urls, told):
        assert MediaStandIn.secret not in place
        assert "hidden" not in place


@pytest.mark.parametrize("source", WITH_USERS)
async def test_each_play_goes_to_its_account_and_a_stranger_s_nowhere(tmp_path: Path, source: str) -> None:
    people = (AccountSettings(name="ann", users=("Ann",)), AccountSettings(name="ben", users=("Ben",)))
    async with a_room(tmp_path, source, logged_in=False, accounts=people) as room:
        movies = room.home.trakt.catalogue
        room.server.start_playing(room.episode, device="tv", user=("11", "ann"))
        room.server.start_playing(movies.movie("heat-1995"), device="tablet", user=("12", "Ben"))
        room.server.start_playing(movies.movie("arrival-2016"), device="phone", user=("13", "stranger"))
        room.server.start_playing(movies.movie("suzume-2022"), device="browser", user=None)
        for _ in range(20):
            await room.look()
        read = room.home.daemon.database.read
        titles = await read(lambda connection: connection.execute("SELECT account_id FROM plays ORDER BY 1").fetchall())
        refused = await read(
            lambda connection: connection.execute("SELECT COUNT(*) FROM events WHERE fate = 'refused'").fetchone()[0]
        )
        assert (len(titles), len({tuple(row) for row in titles}), refused) == (2, 2, 2)


@pytest.mark.parametrize("mapped, accounts", [(True, [1, 2]), (False, [1])])
async def test_who_watches_along_has_a_play_of_their_own_where_they_are_another_account(
    tmp_path: Path, mapped: bool, accounts: list[int]
) -> None:
    people = (AccountSettings(name="ann", users=("ann",)), AccountSettings(name="ben", users=("ben",))) if mapped else ()
    async with a_room(tmp_path, "jellyfin", logged_in=False, accounts=people) as room:
        along = [{"UserId": f"{number:032x}", "UserName": name} for number, name in enumerate(("ben", "eve", "Ann"), 12)]
        room.server.start_playing(room.episode, 10, user=("11", "ann"), AdditionalUsers=along)
        await room.look_for(room.episode.runtime * MINUTE * 0.85)
        room.server.stop_playing()
        await room.look_for(MINUTE)
        read = room.home.daemon.database.read
        watched = "SELECT account_id FROM plays WHERE watched_at IS NOT NULL AND state = 'stopped' ORDER BY 1"
        assert [row[0] for row in await read(lambda connection: connection.execute(watched).fetchall())] == accounts
        refused = "SELECT COUNT(*) FROM events WHERE fate = 'refused'"
        assert await read(lambda connection: connection.execute(refused).fetchone()[0]) == 0
        started = {"source": "jellyfin", "action": "start"}
        assert room.home.daemon.metrics.registry.get_sample_value("watchd_events_received_total", started) == len(accounts)


@every_kind
async def test_what_ended_while_the_daemon_was_down_ends_for_the_account_whose_it_was(tmp_path: Path, source: str) -> None:
    whose: dict[str, Any] = {"players": ("kodi",)} if source == "kodi" else {"users": ("ben",)}
    people = (AccountSettings(name="ann", users=("ann",)), AccountSettings(name="ben", **whose))
    async with a_room(tmp_path, source, logged_in=False, accounts=people) as room:
        room.server.start_playing(room.episode, user=("12", "ben"))
        await room.look_for(5 * MINUTE)
        room.server.stop_playing()
        room.watcher = room.another()
        await room.look_for(MINUTE)
        rows = await room.home.daemon.database.read(
            lambda connection: connection.execute("SELECT account_id, state FROM plays").fetchall()
        )
        assert [tuple(row) for row in rows] == [(2, "stopped")]
