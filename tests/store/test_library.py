"""Rows of Trakt's library: stored whoever brings them, and read by every question asked of them."""

import json
import sqlite3

import pytest

from watchd.model.library import LibraryRow, Section
from watchd.model.texts import loads, storable_json
from watchd.store import library, shelves

ME = 1


@pytest.mark.parametrize("raw", [True, False])
def test_half_a_letter_is_replaced_whether_written_out_or_escaped(store: sqlite3.Connection, raw: bool) -> None:
    told = {"name": "He\ud800at 😀", "ids": {"trakt": 5, "slug": "he\udc00at"}}
    body = json.dumps(told, ensure_ascii=not raw)
    row = LibraryRow("li\ud800st", body, 5, title="He\ud800at 😀")
    assert library.append(store, ME, "lists", 1, 0, [row]) == 1
    library.keep(store, ME, Section("lists", 1, 1))
    [kept] = library.bodies(store, ME, "lists")
    assert json.loads(kept) == {"name": "He?at 😀", "ids": {"trakt": 5, "slug": "he?at"}}
    assert shelves.list_id(store, ME, "he?at") == 5  # SQLite's JSON functions are asked, too


def test_what_is_whole_stays_as_it_came() -> None:
    for body in ('{"a":"\\\\ud800"}', '{"a": 1.50}', '{"a":"é"}'):
        assert json.loads(storable_json(body)) == json.loads(body)
    assert storable_json('{"a": 1.50}') == '{"a": 1.50}'


@pytest.mark.parametrize(
    "body, value",
    [
        (b'{"a":"\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a":"\\ud83d"}', {"a": "?"}),
        (b'{"a":"\xed\xa0\x80"}', {"a": "?"}),
        (b'["\\\\ud83d"]', ["\\ud83d"]),
    ],
)
def test_what_an_upstream_says_can_be_kept(body: bytes, value: object) -> None:
    assert loads(body) == value
