"""What TMDB tells of shows: taken from its answers, whatever shape they are of."""

import pytest

from watchd.clients.tmdb_shows import day_of, season_told, show_told
from watchd.errors import UpstreamError
from watchd.model.aired import Part, ShowTold

FEBRUARY = 1_645_142_400_000  # 2022-02-18


def test_a_show_and_how_many_episodes_its_seasons_have() -> None:
    seasons = [{"season_number": 1, "episode_count": 9}, {"season_number": 0, "episode_count": 2}]
    told = show_told({"name": "Severance", "first_air_date": "2022-02-18", "status": "Returning Series", "seasons": seasons})
    assert told == ShowTold("Severance", 2022, True, ((0, 2), (1, 9)))


@pytest.mark.parametrize(
    "status, running",
    [("Ended", False), ("Canceled", False), ("In Production", True), ("Pilot", True), (None, True), (7, True)],
)
def test_a_show_is_over_only_when_tmdb_says_so(status: object, running: bool) -> None:
    assert show_told({"status": status, "seasons": []}).running is running


def test_the_episodes_of_a_season_by_their_numbers() -> None:
    rows = [
        {"episode_number": 2, "name": "Half Loop", "air_date": "2022-02-18", "id": 3_314_870},
        {"episode_number": 1, "name": "", "air_date": None, "id": True},
        {"episode_number": "3"},
        "nonsense",
    ]
    assert season_told({"episodes": rows}, 1) == [Part(1, 1), Part(1, 2, "Half Loop", FEBRUARY, 3_314_870)]


@pytest.mark.parametrize("data", [None, [], {}, "text", {"seasons": 5, "episodes": {}, "name": 4, "first_air_date": 9}])
def test_an_answer_of_another_shape_is_none(data: object) -> None:
    with pytest.raises(UpstreamError):
        show_told(data)
    with pytest.raises(UpstreamError):
        season_told(data, 1)


def test_what_is_odd_in_a_show_is_left_out() -> None:
    assert show_told({"seasons": [5, {"season_number": "1"}], "name": 4, "first_air_date": 9}) == ShowTold(None, None, True)


def test_half_a_character_in_a_title_does_not_keep_it_from_being_stored() -> None:
    assert show_told({"name": "\ud83d", "seasons": []}).title == "?"


@pytest.mark.parametrize("value", ["", "2022-02-30", "2022", None, 5, "soon", "0000-00-00"])
def test_what_is_no_day_is_none(value: object) -> None:
    assert day_of(value) is None
