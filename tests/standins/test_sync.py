"""Writing the history in bulk, and taking out of it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.standins.talk import PILOT, Talk
from watchd.clock import ManualClock, parse_iso
from watchd.standins import Episode, Movie, TraktStandIn

EMPTY: dict[str, list[Any]] = {"movies": [], "shows": [], "seasons": [], "episodes": []}


async def test_plays_are_added_with_their_own_time(trakt: TraktStandIn, watcher: Talk) -> None:
    body = {
        "movies": [{"title": "Heat", "year": 1995, "watched_at": "2014-09-01T09:10:11.000Z"}],
        "episodes": [{"ids": {"tvdb": 349232}, "watched_at": "2014-09-02T09:10:11.000Z"}],
    }
    answer = await watcher.post("/sync/history", body)
    assert answer.status == 201
    assert answer.json == {"added": {"movies": 1, "episodes": 1}, "updated": {"movies": 0, "episodes": 0}, "not_found": EMPTY}
    assert [(row.trakt, row.watched_at, row.action) for row in trakt.user().history] == [
        (616, parse_iso("2014-09-01T09:10:11Z"), "watch"),
        (16, parse_iso("2014-09-02T09:10:11Z"), "watch"),
    ]


async def test_the_same_play_sent_twice_is_there_twice(trakt: TraktStandIn, watcher: Talk) -> None:
    body = {"movies": [{"ids": {"trakt": 616}, "watched_at": "2014-09-01T09:10:11.000Z"}]}
    for _ in range(2):
        assert (await watcher.post("/sync/history", body)).json["added"]["movies"] == 1
    assert trakt.history_count(616) == 2


@pytest.mark.parametrize("value", [None, 1409562611, "some day", True])
async def test_what_is_no_date_counts_as_now(trakt: TraktStandIn, watcher: Talk, clock: ManualClock, value: Any) -> None:
    entry = {"ids": {"trakt": 616}} if value is None else {"ids": {"trakt": 616}, "watched_at": value}
    await watcher.post("/sync/history", {"movies": [entry]})
    assert trakt.user().history[0].watched_at == clock.now()


async def test_released_and_unknown_are_dates_too(trakt: TraktStandIn, watcher: Talk) -> None:
    entries = [{"ids": {"trakt": 616}, "watched_at": word} for word in ("released", "unknown")]
    await watcher.post("/sync/history", {"movies": entries})
    assert [row.watched_at for row in trakt.user().history] == [parse_iso("1995-12-15"), 0]


async def test_a_bare_show_or_season_is_all_its_episodes(trakt: TraktStandIn, watcher: Talk) -> None:
    answer = await watcher.post("/sync/history", {"shows": [{"ids": {"trakt": 1}}]})
    assert answer.json["added"] == {"movies": 0, "episodes": 23}
    show = trakt.catalogue.show("game-of-thrones")
    second = next(season for season in trakt.catalogue.seasons(show) if season.number == 2)
    answer = await watcher.post("/sync/history", {"seasons": [{"ids": {"trakt": second.ids["trakt"]}}]})
    assert answer.json["added"] == {"movies": 0, "episodes": 10}


async def test_a_show_with_seasons_takes_its_times_from_the_nearest_level(trakt: TraktStandIn, watcher: Talk) -> None:
    body = {
        "shows": [
            {
                "ids": {"tvdb": 81189},
                "watched_at": "2020-01-01T00:00:00Z",
                "seasons": [
                    {"number": 0, "episodes": [{"number": 2}]},
                    {
                        "number": 1,
                        "watched_at": "2020-01-02T00:00:00Z",
                        "episodes": [{"number": 1}, {"number": 2, "watched_at": "2020-01-03T00:00:00Z"}],
                    },
                ],
            }
        ]
    }
    assert (await watcher.post("/sync/history", body)).json["added"]["episodes"] == 3
    days = [(row.trakt, row.watched_at) for row in trakt.user().history]
    first = parse_iso("2020-01-01T00:00:00Z")
    assert days == [(2, first), (16, first + 86_400_000), (17, first + 2 * 86_400_000)]


async def test_what_is_unknown_comes_back(trakt: TraktStandIn, watcher: Talk) -> None:
    movie, episode = {"ids": {"imdb": "tt0000111"}, "watched_at": "released"}, {"ids": {"trakt": 99_999}}
    show = {"ids": {"trakt": 1}, "seasons": [{"number": 1, "episodes": [{"number": 1}, {"number": 77}]}, {"number": 55}]}
    body = {"movies": [movie], "shows": [show, {"title": "No Show"}], "seasons": [{"ids": {"trakt": 5}}], "episodes": [episode]}
    answer = (await watcher.post("/sync/history", body)).json
    assert answer["added"] == {"movies": 0, "episodes": 1}
    assert answer["not_found"] == {
        "movies": [movie],
        "shows": [
            {"ids": {"trakt": 1}, "seasons": [{"number": 1, "episodes": [{"number": 77}]}, {"number": 55}]},
            {"title": "No Show"},
        ],
        "seasons": [{"ids": {"trakt": 5}}],
        "episodes": [episode],
    }
    assert trakt.history_count() == 1


async def test_an_empty_body_adds_nothing_and_lists_of_rubbish_are_400(watcher: Talk) -> None:
    assert (await watcher.post("/sync/history", {})).json["added"] == {"movies": 0, "episodes": 0}
    assert (await watcher.post("/sync/history", {"movies": "all"})).status == 400
    assert (await watcher.post("/sync/history", {"movies": ["Heat"]})).status == 400
    assert (await watcher.post("/sync/history/remove", {"ids": "all"})).status == 400


async def test_the_status_of_the_contract_can_be_had_as_well(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.switches = replace(trakt.switches, history_post_status=200, checkin_status=200)
    assert (await watcher.post("/sync/history", {"movies": [{"ids": {"trakt": 616}}]})).status == 200
    assert (await watcher.post("/checkin", PILOT)).status == 200


async def test_plays_are_removed_by_their_ids(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    heat, pilot = trakt.catalogue.movie(616), trakt.catalogue.episode(1, 1, 1)
    rows = [trakt.add_play("watcher", item, clock.now()) for item in (heat, heat, pilot)]
    answer = await watcher.post("/sync/history/remove", {"ids": [rows[0].id, rows[2].id, 7, "x"]})
    assert answer.status == 200
    assert answer.json["deleted"] == {"movies": 1, "episodes": 1}
    assert answer.json["not_found"] == {**EMPTY, "people": [], "users": [], "ids": [7, "x"]}
    assert trakt.user().history == [rows[1]]


async def test_plays_are_removed_by_item_all_of_them(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    heat, show = trakt.catalogue.movie(616), trakt.catalogue.show(1)
    items: list[Movie | Episode] = [heat, heat, *trakt.catalogue.episodes(show)]
    for item in items:
        trakt.add_play("watcher", item, clock.now())
    first_season = {"ids": {"trakt": 1}, "seasons": [{"number": 1}]}
    answer = await watcher.post("/sync/history/remove", {"movies": [{"ids": {"trakt": 616}}], "shows": [first_season]})
    assert answer.json["deleted"] == {"movies": 2, "episodes": 7}
    assert trakt.history_count() == 16
    answer = await watcher.post("/sync/history/remove", {"shows": [{"ids": {"trakt": 1}}]})
    assert answer.json["deleted"] == {"movies": 0, "episodes": 16}


@pytest.mark.parametrize("touches", [False, True])
async def test_a_removal_may_or_may_not_show_in_the_activities(
    trakt: TraktStandIn, watcher: Talk, clock: ManualClock, touches: bool
) -> None:
    trakt.switches = replace(trakt.switches, removal_touches_activities=touches)
    row = trakt.add_play("watcher", trakt.catalogue.movie(616), clock.now())
    before = (await watcher.get("/sync/last_activities")).json["movies"]["watched_at"]
    clock.advance(60)
    await watcher.post("/sync/history/remove", {"ids": [row.id]})
    after = (await watcher.get("/sync/last_activities")).json["movies"]["watched_at"]
    assert (after != before) is touches


async def test_ratings_are_kept_changed_and_removed(trakt: TraktStandIn, watcher: Talk) -> None:
    body = {"movies": [{"ids": {"trakt": 616}, "rating": 9}], "episodes": [{"ids": {"tvdb": 349232}, "rating": 8}]}
    answer = await watcher.post("/sync/ratings", body)
    assert answer.status == 201
    assert answer.json == {"added": {"movies": 1, "shows": 0, "seasons": 0, "episodes": 1}, "not_found": EMPTY}
    await watcher.post("/sync/ratings", {"movies": [{"ids": {"trakt": 616}, "rating": 10, "rated_at": "2020-01-01T00:00:00Z"}]})
    rows = (await watcher.get("/sync/ratings")).json
    assert {(row["type"], row["rating"]) for row in rows} == {("movie", 10), ("episode", 8)}
    assert rows[1]["rated_at"] == "2020-01-01T00:00:00.000Z"
    assert [row["movie"]["title"] for row in (await watcher.get("/sync/ratings/movies/9,10")).json] == ["Heat"]
    assert (await watcher.get("/sync/ratings/all/3")).json == []
    removed = await watcher.post("/sync/ratings/remove", {"movies": [{"ids": {"trakt": 616}}, {"ids": {"trakt": 28}}]})
    assert removed.json["deleted"] == {"movies": 1, "shows": 0, "seasons": 0, "episodes": 0}
    assert len(trakt.user().ratings) == 1


@pytest.mark.parametrize("mark", [0, 11, "nine", None])
async def test_a_rating_is_one_to_ten(watcher: Talk, mark: Any) -> None:
    assert (await watcher.post("/sync/ratings", {"movies": [{"ids": {"trakt": 616}, "rating": mark}]})).status == 422
