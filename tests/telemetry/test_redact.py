"""What counts as a secret in a log line, and what does not."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from watchd.telemetry.redact import HIDDEN, is_secret, redact, redact_text

PLANTED = "hunter2PlantedSecret"


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "access_token",
        "refresh_tokens",
        "X-Plex-Token",
        "client_secret",
        "clientSecret",
        "password",
        "Authorization",
        "api_key",
        "apikey",
        "apiKey",
        "trakt-api-key",
        "X-API-Key",
        "Set-Cookie",
        "device_code",
    ],
)
def test_fields_of_these_names_are_secret(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["event", "title", "token_expiry", "key", "keys", "tokenizer", "author", "player", "code"])
def test_fields_of_these_names_are_not(name: str) -> None:
    assert not is_secret(name)


def test_numbers_and_flags_under_such_a_name_are_facts_about_it() -> None:
    assert redact({"tokens": 3, "password": True, "token": None}) == {"tokens": 3, "password": True, "token": None}


@pytest.mark.parametrize(
    "text",
    [
        f"/hooks/plex?token={PLANTED}&x=1",
        f"api_key={PLANTED}",
        f"client_secret='{PLANTED} {PLANTED}'",
        f'{{"access_token": "{PLANTED}", "expires_in": 1}}',
        json.dumps({"refresh_token": f'{PLANTED}"{PLANTED}'}),
        f"{{'password': '{PLANTED}'}}",
        f"{{'password': b'{PLANTED}'}}",
        f"Authorization: Bearer {PLANTED}",
        f"authorization: {PLANTED}",
        f"Cookie: a=b; c={PLANTED}",
        f"Basic {PLANTED}==",
        f"X-Plex-Token: {PLANTED}",
        f"trakt-api-key: {PLANTED}",
        f"https://me:{PLANTED}@watch.example/x",
    ],
)
def test_secrets_inside_a_text_are_hidden(text: str) -> None:
    hidden = redact_text(text)
    assert PLANTED not in hidden
    assert HIDDEN in hidden


@pytest.mark.parametrize(
    "text",
    [
        "the token: refreshed early",
        "https://api.trakt.tv/shows/heat?page=2",
        "basic rules",
        "12:30 a@b",
        "Trust & Token",
        "a=b",
    ],
)
def test_plain_texts_stay_as_they_are(text: str) -> None:
    assert redact_text(text) == text


def test_what_surrounds_a_secret_stays() -> None:
    assert redact_text(f"GET /x?token={PLANTED}&page=2 200") == f"GET /x?token={HIDDEN}&page=2 200"


def test_all_shapes_are_searched_and_the_bottomless_ones_are_cut() -> None:
    deep: list[object] = []
    deep.append(deep)
    value = {"list": [{"token": PLANTED}], "set": {f"token={PLANTED}"}, "raw": f"token={PLANTED}".encode(), "deep": deep}
    assert PLANTED not in repr(redact(value))
    assert PLANTED not in repr(redact([SecretStr(PLANTED), ValueError(f"token={PLANTED}")]))


def test_long_texts_cost_little() -> None:
    started = time.thread_time()
    for text in ("token" * 40_000, "a" * 200_000, '"token": ' * 20_000, "-token" * 30_000, "://a:" * 40_000):
        redact_text(text)
    assert time.thread_time() - started < 5


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda held: st.lists(held) | st.dictionaries(st.text(), held)
    )
)
def test_redacting_never_fails_and_twice_is_once(value: object) -> None:
    once = redact(value)
    assert redact(once) == once


def test_the_key_in_an_address_of_trakts_first_api_stays_out() -> None:
    assert redact_text("GET /user/watched.json/k3y-of/me HTTP/1.1") == "GET /user/watched.json/[redacted]/me HTTP/1.1"
