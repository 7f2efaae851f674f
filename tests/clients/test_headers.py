"""What headers tell, also when they are odd."""

import pytest

from watchd.clients.headers import date_of, retry_after, telling
from watchd.clock import parse_iso

NOW = parse_iso("2026-11-20T12:00:00Z")


@pytest.mark.parametrize(
    "headers,seconds",
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "300"}, 300),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "999999999"}, 86_400),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 20 Nov 2026 12:02:00 GMT"}, 120),
        ({"Retry-After": "Fri, 20 Nov 2026 12:02:00 -0000"}, 120),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0),
        ({"Retry-After": "Fri, 20 Nov 2026 13:02:00 GMT", "Date": "Fri, 20 Nov 2026 13:00:00 GMT"}, 120),
        ({"Retry-After": "Fri, 99 Nov 2026 12:02:00 GMT"}, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_the_date_is_read_and_rubbish_is_none() -> None:
    assert date_of({"Date": "Fri, 20 Nov 2026 12:00:00 GMT"}) == NOW
    assert date_of({"Date": "yesterday"}) is None
    assert date_of({}) is None


def test_only_telling_headers_are_kept_and_they_are_bounded() -> None:
    told = telling({"x-upgrade-url": "u" * 1000, "set-cookie": "session=secret", "x-account-locked": "true"})
    assert told == {"x-upgrade-url": "u" * 300, "x-account-locked": "true"}
