"""Raw events read back with their fate, and the hook token read alone."""

from dataclasses import replace
from pathlib import Path

from tests.store.given import HEAT, NOW, a_play, a_store, an_event
from watchd.model.receipts import Fate, Step
from watchd.store import accounts, events, plays, traces
from watchd.store.hook_token import stored_hook_token


def test_the_newest_come_first_with_the_item_of_their_play(tmp_path: Path) -> None:
    connection = a_store(tmp_path / "watchd.db")
    play = a_play(connection)
    raw = replace(an_event(), body='{"title":"Ä"}', user="ana")
    first = events.insert(connection, raw, Fate.ACCEPTED, None, None, step=Step.STARTED, play_id=play.id)
    second = events.insert(connection, an_event(NOW + 1, "emby"), Fate.IGNORED, "music", None)
    newest, oldest = traces.recent(connection, 10)
    assert (newest.id, newest.source, newest.fate, newest.reason, newest.media) == (second, "emby", "ignored", "music", None)
    assert (oldest.id, oldest.step, oldest.play_id, oldest.media) == (first, "started", play.id, HEAT)
    assert (oldest.account, oldest.user, oldest.size, oldest.body) == ("me", "ana", 14, None)
    connection.close()


def test_what_was_refused_is_nobodys_though_it_is_kept_somewhere(tmp_path: Path) -> None:
    connection = a_store(tmp_path / "watchd.db")
    events.insert(connection, replace(an_event(), user="eve"), Fate.REFUSED, "user 'eve' belongs to no account", None)
    [trace] = traces.recent(connection, 1)
    assert (trace.account, trace.user) == (None, "eve")
    connection.close()


def test_they_are_sifted_by_source_and_fate_and_bounded(tmp_path: Path) -> None:
    connection = a_store(tmp_path / "watchd.db")
    for number in range(4):
        source, fate = ("plex", Fate.ACCEPTED) if number % 2 else ("kodi", Fate.DUPLICATE)
        events.insert(connection, an_event(NOW + number, source), fate, None, None)
    assert [trace.id for trace in traces.recent(connection, 2)] == [4, 3]
    assert [trace.id for trace in traces.recent(connection, 9, source="plex")] == [4, 2]
    assert [trace.id for trace in traces.recent(connection, 9, fate="duplicate", bodies=True)] == [3, 1]
    assert traces.recent(connection, 9, source="plex", fate="duplicate") == []
    connection.close()


def test_one_event_the_last_one_and_those_of_a_play_are_found(tmp_path: Path) -> None:
    connection = a_store(tmp_path / "watchd.db")
    assert traces.get(connection, None) is None
    assert traces.last_moved(connection) is None
    play = a_play(connection)
    for number in range(3):
        events.insert(connection, an_event(NOW + number), Fate.ACCEPTED, None, None, step=Step.NONE, play_id=play.id)
    later = a_play(connection, updated_at=NOW + 5)
    plays.update(connection, replace(play, updated_at=NOW + 9))
    assert (traces.last_moved(connection), later.id) == (play.id, play.id + 1)
    assert [trace.id for trace in traces.of_play(connection, play.id, limit=2)] == [2, 3]
    last, named = traces.get(connection, None), traces.get(connection, 2)
    assert last is not None
    assert named is not None
    assert (last.id, named.id, named.body) == (3, 2, "{}")
    assert traces.get(connection, 99) is None
    connection.close()


def test_the_hook_token_is_read_without_the_rest_of_the_store(tmp_path: Path) -> None:
    path = tmp_path / "watchd.db"
    assert stored_hook_token(path, "generic") is None
    connection = a_store(path)
    assert stored_hook_token(path, "generic") is None
    accounts.ensure_api_token(connection, 1, "hook", "plex", NOW)
    accounts.ensure_api_token(connection, 1, "read", None, NOW)
    assert stored_hook_token(path, "generic") is None
    everybodys = accounts.ensure_api_token(connection, 1, "hook", None, NOW)
    assert stored_hook_token(path, "generic") == everybodys.token
    connection.close()
