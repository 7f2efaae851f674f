"""The clocks."""

import asyncio
import time

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from watchd.clock import HOUR, MINUTE, ManualClock, SteeredClock, SystemClock, iso, parse_iso

MOMENT = 1_795_208_220_000


async def test_the_system_clock_tells_milliseconds_and_passes_spans_on_unchanged() -> None:
    clock = SystemClock()
    before = time.time()
    assert before * 1000 - 1 <= clock.now() <= time.time() * 1000 + 1
    assert clock.real(5) == 5
    started = clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() - started >= 0.009


async def test_a_jump_of_the_wall_does_not_move_the_monotonic_time_of_the_system_clock() -> None:
    clock = SystemClock()
    monotonic = clock.monotonic()
    with time_machine.travel(MOMENT / 1000, tick=False):
        assert clock.now() == MOMENT
        assert clock.monotonic() - monotonic < 5


def test_a_steered_clock_runs_at_its_rate_from_its_epoch() -> None:
    with time_machine.travel(1000, tick=False) as traveller:
        clock = SteeredClock.parse("60@990")
        assert clock.now() == (990 + 600) * 1000
        traveller.shift(1)
        assert clock.now() == (990 + 660) * 1000
        assert clock.monotonic() == 990 + 660
        assert clock.real(120) == 2


def test_two_clocks_of_the_same_rate_and_epoch_agree_whenever_they_are_made() -> None:
    with time_machine.travel(1000, tick=False) as traveller:
        first = SteeredClock(30, 1000)
        traveller.shift(7)
        assert SteeredClock(30, 1000).now() == first.now()


def test_a_new_rate_goes_on_from_the_present_moment() -> None:
    with time_machine.travel(1000, tick=False) as traveller:
        clock = SteeredClock(10, 1000)
        traveller.shift(1)
        clock.set_rate(100)
        assert clock.now() == 1_010_000
        traveller.shift(1)
        assert clock.now() == 1_110_000
        assert clock.rate == 100


async def test_a_sleep_on_a_fast_clock_is_short_on_the_machine() -> None:
    clock = SteeredClock(10_000)
    started = time.monotonic()
    due = clock.monotonic() + 100
    await clock.sleep(100)
    assert clock.monotonic() >= due
    assert time.monotonic() - started < 5


async def test_a_sleeper_notices_a_new_rate() -> None:
    clock = SteeredClock(0.001)
    sleeper = asyncio.create_task(clock.sleep(50))
    await asyncio.sleep(0)
    clock.set_rate(100_000)
    async with asyncio.timeout(5):
        await sleeper


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "100001", "nan", "60@soon"])
def test_a_steering_text_is_a_rate_and_perhaps_an_epoch(text: str) -> None:
    with pytest.raises(ValueError, match=r"rate of the clock|could not convert"):
        SteeredClock.parse(text)


async def test_a_manual_clock_wakes_sleepers_only_when_they_are_due() -> None:
    clock = ManualClock(MOMENT)
    sleeper = asyncio.create_task(clock.sleep(10))
    await asyncio.sleep(0)
    clock.advance(9)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(1)
    async with asyncio.timeout(5):
        await sleeper
    assert clock.now() == MOMENT + 10_000


async def test_a_jump_of_the_wall_wakes_nobody() -> None:
    clock = ManualClock(MOMENT)
    sleeper = asyncio.create_task(clock.sleep(10))
    await asyncio.sleep(0)
    clock.jump(HOUR / 1000)
    await asyncio.sleep(0)
    assert not sleeper.done()
    assert (clock.now(), clock.monotonic()) == (MOMENT + HOUR, 0)
    sleeper.cancel()


def test_moments_are_written_as_trakt_writes_them() -> None:
    assert iso(MOMENT) == "2026-11-20T20:57:00.000Z"
    assert iso(MOMENT + 7) == "2026-11-20T20:57:00.007Z"


@pytest.mark.parametrize(
    "text", ["2026-11-20T20:57:00.000Z", "2026-11-20T20:57:00Z", "2026-11-20T22:57:00+02:00", "2026-11-20T20:57:00"]
)
def test_moments_are_read_in_every_form_that_upstreams_use(text: str) -> None:
    assert parse_iso(text) == MOMENT


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01T00:00:00Z"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month"):
        parse_iso(text)


@pytest.mark.parametrize(
    "at, text",
    [
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        (-62_135_596_799_999, "0001-01-01T00:00:00.001Z"),
        (-30_610_224_000_000, "1000-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-1_000, "1969-12-31T23:59:59.000Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_moments_of_any_age_are_written_in_full(at: int, text: str) -> None:
    assert (iso(at), parse_iso(text)) == (text, at)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59.9999Z"])
def test_a_moment_that_could_not_be_written_again_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="outside the years"):
        parse_iso(text)


@given(st.integers(min_value=-62_135_596_800_000, max_value=253_402_300_799_999))
def test_a_moment_survives_being_written_and_read(at: int) -> None:
    assert parse_iso(iso(at)) == at


def test_units_are_milliseconds() -> None:
    assert HOUR == 60 * MINUTE == 3_600_000
