"""Ids: what counts as one, and what the older guids say."""

import pytest

from watchd.model.media import MediaIds
from watchd.sources.ids import AgentGuid, from_agent, from_uris, imdb_id, number_id


@pytest.mark.parametrize("value", ["tt0113277", "tt12345"])
def test_an_imdb_id_is_tt_and_digits(value: str) -> None:
    assert imdb_id(value) == value


@pytest.mark.parametrize(
    "value", ["", "tt1234", "0113277", "nm0000199", "tt01132x7", "tt0113277\n", 113277, None, "tt" + "1" * 40]
)
def test_anything_else_is_no_imdb_id(value: object) -> None:
    assert imdb_id(value) is None


@pytest.mark.parametrize("value, expected", [(949, 949), ("949", 949), ("0949", 949), (999_999_999_999, 999_999_999_999)])
def test_a_number_counts_as_an_id(value: object, expected: int) -> None:
    assert number_id(value) == expected


@pytest.mark.parametrize("value", [0, -1, "", "0", True, 10**12, "1234567890123", "٣", "9.5", 9.5, None, []])
def test_anything_else_is_no_number_id(value: object) -> None:
    assert number_id(value) is None


def test_the_first_of_two_ids_of_a_kind_counts() -> None:
    assert from_uris(["imdb://tt0113277?lang=en ", " tvdb://7"]) == MediaIds(imdb="tt0113277", tvdb=7)
    assert from_uris(["tmdb://1", {"id": "tmdb://2"}, "plex://movie/3", "imdb://tt00001/x", "mal://7"]) == MediaIds(
        tmdb=1, mal=7
    )


@pytest.mark.parametrize(
    "guid, expected",
    [
        ("com.plexapp.agents.imdb://tt0072684?lang=en", AgentGuid(MediaIds(imdb="tt0072684"), None, None, trusted=False)),
        ("com.plexapp.agents.imdb://tt0411008/2/3", AgentGuid(MediaIds(imdb="tt0411008"), 2, 3, trusted=False)),
        ("com.plexapp.agents.thetvdb://73871/2/15", AgentGuid(MediaIds(tvdb=73871), 2, 15, trusted=True)),
        ("com.plexapp.agents.thetvdb://73871/2", AgentGuid(MediaIds(tvdb=73871), 2, None, trusted=True)),
        ("com.plexapp.agents.hama://tvdb-81797/22/70?lang=en", AgentGuid(MediaIds(tvdb=81797), 22, 70, trusted=True)),
        ("com.plexapp.agents.hama://tvdb3-81797/1/70", AgentGuid(MediaIds(tvdb=81797), 1, 70, trusted=False)),
        (
            "com.plexapp.agents.hama://anidb-12345/1/5",
            AgentGuid(MediaIds(anidb=12345), 1, 5, trusted=False, absolute=True),
        ),
        ("com.plexapp.agents.hama://anidb2-12345/3/5", AgentGuid(MediaIds(anidb=12345), 3, 5, trusted=False)),
        (
            "net.fribbtastic.coding.plex.myanimelist://1575?lang=en",
            AgentGuid(MediaIds(mal=1575), None, None, trusted=False, absolute=True),
        ),
        (
            "net.fribbtastic.coding.plex.myanimelist://1575/1/10?lang=en",
            AgentGuid(MediaIds(mal=1575), 1, 10, trusted=False, absolute=True),
        ),
        ("com.plexapp.agents.thetvdbdvdorder://73871/2/15", AgentGuid(MediaIds(tvdb=73871), 2, 15, trusted=False)),
        ("thetvdb://73871/2/15", AgentGuid(MediaIds(tvdb=73871), 2, 15, trusted=True)),
        ("imdb://tt0411008/2/3", AgentGuid(MediaIds(imdb="tt0411008"), 2, 3, trusted=False)),
        ("imdb://tt0411008", None),
        ("com.plexapp.agents.hama://anidb-x/1/5", None),
        ("local://8369", None),
        ("com.plexapp.agents.none://abc?lang=xn", None),
        ("com.plexapp.agents.thetvdb://zero/1/1", None),
        ("plex://episode/5d9c", None),
        ("", None),
    ],
)
def test_an_older_guid_is_taken_apart(guid: str, expected: AgentGuid | None) -> None:
    assert from_agent(guid) == expected
