"""Killed at every step of a refresh, in every order with every answer: no refresh token is spent more than it may be."""

import itertools
from collections import defaultdict

import pytest
from prometheus_client import CollectorRegistry

from tests.clients.issuer import LIFE, FakeStore, Issuer, Killed
from watchd.clients.refresh_trouble import LONGEST_WAIT
from watchd.clients.trakt_tokens import TokenKeeper, TokenState
from watchd.clock import ManualClock
from watchd.errors import LoginRequired, StoreUnavailable, UpstreamError
from watchd.model.tokens import StoredTokens
from watchd.telemetry.metrics import Metrics

KILLS = [(step, committed) for step in ("journal", "save", "take_back", "mark") for committed in (False, True)]
ANSWERS = ("ok", "lost", "dropped", "503", "unsent", "429", "killed")
UNCLEAR = {"lost", "dropped", "503", "killed"}


class Life:
    """A daemon that is used, killed and started again."""

    def __init__(self, metrics: Metrics) -> None:
        self.clock = ManualClock()
        self.metrics = metrics
        self.issuer = Issuer(self.clock)
        self.store = FakeStore(StoredTokens(self.issuer.pair))
        self.killed_after: set[str] = set()
        self.keeper = self._start()

    def _start(self) -> TokenKeeper:
        return TokenKeeper(self.store, self.issuer, self.clock, self.metrics)

    async def use(self, *, by_401: bool) -> None:
        """Need a token, as a caller does; after a death, start again."""
        try:
            if by_401:
                row = self.store.row
                assert row is not None
                await self.keeper.renew(row.pair.access_token)
            else:
                await self.keeper.access_token()
        except Killed:
            if self.issuer.calls:
                self.killed_after.add(self.issuer.calls[-1][0])
            self.keeper = self._start()
        except (UpstreamError, StoreUnavailable):
            pass

    def check(self) -> None:
        """No token spent more than twice, and twice only after an answer that left it open or a death."""
        uses = defaultdict(list)
        for token, answer in self.issuer.spent:
            uses[token].append(answer)
        for token, answers in uses.items():
            assert len(answers) <= 2, uses
            assert len(answers) < 2 or answers[0] in UNCLEAR or token in self.killed_after, uses


async def test_no_sequence_of_answers_and_deaths_spends_a_refresh_token_too_often() -> None:
    metrics = Metrics(CollectorRegistry())
    deaths = [None, *KILLS]
    for steps in itertools.product(itertools.product(ANSWERS, deaths), repeat=2):
        for by_401 in (True, False):
            life = Life(metrics)
            for answer, death in steps:
                life.clock.advance(LIFE)
                life.issuer.outcome, life.store.kill = answer, death
                await life.use(by_401=by_401)
            life.store.kill, life.issuer.outcome = None, "ok"
            for _ in range(3):
                life.clock.advance(LONGEST_WAIT)
                await life.use(by_401=False)
            life.check()
            await life.keeper.load()
            assert life.keeper.state in {TokenState.OK, TokenState.LOGIN_REQUIRED}, steps
            if life.keeper.state is TokenState.OK:
                assert await life.keeper.access_token() == life.issuer.pair.access_token


async def test_a_long_row_of_answers_spends_no_refresh_token_too_often() -> None:
    metrics = Metrics(CollectorRegistry())
    for answers in itertools.product(ANSWERS, repeat=4):
        life = Life(metrics)
        for answer in answers:
            life.clock.advance(LIFE / 2)
            life.issuer.outcome = answer
            await life.use(by_401=False)
        life.check()


@pytest.mark.parametrize("step,committed", KILLS)
async def test_a_death_in_a_crash_loop_ends_in_a_login_not_in_hammering(
    metrics: Metrics, step: str, *, committed: bool
) -> None:
    life = Life(metrics)
    life.clock.advance(LIFE)
    for _ in range(20):
        life.store.kill = (step, committed)
        await life.use(by_401=False)
    life.check()
    assert len(life.issuer.calls) <= 2


async def test_a_death_after_the_work_ends_in_one_retry_and_a_login(metrics: Metrics) -> None:
    life = Life(metrics)
    life.clock.advance(LIFE)
    life.issuer.outcome = "killed"
    await life.use(by_401=False)
    assert life.store.row is not None
    assert (life.store.row.refresh_tries, life.store.row.refreshing_at) == (1, life.clock.now())
    life.issuer.outcome = "ok"
    with pytest.raises(LoginRequired):
        await life.keeper.access_token()
    assert [answer for _, answer in life.issuer.calls] == ["killed", "ok"]


async def test_a_death_before_the_call_is_recovered_from(metrics: Metrics) -> None:
    life = Life(metrics)
    life.clock.advance(LIFE)
    life.store.kill = ("journal", True)
    await life.use(by_401=False)
    assert life.issuer.calls == []
    assert await life.keeper.access_token() == "access2"
