"""The login at Trakt, and whose it is."""

import stat
from pathlib import Path

from tests.services.home import ME, a_home
from watchd.demo.players import plex_payload
from watchd.services.login import LoginState
from watchd.standins.faults import Fault
from watchd.store import accounts


async def test_a_login_shows_a_code_and_binds_the_account_to_the_trakt_user(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        code = await home.login.begin()
        assert code.verification_url.startswith("http")
        assert home.login.status.state is LoginState.WAITING
        home.trakt.approve(code.user_code)
        status = await home.login.wait(code)
        assert (status.state, status.user) == (LoginState.DONE, "watcher")
        account = await home.daemon.database.read(lambda connection: accounts.get(connection, ME))
        assert (account.trakt_slug, account.held_reason) == ("watcher", None)
        assert account.trakt_since is not None
        assert stat.S_IMODE(home.daemon.database.path.stat().st_mode) == 0o600


async def test_a_refused_login_says_so(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        code = await home.login.begin()
        home.trakt.deny(code.user_code)
        status = await home.login.wait(code)
        assert status.state is LoginState.FAILED
        assert "refused" in str(status.reason)


async def test_an_expired_code_says_so(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        code = await home.login.begin()
        status = await home.login.wait(code)
        assert (status.state, status.reason) == (LoginState.FAILED, "the code has expired")


async def test_a_login_survives_trakt_failing_while_it_waits(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        code = await home.login.begin()
        home.trakt.faults.add(Fault("status", status=503, path="/oauth/device/token", times=3))
        home.trakt.approve(code.user_code)
        assert (await home.login.wait(code)).state is LoginState.DONE


async def test_another_trakt_user_behind_a_new_login_stops_the_relay_until_confirmed(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.add_user("somebody-else")
        code = await home.login.begin()
        home.trakt.approve(code.user_code, "somebody-else")
        assert (await home.login.wait(code)).state is LoginState.FAILED
        item = home.trakt.catalogue.episode("friends", 1, 1)
        await home.plex(plex_payload("media.scrobble", item, None))
        await home.relay.deliver_next()
        assert home.trakt.history_count(user="somebody-else") == home.trakt.history_count() == 0
        assert len(await home.owed()) == 1
        again = await home.login.begin(confirm=True)
        home.trakt.approve(again.user_code, "somebody-else")
        assert (await home.login.wait(again)).state is LoginState.DONE
        await home.relay_all()
        assert home.trakt.history_count(user="somebody-else") == 1


async def test_a_logout_ends_the_doubt_about_whose_login_it_was(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.add_user("somebody-else")
        for _ in range(2):
            code = await home.login.begin()
            home.trakt.approve(code.user_code, "somebody-else")
            assert (await home.login.wait(code)).state is LoginState.FAILED
            assert home.login.doubt is not None
            await home.login.logout()
            account = await home.daemon.database.read(lambda connection: accounts.get(connection, ME))
            assert [home.daemon.links[0].facts()["login_reason"], account.held_reason] == [None, None]


async def test_a_login_whose_user_cannot_be_asked_relays_nothing_until_it_can(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        home.trakt.faults.add(Fault("status", status=503, path="/users/settings", times=1))
        code = await home.login.begin()
        home.trakt.approve(code.user_code)
        status = await home.login.wait(code)
        assert "could not be asked" in str(status.reason)
        account = await home.daemon.database.read(lambda connection: accounts.get(connection, ME))
        assert account.held_reason is not None
        await home.login.check()
        account = await home.daemon.database.read(lambda connection: accounts.get(connection, ME))
        assert (account.held_reason, account.trakt_slug) == (None, "watcher")


async def test_logging_out_revokes_the_tokens_and_keeps_what_is_owed(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.episode("friends", 1, 1)
        await home.plex(plex_payload("media.scrobble", item, None))
        await home.login.logout()
        assert [seen.status for seen in home.trakt.calls("POST", "/oauth/revoke")] == [200]
        await home.relay.deliver_next()
        assert len(await home.owed()) == 1
        await home.log_in()
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1


async def test_plays_from_before_the_first_login_are_owed_only_after_backfill(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        item = home.trakt.catalogue.episode("friends", 1, 1)
        await home.plex(plex_payload("media.scrobble", item, None))
        home.clock.advance(3600)
        await home.log_in()
        home.clock.advance(3600)
        await home.settle()
        assert await home.deliveries() == []
        assert await home.daemon.ports.owing.backfill() == 1
        assert await home.daemon.ports.owing.backfill() == 0
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1


async def test_backfill_claims_what_trakt_has_already(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        item = home.trakt.catalogue.episode("friends", 1, 1)
        await home.plex(plex_payload("media.scrobble", item, None))
        home.trakt.add_play("watcher", item, home.clock.now())
        home.clock.advance(3600)
        await home.log_in()
        await home.daemon.ports.owing.backfill()
        await home.relay_all()
        assert home.trakt.history_count(item.key[1], kind="episode") == 1
