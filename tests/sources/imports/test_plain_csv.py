"""Tables of what was watched, as people and programs write them."""

from pathlib import Path

import pytest

from watchd.clock import iso
from watchd.model.imports import Chunk, ImportedPlay
from watchd.model.media import Episode, Movie
from watchd.sources.imports.archive import NotAnImport
from watchd.sources.imports.reading import chunks


def read(tmp_path: Path, text: str | bytes) -> list[Chunk]:
    path = tmp_path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(chunks(path))


def plays(tmp_path: Path, text: str | bytes) -> list[ImportedPlay]:
    return [play for chunk in read(tmp_path, text) for play in chunk.plays]


@pytest.mark.parametrize(
    "text",
    [
        "title,year,watched_at\nHeat,1995,2020-01-02T20:00:00Z\n",
        b"\xef\xbb\xbfTitle;Year;Watched At\r\nHeat;1995;2020-01-02 20:00:00\r\n",
        "Name\tRelease Year\tWatched_Date\nHeat\t1995\t2020-01-02T20:00:00.000Z",
        "title,year,watched_at\nHeat,1995,2020-01-02T20:00:00Z\n".encode("utf-16"),
        '"watched on","movie title","year"\n"2020-01-02T21:00:00+01:00","Heat","1995"\n\n',
    ],
)
def test_a_movie_is_read_under_any_of_the_usual_headings(tmp_path: Path, text: str | bytes) -> None:
    (play,) = plays(tmp_path, text)
    assert isinstance(play.media, Movie)
    assert (play.media.title, play.media.year, iso(play.watched_at)) == ("Heat", 1995, "2020-01-02T20:00:00.000Z")
    assert play.history_id is None


def test_a_day_alone_is_its_noon_and_an_unknown_one_is_zero(tmp_path: Path) -> None:
    found = plays(tmp_path, "title,watched_at\nHeat,2020-01-02\nAlien,unknown\n")
    assert [iso(play.watched_at) for play in found] == ["2020-01-02T12:00:00.000Z", "1970-01-01T00:00:00.000Z"]


def test_ids_beside_an_episodes_numbers_are_those_of_the_show(tmp_path: Path) -> None:
    (play,) = plays(tmp_path, "type,imdb_id,season,episode,watched_at\nepisode,tt0306414,1,2,2020-01-02T20:00:00Z\n")
    assert isinstance(play.media, Episode)
    assert (play.media.show.ids.imdb, play.media.season, play.media.number) == ("tt0306414", 1, 2)
    assert not play.media.ids


def test_shows_with_columns_of_their_own_leave_the_others_to_the_episode(tmp_path: Path) -> None:
    head = "type,show,episode_title,season,episode,tvdb_id,show_tvdb_id,watched_at\n"
    (play,) = plays(tmp_path, head + "episode,The Wire,'=Sum,1,2,305,79126,2020-01-02T20:00:00Z\n")
    assert isinstance(play.media, Episode)
    assert (play.media.ids.tvdb, play.media.show.ids.tvdb, play.media.title) == (305, 79126, "=Sum")


def test_an_episode_by_its_own_id_alone(tmp_path: Path) -> None:
    (play,) = plays(tmp_path, "type,tvdb,watched_at\nepisode,305,2020-01-02T20:00:00Z\n")
    assert isinstance(play.media, Episode)
    assert play.media.ids.tvdb == 305


def test_rows_of_no_use_are_counted_with_their_reason(tmp_path: Path) -> None:
    (chunk,) = read(tmp_path, "title,season,watched_at\nHeat,,\n,,2020-01-02\nDark,x,2020-01-02\nHeat,,31/12/2020\n")
    assert chunk.plays == ()
    assert chunk.skipped == {"has no date": 2, "names nothing that could be found again": 1, "is not of the expected shape": 1}


def test_old_western_letters_are_read(tmp_path: Path) -> None:
    (play,) = plays(tmp_path, "title,watched_at\nAmélie,2020-01-02\n".encode("cp1252"))
    assert isinstance(play.media, Movie)
    assert play.media.title == "Amélie"


def test_a_long_table_comes_in_parts(tmp_path: Path) -> None:
    found = read(tmp_path, "title,watched_at\n" + "".join(f"Film {n},2020-01-02\n" for n in range(2500)))
    assert [len(chunk.plays) for chunk in found] == [1000, 1000, 500]


def test_a_table_without_a_moment_or_a_name_is_refused(tmp_path: Path) -> None:
    for head in ("title,year\nHeat,1995\n", "watched_at,year\n2020-01-02,1995\n"):
        with pytest.raises(NotAnImport, match="headings"):
            read(tmp_path, head)
