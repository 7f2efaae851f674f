"""Reading the history in all its forms."""

from dataclasses import replace

import pytest

from tests.standins.talk import Talk
from watchd.clock import MINUTE, ManualClock, iso, parse_iso
from watchd.standins import TraktStandIn

THEN = parse_iso("2026-07-05T15:14:25Z")


def plays(trakt: TraktStandIn, count: int) -> None:
    """Movies, a minute apart, the oldest first."""
    movies = trakt.catalogue.movies
    for number in range(count):
        trakt.add_play("watcher", movies[number % len(movies)], THEN + number * MINUTE)


async def test_a_play_is_shown_to_the_minute_and_kept_to_the_second(trakt: TraktStandIn, stranger: Talk) -> None:
    row = trakt.add_play("watcher", trakt.catalogue.movie("true-lies-1994"), THEN)
    [shown] = (await stranger.get("/users/watcher/history")).json
    assert shown == {
        "id": row.id, "watched_at": "2026-07-05T15:14:00.000Z", "action": "watch", "type": "movie", "movie": shown["movie"],
    }  # fmt: skip
    assert shown["movie"]["ids"]["trakt"] == 23560
    assert row.watched_at == THEN
    trakt.switches = replace(trakt.switches, minute_truncation=False)
    assert (await stranger.get("/users/watcher/history")).json[0]["watched_at"] == "2026-07-05T15:14:25.000Z"


async def test_the_newest_comes_first_and_the_undated_last(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    heat, arrival = trakt.catalogue.movie(616), trakt.catalogue.movie("tt2543164")
    undated = trakt.add_play("watcher", heat, 0)
    newest = trakt.add_play("watcher", arrival, clock.now())
    older = trakt.add_play("watcher", heat, THEN)
    rows = (await watcher.get("/sync/history")).json
    assert [row["id"] for row in rows] == [newest.id, older.id, undated.id]
    assert rows[-1]["watched_at"] == "1970-01-01T00:00:00.000Z"
    assert (await watcher.get("/users/me/history")).json == rows


async def test_pages_are_of_100_and_a_limit_is_clamped_to_250(trakt: TraktStandIn, watcher: Talk) -> None:
    plays(trakt, 260)
    first = await watcher.get("/sync/history")
    assert len(first.json) == 100
    told = [first.headers[f"X-Pagination-{name}"] for name in ("Page", "Limit", "Page-Count", "Item-Count")]
    assert told == ["1", "100", "3", "260"]
    large = await watcher.get("/sync/history?limit=100000")
    assert (len(large.json), large.headers["X-Pagination-Limit"], large.headers["X-Pagination-Page-Count"]) == (250, "250", "2")
    rest = await watcher.get("/sync/history?limit=100000&page=2")
    assert len(rest.json) == 10
    assert not {row["id"] for row in rest.json} & {row["id"] for row in large.json}
    beyond = await watcher.get("/sync/history?page=99&limit=7")
    assert (beyond.json, beyond.headers["X-Pagination-Page"]) == ([], "99")
    assert len((await watcher.get("/sync/history?page=none&limit=-1")).json) == 100


async def test_pages_see_a_new_play(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    plays(trakt, 3)
    assert len((await watcher.get("/sync/history")).json) == 3
    row = trakt.add_play("watcher", trakt.catalogue.movie(616), clock.now())
    assert (await watcher.get("/sync/history")).json[0]["id"] == row.id
    assert len((await watcher.get("/sync/history/episodes")).json) == 0


async def test_a_window_is_of_watched_at_both_ends_included(trakt: TraktStandIn, watcher: Talk) -> None:
    plays(trakt, 5)
    first, last = iso(THEN + MINUTE - 25_000), iso(THEN + 3 * MINUTE - 25_000)
    rows = (await watcher.get(f"/sync/history?start_at={first}&end_at={last}")).json
    assert [row["watched_at"] for row in rows] == [
        "2026-07-05T15:17:00.000Z", "2026-07-05T15:16:00.000Z", "2026-07-05T15:15:00.000Z",
    ]  # fmt: skip
    assert len((await watcher.get(f"/sync/history?start_at={iso(THEN + MINUTE)}")).json) == 3
    assert (await watcher.get("/sync/history?start_at=yesterday")).status == 400


@pytest.mark.parametrize(
    "path, count",
    [
        ("", 4), ("/movies", 1), ("/shows", 3), ("/episodes", 3), ("/seasons", 3), ("/movies/616", 1), ("/movies/28", 0),
        ("/movies/heat-1995", 1), ("/episodes/16", 2), ("/episodes/2", 1), ("/shows/1", 3), ("/shows/breaking-bad", 3),
        ("/shows/1390", 0),
    ],
)  # fmt: skip
async def test_the_history_can_be_asked_by_type_and_item(trakt: TraktStandIn, watcher: Talk, path: str, count: int) -> None:
    pilot, wedding = (trakt.catalogue.episode(1, season, number) for season, number in ((1, 1), (0, 2)))
    for item in (trakt.catalogue.movie(616), pilot, wedding, pilot):
        trakt.add_play("watcher", item, THEN)
    for base in ("/sync/history", "/users/watcher/history"):
        assert len((await watcher.get(base + path)).json) == count


async def test_the_history_of_a_season_is_that_of_its_episodes(trakt: TraktStandIn, watcher: Talk) -> None:
    show = trakt.catalogue.show(1)
    for episode in trakt.catalogue.episodes(show):
        trakt.add_play("watcher", episode, THEN)
    first = next(season for season in trakt.catalogue.seasons(show) if season.number == 1)
    rows = (await watcher.get(f"/sync/history/seasons/{first.ids['trakt']}")).json
    assert len(rows) == 7
    assert {(row["type"], row["episode"]["season"]) for row in rows} == {("episode", 1)}


async def test_an_unknown_item_or_type_is_404(watcher: Talk) -> None:
    assert (await watcher.get("/sync/history/movies/999999")).status == 404
    assert (await watcher.get("/sync/history/songs")).status == 404


async def test_the_history_of_a_private_user_may_be_an_empty_list(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.switches = replace(trakt.switches, private_history_is_empty=True)
    trakt.add_play("hermit", trakt.catalogue.movie(616), THEN)
    answer = await watcher.get("/users/hermit/history")
    assert (answer.status, answer.json) == (200, [])
    token = trakt.issue_tokens("hermit")["access_token"]
    assert len((await watcher.get("/users/me/history", Authorization=f"Bearer {token}")).json) == 1
