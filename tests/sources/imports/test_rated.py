"""Ratings of a data export: the one given last is the one that counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sources.imports.zips import ALIEN, HEAT, WIRE, a_zip
from watchd.model.imports import Chunk
from watchd.sources.imports.rated import AGAIN
from watchd.sources.imports.reading import chunks


def rated(of: dict[str, Any], rating: int, year: int, kind: str = "movie") -> dict[str, Any]:
    return {"rated_at": f"{year}-01-01T10:00:01.000Z", "rating": rating, "type": kind, kind: of}


def given(path: Path) -> tuple[list[tuple[str, list[int]]], int]:
    """The ratings of each file that has some, and how many were left out for a later one."""
    found: list[Chunk] = [chunk for chunk in chunks(path) if chunk.section == "ratings"]
    kept = [(chunk.file, [json.loads(row.body)["rating"] for row in chunk.library]) for chunk in found]
    return kept, sum(chunk.skipped.get(AGAIN, 0) for chunk in found)


def test_of_two_ratings_of_a_title_the_latest_is_kept_wherever_it_stands(tmp_path: Path) -> None:
    pages = {
        "ratings-movies": [rated(HEAT, 8, 2020), rated(ALIEN, 7, 2021), rated(HEAT, 9, 2022)],
        "ratings-movies-2": [rated(ALIEN, 6, 2019), rated(HEAT, 1, 2021)],
        "watched-history": [],
    }
    assert given(a_zip(tmp_path / "x.zip", pages)) == ([("ratings-movies.json", [7, 9]), ("ratings-movies-2.json", [])], 3)


def test_a_movie_and_a_show_of_one_number_keep_a_rating_each(tmp_path: Path) -> None:
    pages = {"ratings-movies": [rated(ALIEN, 8, 2020)], "ratings-shows": [rated(WIRE, 9, 2019, "show")]}
    assert given(a_zip(tmp_path / "x.zip", pages))[1] == 0


def test_items_without_a_number_at_trakt_are_told_apart_by_what_they_are(tmp_path: Path) -> None:
    bare = {"title": "A", "ids": {}}
    rows = [rated(bare, 8, 2020), rated({**bare, "title": "B"}, 7, 2020), rated(bare, 3, 2018)]
    assert given(a_zip(tmp_path / "x.zip", {"ratings-movies": rows})) == ([("ratings-movies.json", [8, 7])], 1)


def test_a_file_of_ratings_by_itself_has_them_once_too(tmp_path: Path) -> None:
    path = tmp_path / "ratings-movies.json"
    path.write_text(json.dumps([rated(HEAT, 8, 2020), rated(HEAT, 9, 2022)]))
    assert given(path) == ([("ratings-movies.json", [9])], 1)


@pytest.mark.parametrize("when", [None, 5, "never"])
def test_a_rating_without_a_moment_gives_way_to_one_with_it(tmp_path: Path, when: object) -> None:
    rows = [{**rated(HEAT, 8, 2020), "rated_at": when}, rated(HEAT, 9, 2019)]
    assert given(a_zip(tmp_path / "x.zip", {"ratings-movies": rows})) == ([("ratings-movies.json", [9])], 1)
