"""Accounts of the settings, from one start to the next."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from tests.cli.served import served
from tests.services.home import ME, Home, a_home
from watchd.clock import DAY
from watchd.demo.players import plex_payload
from watchd.model.playback import PlaybackEvent
from watchd.model.receipts import RawEvent
from watchd.model.relay import Verb
from watchd.services.login import LoginState, LoginStatus
from watchd.settings import AccountSettings
from watchd.sources import plex
from watchd.standins.items import Watchable
from watchd.store import accounts, deliveries, plays

ADA = AccountSettings(name="ada", users=("alice",))
BEN = AccountSettings(name="ben", users=("bob",), trakt_username="ben-at-trakt")


def an_event(item: Watchable, event: str, progress: float | None) -> PlaybackEvent:
    parsed = plex.parse(plex_payload(event, item, progress))
    assert isinstance(parsed, PlaybackEvent)
    return parsed


async def test_who_tracked_alone_keeps_history_and_login_as_the_first_account(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        movie = home.trakt.catalogue.movie("guardians-of-the-galaxy-2014")
        await home.event(an_event(movie, "media.scrobble", None))
        token = home.daemon.tokens["hook"]
        assert home.daemon.hook_tokens == {}
    async with a_home(tmp_path, logged_in=False, accounts=(ADA, BEN)) as home:
        everybody = await home.daemon.database.read(accounts.everyone)
        assert [(account.name, account.trakt_since is not None) for account in everybody] == [("ada", True), ("ben", False)]
        [play] = await home.daemon.database.read(lambda connection: plays.watched(connection, everybody[0].id, 10))
        assert play.media.title == movie.title
        assert home.daemon.tokens["hook"] == token
        assert home.daemon.hook_tokens.keys() == {"ada", "ben"}
        assert token not in home.daemon.hook_tokens.values()
        for link in home.daemon.links:
            await link.load()
        assert [link.facts()["login"] for link in home.daemon.links] == ["ok", "none"]


async def test_an_account_no_longer_named_is_left_alone_also_when_its_play_ends(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, accounts=(ADA, BEN)) as home:
        movie = home.trakt.catalogue.movie("guardians-of-the-galaxy-2014")
        bens = home.daemon.doorkeeper.named("ben")
        assert bens is not None
        raw = RawEvent(bens, "plex", home.clock.now(), "{}")
        await home.daemon.recorder.record(raw, an_event(movie, "media.play", 50))
    with structlog.testing.capture_logs() as logs:
        async with a_home(tmp_path, logged_in=False, accounts=(ADA,)):
            pass
    assert [line["accounts"] for line in logs if line["event"] == "household.not_served"] == [["ben"]]
    async with a_home(tmp_path, logged_in=False, accounts=(ADA,)) as home:
        home.clock.advance(24 * 3600)
        assert await home.daemon.recorder.settle_due() is None
        assert home.daemon.now.document("ben") is None
        assert home.daemon.now.document("ada") is not None
        await home.daemon.vitals.look()
        warning = "the account ben is not in the settings: its plays are kept and not shown; name it in [[accounts]]"
        assert home.daemon.vitals.status()["warnings"] == [warning]
        await home.daemon.database.write(lambda connection: deliveries.owe(connection, bens, 1, Verb.WATCHED, 0, 95.0))
        await home.daemon.vitals.look()
        assert "Trakt hears nothing of 1 that it is owed" in str(home.daemon.vitals.status()["warnings"])
        names = [account.name for account in await home.daemon.database.read(accounts.everyone)]
        assert names == ["ada", "ben"]


async def test_the_end_of_a_play_of_one_account_is_shown_also_when_a_late_event_of_another_came_first(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, accounts=(ADA, BEN)) as home:
        bens, movies = home.daemon.doorkeeper.named("ben"), home.trakt.catalogue.movies
        assert bens is not None
        await home.daemon.recorder.record(RawEvent(bens, "plex", home.clock.now(), "{}"), an_event(movies[0], "media.play", 50))
        home.clock.advance(24 * 3600)
        late = replace(an_event(movies[1], "media.stop", 40), at=home.clock.now() - DAY)
        await home.event(late)
        assert await home.daemon.recorder.settle_due() is None
        assert sum(home.daemon.now.sessions().values()) == 0


async def test_the_past_is_owed_by_those_alone_who_have_logged_in(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, accounts=(ADA, BEN)) as home:
        movies = home.trakt.catalogue.movies
        bens = home.daemon.doorkeeper.named("ben")
        assert bens is not None
        for account_id, movie in ((ME, movies[0]), (bens, movies[1]), (bens, movies[2])):
            raw = RawEvent(account_id, "plex", home.clock.now(), "{}")
            await home.daemon.recorder.record(raw, an_event(movie, "media.scrobble", None))
        home.clock.advance(3600)
        await home.log_in()
        owing = home.daemon.ports.owing
        assert [await owing.backfill(name) for name in ("BEN", "eve", "ada", None)] == [0, None, 1, 0]
        assert [delivery.account_id for delivery in await home.deliveries()] == [ME]


async def test_each_account_is_polled_by_its_own_name(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, accounts=(ADA, BEN)) as home:
        home.trakt.add_user("ben-at-trakt")
        home.trakt.watch("ben-at-trakt", home.trakt.catalogue.movie("guardians-of-the-galaxy-2014"), 5)
        for link in home.daemon.links:
            await link.load()
            link.poller.start()
            await link.poller.poll_once()
        cards = [home.daemon.now.document(name) for name in ("ada", "Ben")]
        assert [card is not None and b'"isWatching":true' in card.body for card in cards] == [False, True]
        asked = home.daemon.metrics.registry.get_sample_value
        assert [asked("watchd_poll_asked", {"poller": label}) for label in ("watching", "watching-2")] == [0, 1]


async def post(url: str, token: str, user: str, item: Watchable) -> dict[str, Any]:
    payload = plex_payload("media.play", item, 1)
    payload["Account"]["title"] = user
    async with aiohttp.ClientSession() as session, session.post(f"{url}/hooks/plex?token={token}", json=payload) as answer:
        assert answer.status == 200
        told: dict[str, Any] = await answer.json()
        return told


async def test_a_second_user_of_a_daemon_without_accounts_is_warned_of_in_the_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        token = daemon.home.daemon.tokens["hook"]
        movies = daemon.home.trakt.catalogue.movies
        assert (await post(daemon.url, token, "alice", movies[0]))["status"] == "accepted"
        assert "warning" not in (await daemon.command("status"))[1]
        assert (await post(daemon.url, token, "bob", movies[1]))["status"] == "accepted"
        code, printed = await daemon.command("status")
        assert code == 0
        assert "warning: 2 users have been seen (alice, bob) and everything they watch goes to the account me" in printed


async def test_each_accounts_own_token_works_at_the_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False, accounts=(ADA, BEN)) as daemon:
        movie = daemon.home.trakt.catalogue.movies[0]
        own, household = daemon.home.daemon.hook_tokens["ben"], daemon.home.daemon.tokens["hook"]
        assert (await post(daemon.url, household, "whoever", movie))["status"] == "refused"
        assert (await post(daemon.url, own, "whoever", movie))["status"] == "accepted"
        assert daemon.home.daemon.now.summary(2)["state"] == "watching"
        assert daemon.home.daemon.now.summary(1)["state"] == "idle"


async def log_in(home: Home, account: str, *, confirm: bool = False) -> LoginStatus:
    login = home.daemon.connecting.login(account)
    code = await login.begin(confirm=confirm)
    home.trakt.approve(code.user_code)
    return await login.wait(code)


async def test_a_second_account_is_not_let_in_at_the_first_ones_trakt_user_by_mistake(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False, accounts=(ADA, BEN)) as home:
        assert (await log_in(home, "ada")).user == "watcher"
        status = await log_in(home, "ben")
        whose = "the new login is of the Trakt user of the account ada (watcher)"
        reason = f"{whose}: `watchd login --account ben --confirm` accepts that"
        assert (status.state, status.reason) == (LoginState.FAILED, reason)
        assert (await home.daemon.database.read(accounts.everyone))[1].held_reason == status.reason
        assert (await log_in(home, "ada")).state is LoginState.DONE
        assert (await log_in(home, "ben", confirm=True)).state is LoginState.DONE
        assert (await home.daemon.database.read(accounts.everyone))[1].held_reason is None
