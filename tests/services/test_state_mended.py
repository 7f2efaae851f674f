"""What is shown and kept stays true through new logins, logouts, clocks that jump and disks that take nothing."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from tests.services.home import ME, Home, LeapingClock, a_home
from tests.services.house import a_house
from tests.services.test_poller import card
from watchd.clients.trakt_tokens import TokenState
from watchd.clock import HOUR, ManualClock
from watchd.demo.players import plex_payload
from watchd.errors import StoreUnavailable, UpstreamRefusal
from watchd.model.playback import Action, PlaybackEvent
from watchd.rules.now import Polled
from watchd.rules.poll import LOCAL_PAUSED
from watchd.services.login import LoginState
from watchd.services.poller import Ear, Poller, is_echo
from watchd.standins.faults import Fault, Seen

WATCHING = "/users/me/watching"


class PatientClock(LeapingClock):
    """Leaps over short waits; a long one is waited for in earnest."""

    async def sleep(self, seconds: float) -> None:
        if seconds < 600:
            await super().sleep(seconds)
        else:
            await ManualClock.sleep(self, seconds)


async def writable(home: Home, *, yes: bool) -> None:
    await home.daemon.database._writer.execute(f"PRAGMA query_only = {int(not yes)}")


async def turns_until(holds: Callable[[], bool]) -> None:
    """Let the loop go round until it holds."""
    with anyio.fail_after(20):
        while not holds():
            await anyio.lowlevel.checkpoint()


async def test_a_new_login_ends_the_long_wait_of_a_refused_poller_at_once_and_a_nudge_does_not(tmp_path: Path) -> None:
    async with a_home(tmp_path, clock=PatientClock()) as home:
        poller, item = home.link.poller, home.trakt.catalogue.episode("severance", 2, 10)
        home.trakt.revoke_tokens()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(poller.run)
            await turns_until(lambda: poller.hearing.failing)
            assert card(home)["state"] == "unknown"
            asked, before = len(home.trakt.calls("GET", WATCHING)), home.clock.now()
            poller.nudge()
            await anyio.wait_all_tasks_blocked()
            assert len(home.trakt.calls("GET", WATCHING)) == asked
            home.trakt.watch("watcher", item, 10)
            await home.log_in()
            await turns_until(lambda: poller.hearing.last_heard is not None)
            assert home.clock.now() - before < HOUR / 60
            assert (card(home)["state"], card(home)["content"]["title"]) == ("watching", "Severance")
            tasks.cancel_scope.cancel()


async def test_an_answer_to_what_was_asked_before_a_new_login_is_not_shown(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.watch("watcher", home.trakt.catalogue.episode("severance", 2, 10), 10)

        def login_comes(_seen: Seen) -> bool:
            home.link.poller.reset()
            return False

        home.trakt.faults.add(Fault("status", status=500, path=WATCHING, when=login_comes))
        assert await home.link.poller.poll_once() == 0
        assert (card(home)["state"], home.link.poller.hearing.last_heard) == ("unknown", None)


@pytest.mark.parametrize("error", [StoreUnavailable("full"), ValueError("odd"), sqlite3.OperationalError("odd")])
async def test_a_poll_that_fails_in_an_unforeseen_way_is_one_that_was_not_heard(tmp_path: Path, error: Exception) -> None:
    async with a_home(tmp_path) as home:

        def ear() -> Ear:
            raise error

        daemon = home.daemon
        poller = Poller(ME, daemon.database, home.clock, daemon.now, daemon.metrics, ear=ear)
        assert await poller.poll_once() > 0
        assert poller.hearing.failing
        counted = daemon.metrics.registry.get_sample_value("watchd_internal_errors_total", {"part": "poller"})
        assert counted == (0 if isinstance(error, StoreUnavailable) else 1)


async def test_a_jump_of_the_wall_clock_leaves_the_percentage_where_it_was(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.plex(plex_payload("media.play", home.trakt.catalogue.movie("heat-1995"), 10))
        home.clock.advance(600)
        before = card(home)["content"]["progress"]["percentage"]
        await home.daemon.vitals.look()
        home.clock.jump(3600)
        await home.daemon.vitals.look()
        assert card(home)["content"]["progress"]["percentage"] == pytest.approx(before, abs=0.1)


async def test_a_jump_that_could_not_be_written_is_made_up_for(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.plex(plex_payload("media.play", home.trakt.catalogue.movie("heat-1995"), 10))
        before = card(home)["content"]["progress"]["percentage"]
        await writable(home, yes=False)
        home.clock.jump(3600)
        await home.daemon.vitals.look()
        assert await home.daemon.vitals.ready() != []
        await writable(home, yes=True)
        await home.daemon.vitals.look()
        assert await home.daemon.vitals.ready() == []
        assert card(home)["content"]["progress"]["percentage"] == pytest.approx(before, abs=0.1)


async def test_tokens_that_cannot_be_saved_are_kept_in_mind_until_they_can(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await writable(home, yes=False)
        await home.log_in()
        assert (home.login.status.state, home.login.trusted) == (LoginState.FAILED, False)
        assert "could not be saved" in str(home.login.status.reason)
        await home.login.check()
        assert home.login.status.state is LoginState.FAILED
        await writable(home, yes=True)
        await home.login.check()
        assert (home.login.status.state, home.login.status.user, home.login.trusted) == (LoginState.DONE, "watcher", True)
        await home.link.poller.poll_once()
        assert card(home)["state"] == "idle"


async def test_a_logout_that_cannot_be_written_down_fails_and_ends_nothing(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        await writable(home, yes=False)
        home.login.leave()
        await home.login._step()
        assert (home.login.status.state, "written" in str(home.login.status.reason)) == (LoginState.FAILED, True)


async def test_what_another_trakt_user_watches_is_not_shown_until_confirmed(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.trakt.add_user("somebody-else")
        house.trakt.watch("somebody-else", house.trakt.catalogue.episode("severance", 2, 10), 10)
        async with house.boot(log_in=True) as home:
            code = await home.login.begin()
            house.trakt.approve(code.user_code, "somebody-else")
            await home.login.wait(code)
            await home.link.poller.poll_once()
            assert card(home)["state"] == "unknown"
            assert "another Trakt user" in str(home.link.facts()["login_reason"])
        async with house.boot() as home:
            await home.link.load()
            home.link.poller.start()
            await home.link.poller.poll_once()
            assert card(home)["state"] == "unknown"
            code = await home.login.begin(confirm=True)
            house.trakt.approve(code.user_code, "somebody-else")
            await home.login.wait(code)
            await home.link.poller.poll_once()
            assert (card(home)["state"], home.link.facts()["login_reason"]) == ("watching", None)


@pytest.mark.parametrize("status, forgotten", [(400, True), (401, True), (403, True), (429, False), (503, False)])
async def test_a_logout_that_trakt_refuses_for_good_forgets_the_tokens_all_the_same(
    tmp_path: Path, status: int, forgotten: bool
) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(Fault("status", status=status, path="/oauth/revoke", times=None))
        keeper = home.link.keeper
        assert keeper is not None
        if forgotten:
            await home.login.logout()
            assert "refused to revoke" in str(home.login.status.reason)
        else:
            with pytest.raises(UpstreamRefusal):
                await home.login.logout()
        assert (keeper.state is TokenState.NONE) is forgotten


async def test_a_logout_without_a_login_says_so(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        await home.login.logout()
        assert (home.login.status.state, home.login.status.reason) == (LoginState.NONE, "there was no login")


async def test_tokens_and_polls_have_no_figures_without_a_login(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        told = home.daemon.metrics.registry.get_sample_value
        expiry, asked = "watchd_upstream_token_expiry_timestamp_seconds", "watchd_poll_asked"
        assert (told(expiry, {"service": "trakt"}) or 0) > 0
        assert told(asked, {"poller": "watching"}) == 1
        await home.login.logout()
        assert told(expiry, {"service": "trakt"}) is None
        assert told(asked, {"poller": "watching"}) == 0


async def test_an_item_begun_again_elsewhere_with_a_stale_start_is_no_echo_of_ours(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.movie("heat-1995")
        began = home.clock.now()
        receipt = await home.plex(plex_payload("media.play", item, 0))
        for _ in range(4):
            await home.relay.deliver_next()
            home.clock.advance(2)
        home.clock.advance(600)
        await home.plex(plex_payload("media.stop", item, 10))
        assert receipt.play is not None
        media, length = receipt.play.media, round(60_000 * item.runtime)
        assert media.runtime is not None

        async def echo(expires_at: int) -> bool:
            polled = Polled(media, began, expires_at)
            return await home.daemon.database.read(lambda connection: is_echo(connection, ME, polled))

        assert await echo(began + length)
        assert not await echo(began + 3 * HOUR + length)


async def test_a_paused_play_of_ours_has_trakt_asked_every_minute(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        item = home.trakt.catalogue.movie("heat-1995")
        await home.plex(plex_payload("media.play", item, 0))
        await home.plex(plex_payload("media.pause", item, 0))
        assert await home.link.poller.poll_once() == LOCAL_PAUSED


async def test_a_tick_kept_in_memory_moves_the_card(tmp_path: Path) -> None:
    async with a_home(tmp_path, logged_in=False) as home:
        start = plex_payload("media.play", home.trakt.catalogue.movie("heat-1995"), 10)
        receipt = await home.plex(start)
        assert receipt.play is not None
        home.clock.advance(5)
        tick = PlaybackEvent("plex", Action.PROGRESS, receipt.play.media, progress=12.5, player=receipt.play.player)
        absorbed = await home.event(tick)
        assert absorbed.event_id == 0
        assert card(home)["content"]["progress"]["percentage"] == pytest.approx(12.5, abs=0.5)
