"""File names, and what they speak of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchd.model.media import Episode, MediaIds, Movie, Show
from watchd.sources.filenames import guess, is_file_name

NONE = MediaIds()


def movie(title: str, year: int | None = None, ids: MediaIds = NONE) -> Movie:
    return Movie(title, year, ids)


def episode(
    show: str, season: int | None, number: int | None, last: int | None = None, *, year: int | None = None, ids: MediaIds = NONE
) -> Episode:
    return Episode(Show(show, year, ids), season, number, last)


def absolute(show: str, number: int) -> Episode:
    return Episode(Show(show), number_abs=number)


@pytest.mark.parametrize(
    "name, media",
    [
        ("Severance.S02E10.1080p.WEB.h265-NONE.mkv", episode("Severance", 2, 10)),
        ("severance.s2e10.mkv", episode("severance", 2, 10)),
        ("Severance S02.E10.mkv", episode("Severance", 2, 10)),
        ("Severance.S02E09E10.1080p.mkv", episode("Severance", 2, 9, 10)),
        ("Severance.S02E08E09E10.mkv", episode("Severance", 2, 8, 10)),
        ("Severance - S02E09-E10 - Two at once.mkv", episode("Severance", 2, 9, 10)),
        ("Severance.S02E09-10.mkv", episode("Severance", 2, 9, 10)),
        ("Severance.S02E09-720p.mkv", episode("Severance", 2, 9)),
        ("Severance - S02E09-S02E10.mkv", episode("Severance", 2, 9, 10)),
        ("Severance - S02E09 - 12 Angry Goats.mkv", episode("Severance", 2, 9)),
        ("Severance - 2x10 - Cold Harbor.avi", episode("Severance", 2, 10)),
        ("severance_2x10_cold_harbor.avi", episode("severance", 2, 10)),
        ("Severance 2x09-10.avi", episode("Severance", 2, 9, 10)),
        ("Severance 2x09-2x10.avi", episode("Severance", 2, 9, 10)),
        ("Severance - Season 2 Episode 10.mkv", episode("Severance", 2, 10)),
        ("Westworld (2016) - 1x02", episode("Westworld", 1, 2, year=2016)),
        ("Doctor.Who.2005.S01E01.Rose.1080p.mkv", episode("Doctor Who", 1, 1, year=2005)),
        ("Doctor Who S00E05.mkv", episode("Doctor Who", 0, 5)),
        ("1883.S01E02.mkv", episode("1883", 1, 2)),
        ("24.S01E02.mkv", episode("24", 1, 2)),
        ("The.100.S01E02.mkv", episode("The 100", 1, 2)),
        ("9-1-1.S01E02.mkv", episode("9-1-1", 1, 2)),
        ("Mr. Robot S01E02.mkv", episode("Mr. Robot", 1, 2)),
        ("MythBusters.S2011E05.mkv", episode("MythBusters", 2011, 5)),
        ("MythBusters 2011x05.mkv", episode("MythBusters", 2011, 5)),
        ("Fargo.S01E01.The.Rooster.2014.1080p.mkv", episode("Fargo", 1, 1)),
    ],
)
def test_a_name_with_season_and_episode_is_an_episode(name: str, media: Episode) -> None:
    assert guess(name) == media


@pytest.mark.parametrize(
    "name, media",
    [
        ("[Subs] Frieren - 12 (1080p) [ABCD1234].mkv", absolute("Frieren", 12)),
        ("[Subs] Frieren - 12v2 [1080p].mkv", absolute("Frieren", 12)),
        ("[Subs]_Frieren_-_12_[720p].mkv", absolute("Frieren", 12)),
        ("[Subs] Frieren [12][1080p].mkv", absolute("Frieren", 12)),
        ("Frieren - 12", absolute("Frieren", 12)),
        ("Frieren - 012 - A Real Hero.mkv", absolute("Frieren", 12)),
        ("One Piece - 1071.mkv", absolute("One Piece", 1071)),
        ("[Subs] One Piece - 1999 [1080p].mkv", absolute("One Piece", 1999)),
        ("進撃の巨人 - 05.mkv", absolute("進撃の巨人", 5)),
        ("[Subs] Mob Psycho 100 S2 - 05 [720p].mkv", episode("Mob Psycho 100", 2, 5)),
        ("[Subs] Overlord 2nd Season - 05.mkv", episode("Overlord", 2, 5)),
    ],
)
def test_anime_is_counted_from_the_beginning(name: str, media: Episode) -> None:
    assert guess(name) == media


@pytest.mark.parametrize(
    "name, media",
    [
        ("Heat (1995)", movie("Heat", 1995)),
        ("Heat [1995].mkv", movie("Heat", 1995)),
        ("Heat.1995.1080p.BluRay.5.1.x264-NONE.mkv", movie("Heat", 1995)),
        ("Heat 1995 h.265.mkv", movie("Heat", 1995)),
        ("Heat.1080p.BluRay.x264-NONE.mkv", movie("Heat")),
        ("2001 A Space Odyssey 1968", movie("2001 A Space Odyssey", 1968)),
        ("2001: A Space Odyssey (1968)", movie("2001: A Space Odyssey", 1968)),
        ("1917.2019.1080p.mkv", movie("1917", 2019)),
        ("2012 (2009).mkv", movie("2012", 2009)),
        ("Blade.Runner.2049.2017.2160p.mkv", movie("Blade Runner 2049", 2017)),
        ("Blade.Runner.2049.1080p.BluRay.mkv", movie("Blade Runner 2049")),
        ("Wonder Woman 1984 (2020).mkv", movie("Wonder Woman 1984", 2020)),
        ("(500) Days of Summer (2009).mkv", movie("(500) Days of Summer", 2009)),
        ("District 9 2009 720p.mkv", movie("District 9", 2009)),
        ("THX 1138 1971.mkv", movie("THX 1138", 1971)),
        ("Spider-Man.No.Way.Home.2021.mkv", movie("Spider-Man No Way Home", 2021)),
        ("Star Wars Episode 4 (1977).mkv", movie("Star Wars Episode 4", 1977)),
        ("Extended Family 2020.mp4", movie("Extended Family", 2020)),
        ("100% Wolf (2020).mkv", movie("100% Wolf", 2020)),
        ("Heat (1995) {imdb-tt0113277}.mkv", movie("Heat", 1995, MediaIds(imdb="tt0113277"))),
        ("Heat [tmdbid-949].mkv", movie("Heat", None, MediaIds(tmdb=949))),
    ],
)
def test_a_name_with_a_year_or_the_tags_of_a_release_is_a_film(name: str, media: Movie) -> None:
    assert guess(name) == media


@pytest.mark.parametrize(
    "path, media",
    [
        ("Severance/Season 02/E10.mkv", episode("Severance", 2, 10)),
        ("/tv/Severance (2022)/Season 2/10 - Cold Harbor.mkv", episode("Severance", 2, 10, year=2022)),
        ("/tv/Severance/Season 2/210.mkv", episode("Severance", 2, 10)),
        ("/tv/Severance/S02/S02E10.mkv", episode("Severance", 2, 10)),
        ("/tv/Severance Season 2/E10.mkv", episode("Severance", 2, 10)),
        ("/tv/Severance/Specials/E03.mkv", episode("Severance", 0, 3)),
        ("D:\\Serien\\Dark\\Staffel 1\\Dark 1x03.mkv", episode("Dark", 1, 3)),
        ("C:\\tv\\Dark\\Season 01\\E03.mkv", episode("Dark", 1, 3)),
        (
            "/tv/Dark (2017) {tvdb-334824}/Season 01/Dark - S01E03.mkv",
            episode("Dark", 1, 3, year=2017, ids=MediaIds(tvdb=334824)),
        ),
        ("http://nas/tv/Dark%20%282017%29/Season%201/E03.mkv?token=a", episode("Dark", 1, 3, year=2017)),
        ("file:///media/ada/Heat%20(1995).mp4", movie("Heat", 1995)),
        ("smb://ada:secret@nas/films/Heat.1995.mkv", movie("Heat", 1995)),
        ("/films/Heat (1995)/heat.avi", movie("Heat", 1995)),
        ("/films/Heat (1995)/BDMV/STREAM/00001.m2ts", movie("Heat", 1995)),
        ("/films/Heat (1995)/VIDEO_TS/VIDEO_TS.ifo", movie("Heat", 1995)),
        ("stack://smb://nas/f/Heat (1995) CD1.avi , smb://nas/f/Heat (1995) CD2.avi", movie("Heat", 1995)),
        ("/" + "deep/" * 400 + "Heat (1995).mkv", movie("Heat", 1995)),
    ],
)
def test_folders_tell_what_the_name_does_not(path: str, media: Movie | Episode) -> None:
    assert guess(path) == media


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "   ",
            "/",
            "...",
            ".mkv",
            "stream",
            "Netflix",
            "News",
            "BBC One HD",
            "Inception",
            "Inception.mkv",
            "1917",
            "1917.mkv",
        ),
        *(
            "1080p",
            "x264.mkv",
            "h.265",
            "5.1",
            "1920x1080.mkv",
            "clip 1920x1080 x264.mp4",
            "drone footage 4K.mp4",
            "movie x264.mkv",
        ),
        *(
            "E02.mkv",
            "S01E01.mkv",
            "Show 102.mkv",
            "/tv/Show/Season 01/1080p.mkv",
            "Movie Night 20:30",
            "12345",
            "Round 2x4.mkv",
        ),
        *("The Daily Show 2024-01-15.mkv", "The.Daily.Show.2024.01.15.1080p.WEB.mkv", "2019-08-01 12.30.15.mp4"),
        *("IMG_20190101_120000.mp4", "VID-20200101-WA0001.mp4", "DSC_2012.MOV", "GOPR2013.mp4", "20190704_153012.mp4"),
        *("Heat (1995)-trailer.mkv", "/films/Heat (1995)/Trailers/Heat (1995).mkv", "Heat (1995).srt", "Heat (1995).mp3"),
        *("plugin://plugin.video.x/Heat (1995).mkv", "pvr://recordings/Heat (1995).pvr", "http://x/stream.m3u8"),
        *("https://www.example.com/watch?v=Heat.1995.1080p", "rtsp://camera/1", "http://", "://"),
        *("/holidays/Italy (2019)/clip7.mp4", "[Subs] Frieren - OVA.mkv", "[]", "( (1995).mkv"),
    ],
)
def test_what_is_no_name_of_a_film_or_an_episode_is_none(name: str) -> None:
    assert guess(name) is None


@given(name=st.one_of(st.text(max_size=200), st.from_regex(r"[ -~]{0,30}[sS]?\d{0,5}[eExX. -]{0,4}\d{0,5}[ -~]{0,30}")))
def test_any_name_is_answered(name: str) -> None:
    found = guess(name)
    named = found.show.title if isinstance(found, Episode) else found.title if found else "none"
    assert named
    assert named == named.strip()


def test_a_title_is_told_from_a_file_name() -> None:
    assert [
        is_file_name(name) for name in ("Heat", "Mr. Nobody", "S.W.A.T", "Heat.mkv", "Heat.1995.1080p.x264", "file:///a")
    ] == [*(False, False, False, True, True, True)]
