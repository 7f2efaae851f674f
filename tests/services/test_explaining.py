"""How a play came about, put together from what is stored."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from tests.store.given import NOW, a_debt, a_play, a_store, an_event
from watchd.model.media import MediaIds, Movie
from watchd.model.playback import Origin, PlayState
from watchd.model.receipts import Fate, RawEvent, Step
from watchd.model.relay import DeliveryState, Verb
from watchd.model.trace import Trace
from watchd.services.explaining import explained_event, explained_play
from watchd.services.rereading import reread
from watchd.store import accounts, deliveries, events

HEAT = Movie("Heat", 1995, MediaIds(imdb="tt0113277", tmdb=949), 10_200.0)
BY_IMDB = {
    "event": "media.play",
    "Account": {"id": 1, "title": "ana"},
    "Metadata": {"type": "movie", "title": "Heat", "year": 1995, "Guid": [{"id": "imdb://tt0113277"}], "duration": 10_200_000},
}
BY_TITLE = {"movie": {"title": "HEAT!", "year": 1995}, "progress": 50}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Connection]:
    connection = a_store(tmp_path / "watchd.db")
    yield connection
    connection.close()


def explained(store: Connection, play_id: int) -> Any:
    told = explained_play(store, play_id, NOW)
    assert told is not None
    json.dumps(told)
    return told


def told_by(store: Connection, play_id: int | None, body: object, source: str = "plex", verb: str = "") -> int:
    raw = RawEvent(1, source, NOW, json.dumps(body), verb, "ana")
    return events.insert(store, raw, Fate.ACCEPTED, None, None, step=Step.STARTED, play_id=play_id)


def test_each_id_names_the_event_that_told_it(store: Connection) -> None:
    play = a_play(store, HEAT)
    told_by(store, play.id, BY_IMDB)
    media = explained(store, play.id)["media"]
    assert media["ids"]["imdb"] == {"value": "tt0113277", "from": "event 1 (plex)"}
    assert media["ids"]["tmdb"]["from"].startswith("looked up")
    assert (media["title"], media["year"]) == ("Heat", 1995)


def test_each_event_says_what_is_read_in_it_what_it_matched_and_what_it_did(store: Connection) -> None:
    play = a_play(store, HEAT)
    told_by(store, play.id, BY_IMDB)
    told_by(store, play.id, BY_TITLE, "trakt", "pause")
    first, second = explained(store, play.id)["events"]
    assert (first["read"]["as"], first["read"]["title"], first["read"]["user"]) == ("start", "Heat (1995)", "ana")
    assert (first["match"], first["did"]) == ("the first event kept of this play", "opened the play, or set it playing again")
    assert (second["read"]["as"], second["read"]["progress"]) == ("pause", 50.0)
    assert second["match"] == "the same title 'Heat' (compared as 'heat') of 1995"


def test_deliveries_tell_their_tries_and_how_they_stand(store: Connection) -> None:
    accounts.bind(store, 1, "uuid", "slug", NOW - 1)
    play = a_play(store, HEAT, state=PlayState.STOPPED, watched_at=NOW)
    debt = a_debt(store, play, Verb.WATCHED)
    deliveries.write_ahead(store, debt, "scrobble/stop", NOW)
    deliveries.settle(store, debt, DeliveryState.DELIVERED, NOW, status=201, reason="scrobbled", history_id=31)
    told = explained(store, play.id)
    (delivery,) = told["deliveries"]
    assert told["owes"] is None
    assert (delivery["attempts"], delivery["sent_as"], delivery["status"]) == (1, "scrobble/stop", 201)
    assert delivery["standing"] == "Trakt is to know that it was watched: delivered, as history id 31 (scrobbled)"


def test_a_held_account_is_the_reason_that_nothing_goes_out(store: Connection) -> None:
    play = a_play(store, HEAT)
    a_debt(store, play)
    accounts.hold(store, 1, "log in again: watchd login", NOW, NOW)
    assert "log in again" in explained(store, play.id)["deliveries"][0]["standing"]


def test_a_play_that_owes_nothing_says_why(store: Connection) -> None:
    assert "never been logged in" in explained(store, a_play(store, HEAT).id)["owes"]
    assert "Trakt itself" in explained(store, a_play(store, HEAT, origin=Origin.TRAKT).id)["owes"]
    assert "never been logged in" in explained(store, a_play(store, HEAT, origin=Origin.MARK).id)["owes"]


def test_the_moment_that_stands_for_an_unknown_one_is_told(store: Connection) -> None:
    play = a_play(store, HEAT, origin=Origin.IMPORT, watched_at=0)
    assert explained(store, play.id)["play"]["watched_at"] == "1970-01-01T00:00:00.000Z"


def test_an_event_that_became_no_play_is_explained_alone(store: Connection) -> None:
    events.insert(store, replace(an_event(), body='{"event":"library.new"}'), Fate.IGNORED, "library_event", None)
    told = explained_event(store, None)
    assert told is not None
    assert (told["id"], told["fate"], told["reason"], told["play"]) == (1, "ignored", "library_event", None)
    assert told["read"] == {"as": "ignored", "why": "library_event", "user": None}


def test_what_is_not_known_is_none(store: Connection) -> None:
    assert explained_play(store, 5, NOW) is None
    assert explained_event(store, None) is None


@pytest.mark.parametrize(
    "source, verb, body, read",
    [
        ("plex", "", '{"event":', "NoneType"),
        ("plex", "", '{"token":…}', "NoneType"),
        ("plex", "", "{}", "MalformedPayload"),
        ("trakt", "uncheckin", "", "PlaybackEvent"),
        ("trakt", "stop", '{"movie":{"title":"Heat"}}', "PlaybackEvent"),
        ("trakt", "dance", "{}", "NoneType"),
        ("trakt", "history", '{"movies":[{"title":"Heat","year":1995}]}', "PlaybackEvent"),
        ("plex", "", "[" * 16_000, "NoneType"),
        ("nobody", "", "{}", "NoneType"),
    ],
)
def test_what_cannot_be_read_again_hinders_nothing(source: str, verb: str, body: str, read: str) -> None:
    trace = Trace(1, NOW, source, verb, "me", None, "accepted", None, None, None, None, len(body), body)
    assert type(reread(trace)).__name__ == read


def test_an_event_that_names_no_item_is_said_to_mean_what_was_open(store: Connection) -> None:
    play = a_play(store, HEAT)
    told_by(store, play.id, {"event": "pause", "source": "mpv"}, "generic")
    (event,) = explained(store, play.id)["events"]
    assert (event["read"]["title"], event["match"]) == (None, "names no item: what was open on that player is meant")
