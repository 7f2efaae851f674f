"""The keeper: when it refreshes, what it hands out meanwhile, and when it gives up."""

import asyncio

import anyio
import pytest

from tests.clients.issuer import LIFE, FakeStore, Issuer
from tests.clients.upstream import settle
from watchd.clients.refresh_trouble import LONGEST_WAIT, PATIENCE
from watchd.clients.trakt_auth import AppRefused
from watchd.clients.trakt_tokens import REST, TokenKeeper, TokenState
from watchd.clock import ManualClock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamUnreachable
from watchd.model.tokens import StoredTokens, TokenPair
from watchd.telemetry.metrics import Metrics


class House:
    """One account with fresh tokens, its store, Trakt, and the keeper between them."""

    def __init__(self, clock: ManualClock, metrics: Metrics) -> None:
        self.clock = clock
        self.metrics = metrics
        self.issuer = Issuer(clock)
        self.store = FakeStore(StoredTokens(self.issuer.pair))
        self.keeper = self.restart()

    def restart(self) -> TokenKeeper:
        self.keeper = TokenKeeper(self.store, self.issuer, self.clock, self.metrics)
        return self.keeper

    def state(self) -> TokenState:
        return self.keeper.state

    def refreshes(self, result: str) -> float:
        labels = {"service": "trakt", "result": result}
        return self.metrics.registry.get_sample_value("watchd_upstream_token_refreshes_total", labels) or 0.0


@pytest.fixture
def house(clock: ManualClock, metrics: Metrics) -> House:
    return House(clock, metrics)


async def test_a_fresh_token_is_handed_out_without_a_call(house: House) -> None:
    assert house.state() is TokenState.NONE
    assert await house.keeper.load() is TokenState.OK
    assert [await house.keeper.access_token() for _ in range(3)] == ["access1"] * 3
    assert (house.issuer.calls, house.store.loads) == ([], 1)
    assert house.keeper.expires_at == house.clock.now() + LIFE * 1000
    expiry = house.metrics.registry.get_sample_value("watchd_upstream_token_expiry_timestamp_seconds", {"service": "trakt"})
    assert expiry == house.clock.now() / 1000 + LIFE


async def test_at_half_of_its_life_a_token_is_refreshed_and_saved_before_use(house: House) -> None:
    house.clock.advance(LIFE / 2 - 1)
    assert await house.keeper.access_token() == "access1"
    house.clock.advance(1)
    assert await house.keeper.access_token() == "access2"
    assert house.store.row == StoredTokens(house.issuer.pair)
    assert house.store.steps == ["journal", "save"]
    assert house.refreshes("ok") == 1


async def test_without_tokens_only_a_login_helps_and_one_is_noticed(house: House) -> None:
    house.store.row = None
    with pytest.raises(LoginRequired, match="watchd login"):
        await house.keeper.access_token()
    house.store.row = StoredTokens(house.issuer.pair)
    assert await house.keeper.access_token() == "access1"


async def test_fifty_concurrent_401s_are_one_refresh(house: House) -> None:
    tokens = await asyncio.gather(*(house.keeper.renew("access1") for _ in range(50)))
    assert set(tokens) == {"access2"}
    assert house.issuer.calls == [("refresh1", "ok")]


async def test_a_401_on_an_older_token_gets_the_present_one(house: House) -> None:
    assert await house.keeper.renew("access0") == "access1"
    assert house.issuer.calls == []


async def test_fifty_callers_with_a_dead_token_share_one_refresh(house: House) -> None:
    house.clock.advance(LIFE)
    tokens = await asyncio.gather(*(house.keeper.access_token() for _ in range(50)))
    assert set(tokens) == {"access2"}
    assert house.issuer.calls == [("refresh1", "ok")]


async def test_while_a_refresh_hangs_the_living_token_is_handed_out(house: House) -> None:
    await house.keeper.access_token()
    house.clock.advance(LIFE / 2)
    house.issuer.gate = asyncio.Event()
    refreshing = asyncio.create_task(house.keeper.access_token())
    await settle()
    assert await house.keeper.access_token() == "access1"
    house.issuer.gate.set()
    assert await refreshing == "access2"


@pytest.mark.parametrize("outcome", ["lost", "dropped", "503"])
async def test_after_an_ambiguous_refresh_the_living_token_is_used_on_and_the_retry_saved_up(
    house: House, outcome: str
) -> None:
    house.clock.advance(LIFE / 2)
    house.issuer.outcome = outcome
    for _ in range(10):
        assert await house.keeper.access_token() == "access1"
        house.clock.advance(3600)
    assert house.issuer.calls == [("refresh1", outcome)]
    assert house.state() is TokenState.UNSURE
    assert house.refreshes("ambiguous") == 1


async def test_the_one_retry_comes_when_the_token_is_dead_and_may_succeed(house: House) -> None:
    house.clock.advance(LIFE / 2)
    house.issuer.outcome = "dropped"
    assert await house.keeper.access_token() == "access1"
    house.clock.advance(LIFE / 2)
    house.issuer.outcome = "ok"
    assert await house.keeper.access_token() == "access2"
    assert house.store.row == StoredTokens(house.issuer.pair)
    assert house.state() is TokenState.OK


async def test_after_the_retry_no_call_follows_ever(house: House) -> None:
    house.clock.advance(LIFE)
    house.issuer.outcome = "dropped"
    with pytest.raises(UpstreamUnreachable) as caught:
        await house.keeper.access_token()
    assert not caught.value.maybe_done
    assert house.state() is TokenState.EXPIRED
    house.clock.advance(PATIENCE - 1)
    with pytest.raises(UpstreamUnreachable):
        await house.keeper.access_token()
    assert len(house.issuer.calls) == 1
    house.clock.advance(1)
    with pytest.raises(LoginRequired):
        await house.keeper.access_token()
    house.issuer.outcome = "ok"
    for keeper in (house.keeper, house.restart()):
        house.clock.advance(LONGEST_WAIT)
        with pytest.raises(LoginRequired):
            await keeper.access_token()
        with pytest.raises(LoginRequired):
            await keeper.renew("access1")
    assert house.issuer.calls == [("refresh1", "dropped")] * 2
    assert house.state() is TokenState.LOGIN_REQUIRED


async def test_a_retry_with_a_spent_token_ends_in_a_login(house: House) -> None:
    house.issuer.outcome = "lost"
    with pytest.raises(UpstreamUnreachable):
        await house.keeper.renew("access1")
    house.clock.advance(PATIENCE)
    house.issuer.outcome = "ok"
    for _ in range(3):
        with pytest.raises(LoginRequired):
            await house.keeper.renew("access1")
    assert len(house.issuer.calls) == 2
    assert house.refreshes("refused") == 1


async def test_a_refused_refresh_token_is_never_presented_again_until_a_login(house: House) -> None:
    house.issuer.pair = TokenPair("other", "other", house.clock.now(), LIFE)
    house.clock.advance(LIFE / 2)
    for _ in range(5):
        with pytest.raises(LoginRequired):
            await house.keeper.access_token()
        house.clock.advance(LONGEST_WAIT)
    house.restart()
    with pytest.raises(LoginRequired):
        await house.keeper.access_token()
    assert len(house.issuer.calls) == 1
    assert house.keeper.reason == "Trakt does not accept the refresh token any more"
    new = TokenPair("new", "newer", house.clock.now(), LIFE)
    await house.keeper.adopt(new)
    assert await house.keeper.access_token() == "new"
    assert house.store.row == StoredTokens(new)


@pytest.mark.parametrize("outcome", ["unsent", "429", "403", "app"])
async def test_what_did_not_use_the_token_may_be_tried_again_at_growing_distance(house: House, outcome: str) -> None:
    house.clock.advance(LIFE / 2)
    house.issuer.outcome = outcome
    for _ in range(3600):
        assert await house.keeper.access_token() == "access1"
        house.clock.advance(2)
    assert 4 <= len(house.issuer.calls) <= 30
    assert house.store.row is not None
    assert house.store.row.refresh_tries == 0
    house.clock.advance(LONGEST_WAIT)
    house.issuer.outcome = "ok"
    assert await house.keeper.access_token() == "access2"


@pytest.mark.parametrize("outcome", ["unsent", "429", "403"])
async def test_with_a_dead_token_callers_are_sent_away_for_later(house: House, outcome: str) -> None:
    house.clock.advance(LIFE)
    house.issuer.outcome = outcome
    for _ in range(5):
        with pytest.raises(UpstreamUnreachable) as caught:
            await house.keeper.access_token()
        assert not caught.value.maybe_done
    assert len(house.issuer.calls) == 1
    house.clock.advance(601)
    house.issuer.outcome = "ok"
    assert await house.keeper.access_token() == "access2"


async def test_a_refused_app_is_told_to_those_who_need_the_token(house: House) -> None:
    house.clock.advance(LIFE)
    house.issuer.outcome = "app"
    for _ in range(3):
        with pytest.raises(AppRefused):
            await house.keeper.access_token()
    assert len(house.issuer.calls) == 1


async def test_not_used_after_an_ambiguous_try_leaves_the_one_retry(house: House) -> None:
    for outcome in ("dropped", "unsent", "429"):
        house.issuer.outcome = outcome
        with pytest.raises(UpstreamUnreachable):
            await house.keeper.renew("access1")
        house.clock.advance(LONGEST_WAIT)
    house.issuer.outcome = "ok"
    assert await house.keeper.renew("access1") == "access2"


async def test_a_fresh_token_that_is_refused_rests_and_brings_no_loop(house: House) -> None:
    fresh = await house.keeper.renew("access1")
    assert isinstance(house.keeper.rejected(fresh), LoginRequired)
    for _ in range(5):
        with pytest.raises(LoginRequired):
            await house.keeper.access_token()
        with pytest.raises(LoginRequired):
            await house.keeper.renew(fresh)
    assert house.state() is TokenState.LOGIN_REQUIRED
    house.clock.advance(REST)
    assert await house.keeper.access_token() == fresh
    with pytest.raises(LoginRequired):
        await house.keeper.renew(fresh)
    assert len(house.issuer.calls) == 1


async def test_a_refusal_of_a_token_already_replaced_is_a_matter_of_time(house: House) -> None:
    await house.keeper.renew("access1")
    error = house.keeper.rejected("access1")
    assert isinstance(error, UpstreamUnreachable)
    assert await house.keeper.access_token() == "access2"


async def test_logging_out_forgets_the_tokens(house: House) -> None:
    await house.keeper.access_token()
    await house.keeper.forget()
    assert house.state() is TokenState.NONE
    with pytest.raises(LoginRequired):
        await house.keeper.access_token()


async def test_a_journal_that_cannot_be_written_means_no_call(house: House) -> None:
    house.store.failing = {"journal"}
    house.clock.advance(LIFE / 2)
    assert await house.keeper.access_token() == "access1"
    house.clock.advance(LIFE / 2)
    with pytest.raises(StoreUnavailable):
        await house.keeper.access_token()
    assert house.issuer.calls == []


async def test_a_new_pair_that_cannot_be_saved_is_kept_in_mind_and_not_used(house: House) -> None:
    house.store.failing = {"save"}
    house.clock.advance(LIFE)
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await house.keeper.access_token()
    house.store.failing = set()
    assert await house.keeper.access_token() == "access2"
    assert house.store.row == StoredTokens(house.issuer.pair)
    assert len(house.issuer.calls) == 1


async def test_a_mark_that_cannot_be_written_holds_all_the_same(house: House) -> None:
    house.store.failing = {"mark"}
    house.issuer.pair = TokenPair("other", "other", house.clock.now(), LIFE)
    for _ in range(3):
        with pytest.raises((StoreUnavailable, LoginRequired)):
            await house.keeper.renew("access1")
    assert len(house.issuer.calls) == 1
    house.store.failing = set()
    with pytest.raises(LoginRequired):
        await house.keeper.access_token()
    assert house.store.row is not None
    assert house.store.row.login_required is not None


async def test_a_try_that_cannot_be_taken_back_does_no_harm(house: House) -> None:
    house.store.failing = {"take_back"}
    house.issuer.outcome = "unsent"
    with pytest.raises(UpstreamUnreachable):
        await house.keeper.renew("access1")
    house.clock.advance(PATIENCE)
    house.issuer.outcome = "ok"
    assert await house.keeper.renew("access1") == "access2"


async def test_a_refresh_in_the_air_lands_though_its_caller_is_cancelled(house: House) -> None:
    house.clock.advance(LIFE)
    gate = house.issuer.gate = asyncio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(house.keeper.access_token)
        await settle()
        asyncio.get_running_loop().call_soon(asyncio.get_running_loop().call_later, 0.01, gate.set)
        group.cancel_scope.cancel()
    assert house.store.row == StoredTokens(house.issuer.pair)
    assert await house.keeper.access_token() == "access2"
    assert len(house.issuer.calls) == 1


async def test_a_refresh_that_does_not_land_in_time_counts_as_a_try(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchd.clients.refresh_trouble.GRACE", 0.01)
    house.clock.advance(LIFE)
    house.issuer.gate = asyncio.Event()
    caller = asyncio.create_task(house.keeper.access_token())
    await settle()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert house.store.row is not None
    assert house.store.row.refresh_tries == 1
    house.issuer.gate = None
    assert await house.restart().access_token() == "access2"
