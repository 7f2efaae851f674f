"""Tables of what was watched, as people and programs write them."""

from pathlib import Path

import pytest

from watchd.clock import iso
from watchd.model.imports import Chunk, ImportedPlay
from watchd.model.media import Episode, Movie
from watchd.sources.imports.archive import NotAnImport
from watchd.sources.imports.moments import moment_of
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


def test_a_season_without_an_episode_is_no_movie(tmp_path: Path) -> None:
    head = "type,title,year,season,episode,watched_at,tmdb_id\n"
    (chunk,) = read(tmp_path, head + ",Dark,2017,1,,2020-12-31,70523\nmovie,Heat,1995,0,,2020-12-31,949\n")
    assert [type(play.media) for play in chunk.plays] == [Movie]
    assert chunk.skipped == {"names a whole show, and no episode of it": 1}


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


def test_wrong_rows_are_named_by_their_lines_and_the_rest_is_taken(tmp_path: Path) -> None:
    text = 'title,watched_at\nHeat,2020-01-02\n"two\nlines",never\nAlien,31/12/2020\n,2020-01-02\n\nRonin,2020-01-03\n'
    (chunk,) = read(tmp_path, text)
    assert [play.watched_at for play in chunk.plays] == [moment_of("2020-01-02"), moment_of("2020-01-03")]
    assert chunk.note == ("not taken: line 3 (has no date), 5 (has no date), 6 (names nothing that could be found again)")


def test_of_many_wrong_rows_the_first_are_named_across_all_parts(tmp_path: Path) -> None:
    found = read(tmp_path, "title,watched_at\n" + "Heat,2020-01-02\nHeat,never\n" * 1500)
    assert [len(chunk.plays) for chunk in found] == [500, 500, 500]
    last = found[-1].note or ""
    assert last.startswith("not taken: line 3 (has no date), 5 (")
    assert last.endswith(", 41 (has no date), and 1480 more")


def test_a_quote_that_is_never_closed_costs_no_more_than_its_row(tmp_path: Path) -> None:
    swallowed = "x" * 140_000
    (chunk,) = read(tmp_path, f'title,watched_at\nHeat,2020-01-02\n"{swallowed}\nAlien,2020-01-02\nRonin,2020-01-03\n')
    assert [play.media.title for play in chunk.plays if isinstance(play.media, Movie)] == ["Heat", "Alien", "Ronin"]
    assert chunk.note == "not taken: line 3 (cannot be read)"


def test_letters_of_bengal_with_a_mark_and_semicolons(tmp_path: Path) -> None:
    body = "\ufefftitle;year;watched_at\nপথের পাঁচালী;1955;2020-01-02T20:00:00+05:30\n".encode()
    (play,) = plays(tmp_path, body)
    assert isinstance(play.media, Movie)
    assert (play.media.title, iso(play.watched_at)) == ("পথের পাঁচালী", "2020-01-02T14:30:00.000Z")


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2020-01-02T20:00:00Z", "2020-01-02T20:00:00.000Z"),
        ("2020-01-02 20:00:00", "2020-01-02T20:00:00.000Z"),
        ("2020-01-02T20:00:00+02:00", "2020-01-02T18:00:00.000Z"),
        ("2020/1/2", "2020-01-02T12:00:00.000Z"),
        ("02.01.2020 20:00", "2020-01-02T20:00:00.000Z"),
        ("18-12-2023 21:50:41", "2023-12-18T21:50:41.000Z"),
        ("1577995200", "2020-01-02T20:00:00.000Z"),
        ("1577995200000", "2020-01-02T20:00:00.000Z"),
        ("unknown", "1970-01-01T00:00:00.000Z"),
        ("8/9/2015", None),
        ("2020-13-02", None),
        ("20200", None),
        ("99999-01-01", None),
        ("٣", None),
        ("", None),
    ],
)
def test_moments_are_read_in_the_forms_that_can_be_only_one(text: str, moment: str | None) -> None:
    found = moment_of(text)
    assert (None if found is None else iso(found)) == moment


def test_a_diary_of_letterboxd_is_viewings_and_ratings_out_of_ten(tmp_path: Path) -> None:
    head = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    (chunk,) = read(tmp_path, head + "2020-02-01,Heat,1995,https://boxd.it/x,4.5,,,2020-01-31\n")
    assert [iso(play.watched_at) for play in chunk.plays] == ["2020-01-31T12:00:00.000Z"]
    assert [(one.rating, iso(one.rated_at)) for one in chunk.ratings] == [(9.0, "2020-01-31T12:00:00.000Z")]
    (chunk,) = read(tmp_path, "Date,Name,Year,Letterboxd URI,Rating\n2020-02-01,Heat,1995,https://boxd.it/x,3\n")
    assert (chunk.plays, chunk.ratings[0].rating) == ((), 6.0)
    (tmp_path / "watchlist.csv").write_text("Date,Name,Year,Letterboxd URI\n2020-02-01,Heat,1995,https://boxd.it/x\n")
    with pytest.raises(NotAnImport, match="watchlist"):
        list(chunks(tmp_path / "watchlist.csv"))


def test_ratings_of_imdb_are_ratings_and_no_viewings(tmp_path: Path) -> None:
    head = "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year\n"
    rows = [
        "tt0113277,9,2020-01-02,Heat,Heat,https://x,Movie,8.3,170,1995",
        "tt0306414,10,2020-01-02,The Wire,The Wire,https://x,TV Series,9.3,60,2002",
        "tt0749451,8,2020-01-02,The Target,The Target,https://x,TV Episode,8.2,60,2002",
    ]
    (chunk,) = read(tmp_path, head + "\n".join(rows) + "\n")
    assert chunk.plays == ()
    assert [(str(one.media.type), one.media.ids.imdb, one.rating) for one in chunk.ratings] == [
        ("movie", "tt0113277", 9.0),
        ("episode", "tt0749451", 8.0),
    ]
    assert chunk.skipped == {"names a whole show, and no episode of it": 1}


def test_a_rating_beside_a_viewing_is_taken_and_without_a_date_too(tmp_path: Path) -> None:
    head = "type,imdb_id,watched_at,rating,rated_at\n"
    rows = "movie,tt0113277,,8,2020-01-02T20:00:00Z\nmovie,tt0113277,2020-01-02,,\nmovie,tt0113277,2020-01-02,11,\n"
    (chunk,) = read(tmp_path, head + rows)
    assert ([one.rating for one in chunk.ratings], len(chunk.plays), chunk.skipped) == ([8.0], 2, {})
