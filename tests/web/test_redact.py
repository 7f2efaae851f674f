"""Bodies as they may be stored."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchd.web.redact import LIMIT, redacted


@pytest.mark.parametrize(
    "text",
    [
        '{"token":"hush"}',
        '{"X-Plex-Token" : "hush"}',
        '{"access_token":"a\\"hush"}',
        '{"password":"hush',
        '{"apiKey":"hush"}',
        '{"API_KEY":"hush"}',
        '{"api-key":"hush"}',
        '{"authorization":["Bearer hush"]}',
        '{"clientSecret":{"value":"hush"}}',
        '{"nested":"{\\"token\\":\\"hush\\"}"}',
        '{"url":"http://host/x?X-Plex-Token=hush&y=1"}',
        "a=1&token=hush&b=2",
        '{"Account":{"thumb":"https://plex.tv/users/hush/avatar?c=hush"}}',
        '{"Player":{"publicAddress":"hush"}}',
        '{"RemoteEndPoint":"hush"}',
        '{"token":\n "hush"}',
        '{"é":"ü","Token":"hush"}',
    ],
)
def test_a_secret_is_replaced(text: str) -> None:
    assert "hush" not in redacted(text)


@pytest.mark.parametrize("text", ['{"title":"The Token"}', "Token: a word", '{"tokens":3,"a":1}', "", "plain"])
def test_what_is_no_secret_stays_legible(text: str) -> None:
    assert redacted(text).startswith(text[:10])


def test_a_redacted_document_is_still_one() -> None:
    text = json.dumps({"token": "hush", "a": [1, {"password": "hush", "b": "ok"}], "Player": {"publicAddress": "192.0.2.1"}})
    assert json.loads(redacted(text)) == {
        "token": "…",
        "a": [1, {"password": "…", "b": "ok"}],
        "Player": {"publicAddress": "…"},
    }


def test_a_long_text_is_cut() -> None:
    assert len(redacted("é" * 100_000).encode()) <= LIMIT
    assert redacted("x" * 100_000) == "x" * LIMIT


def test_what_no_database_stores_is_mended() -> None:
    assert redacted("a\x00b\ud800c") == "a b?c"


@pytest.mark.parametrize(
    "piece", ["token", '"token"', '"token":', '"token":[', "token=", '"token":"', '"token" ', "plex.tv/users/", "\\", "secret{"]
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.thread_time()
    redacted(piece * 20_000)
    assert time.thread_time() - began < 0.5


@given(text=st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    redacted(text).encode()
