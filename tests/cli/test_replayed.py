"""Comparing what a payload became with the row of an index."""

from dataclasses import replace

import pytest

from watchd.cli.replayed import Difference, Outcome, Trouble, differences
from watchd.errors import MalformedPayload
from watchd.model.media import Episode, MediaIds, MediaType, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, PlaybackEvent, UnnamedEvent

EVENT = PlaybackEvent(
    source="kodi",
    action=Action.PAUSE,
    media=Episode(Show("Dark", 2017, MediaIds(tvdb=334824)), 1, 2, 3, ids=MediaIds(imdb="tt6305578", anidb=7)),
    position=1000.0,
    duration=3000.0,
    user="Ada",
)
ROW = {
    "file": "a.json",
    "action": "pause",
    "ignore_reason": "",
    "type": "episode",
    "title": "Dark",
    "year": "2017",
    "season": "1",
    "number": "2",
    "number_end": "3",
    "ids": '{"anidb": 7, "imdb": "tt6305578"}',
    "show_ids": '{"tvdb": 334824}',
    "progress": "33.33",
    "rating": "",
    "user": "Ada",
}
RATED = replace(EVENT, action=Action.RATE, rating=8.0)
START = replace(EVENT, action=Action.START, position=None)


def unequal(found: Outcome, **cells: str) -> dict[str, tuple[str, str]]:
    return {item.field: (item.expected, item.got) for item in differences(ROW | cells, found)}


def test_an_event_that_is_as_its_row_says_has_no_difference() -> None:
    assert differences(ROW, EVENT) == []


@pytest.mark.parametrize(
    "name, cell, expected, got",
    [
        ("type", "movie", "movie", "episode"),
        ("title", "dark", "dark", "Dark"),
        ("title", "", "", "Dark"),
        ("year", "", "", "2017"),
        ("season", "0", "0", "1"),
        ("number", "3", "3", "2"),
        ("number_end", "", "", "3"),
        ("ids", "", "", '{"anidb": 7, "imdb": "tt6305578"}'),
        ("show_ids", '{"tvdb": "334824"}', '{"tvdb": "334824"}', '{"tvdb": 334824}'),
        ("progress", "33.4", "33.4", "33.33"),
        ("progress", "0", "0.0", "33.33"),
        ("progress", "", "", "33.33"),
        ("rating", "8", "8.0", ""),
        ("user", "ada", "ada", "Ada"),
        ("ignore_reason", "noise", "noise", ""),
        ("year", "MMXVII", "unreadable: MMXVII", "2017"),
        ("ids", "{", "unreadable: {", '{"anidb": 7, "imdb": "tt6305578"}'),
    ],
)
def test_each_field_is_compared(name: str, cell: str, expected: str, got: str) -> None:
    assert differences(ROW | {name: cell}, EVENT) == [Difference("a.json", name, expected, got)]


def test_a_column_that_is_not_there_is_not_compared() -> None:
    assert differences({"file": "a.json", "action": "pause"}, EVENT) == []


def test_another_action_is_the_only_difference_told() -> None:
    assert unequal(EVENT, action="stop", title="Lost") == {"action": ("stop", "pause")}
    assert unequal(Ignored(IgnoreReason.NOISE)) == {"action": ("pause", "ignore (noise)")}
    assert unequal(MalformedPayload("not_json", "torn")) == {"action": ("pause", "invalid (not_json)")}
    assert unequal(Trouble("the file is missing"), action="invalid") == {"action": ("invalid", "the file is missing")}


def test_two_decimals_are_as_exact_as_progress_gets() -> None:
    assert unequal(EVENT, progress="33.34") == {}
    assert unequal(EVENT, progress="33.35") == {"progress": ("33.35", "33.33")}


@pytest.mark.parametrize("cell", ["", "0", "0.0"])
def test_a_start_that_tells_no_position_is_one_at_the_beginning_or_unknown(cell: str) -> None:
    assert unequal(START, action="start", progress=cell) == {}
    assert unequal(START, action="start", progress="5") == {"progress": ("5.0", "0.0")}
    assert unequal(replace(START, action=Action.PAUSE), progress=cell) == ({} if cell == "" else {"progress": ("0.0", "")})


def test_a_start_in_the_middle_is_not_one_at_the_beginning() -> None:
    assert unequal(replace(START, progress=40.0), action="start", progress="0") == {"progress": ("0.0", "40.0")}


def test_a_completed_stop_is_at_its_end_whatever_its_position() -> None:
    assert unequal(replace(EVENT, action=Action.STOP, completed=True), action="stop", progress="100") == {}


def test_a_rating_and_a_mark_have_no_progress() -> None:
    assert unequal(RATED, action="rate", progress="", rating="8") == {}
    assert unequal(RATED, action="rate", progress="", rating="9") == {"rating": ("9.0", "8.0")}


def test_a_position_is_that_of_its_own_moment_when_the_event_has_no_time() -> None:
    assert unequal(replace(EVENT, action=Action.STOP, position_at=1_790_000_000_000), action="stop") == {}


def test_of_what_is_ignored_only_what_the_row_states_is_compared() -> None:
    ignored = Ignored(IgnoreReason.NO_RATING, "Ada", MediaType.MOVIE)
    row = {"file": "a.json", "action": "ignore", "ignore_reason": "no_rating", "type": "", "user": "", "title": "Alien"}
    assert differences(row, ignored) == []
    assert [item.field for item in differences(row | {"ignore_reason": "noise", "user": "Bob"}, ignored)] == [
        "ignore_reason",
        "user",
    ]
    assert [item.field for item in differences(row | {"type": "episode"}, ignored)] == ["type"]


def test_an_event_that_names_nothing_has_no_media_to_compare() -> None:
    unnamed = UnnamedEvent("kodi", Action.STOP, type=MediaType.EPISODE)
    blank = dict.fromkeys(ROW, "") | {"file": "a.json", "action": "stop", "type": "episode"}
    assert differences(blank, unnamed) == []
    assert [item.field for item in differences(blank | {"title": "Dark", "type": ""}, unnamed)] == ["type", "title"]
