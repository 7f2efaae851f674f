"""The parts of the library besides history and ratings, as the real one pages and shapes them."""

from tests.standins.talk import Talk
from watchd.clock import DAY, ManualClock, iso
from watchd.standins import TraktStandIn
from watchd.standins.faults import Fault
from watchd.standins.much import fill_library
from watchd.standins.shelf import Entry, Remark, UserList


def entries(trakt: TraktStandIn, count: int) -> list[Entry]:
    movies = trakt.catalogue.movies
    return [Entry(number + 1, movies[number % len(movies)], trakt.now()) for number in range(count)]


async def test_lists_are_paged_whatever_is_asked_for(trakt: TraktStandIn, watcher: Talk, stranger: Talk) -> None:
    shelf = trakt.user().shelf
    shelf.watchlist = entries(trakt, 300)
    shelf.lists[7] = UserList(7, "My List", 0, trakt.now(), tuple(entries(trakt, 120)))
    for path, rows, pages in (
        ("/users/me/watchlist", 100, "3"),
        ("/sync/watchlist?limit=9999", 250, "2"),
        ("/sync/watchlist/movies/rank/asc?limit=250&page=2", 50, "2"),
        ("/users/me/watchlist/shows", 0, "0"),
        ("/users/me/lists/7/items", 100, "2"),
        ("/users/me/lists/my-list/items/movies?limit=250", 120, "1"),
    ):
        answer = await watcher.get(path)
        assert (len(answer.json), answer.headers["X-Pagination-Page-Count"]) == (rows, pages), path
    [row] = (await stranger.get("/users/watcher/watchlist?limit=1")).json
    assert set(row) == {"rank", "id", "listed_at", "notes", "type", "movie", "my_rating"}
    [one] = (await stranger.get("/users/watcher/lists")).json
    assert (one["item_count"], one["ids"]) == (120, {"trakt": 7, "slug": "my-list"})
    assert (await stranger.get("/users/watcher/lists/7")).json == one


async def test_a_private_list_is_its_owners_and_an_unknown_one_nobodys(
    trakt: TraktStandIn, watcher: Talk, stranger: Talk
) -> None:
    trakt.user().shelf.lists[7] = UserList(7, "Mine", 0, 0, privacy="private")
    assert (await stranger.get("/users/watcher/lists")).json == []
    assert (await stranger.get("/users/watcher/lists/7/items")).status == 403
    assert (await watcher.get("/users/me/lists/7/items")).status == 200
    assert (await watcher.get("/users/me/lists/8/items")).status == 404


async def test_what_is_watched_leaves_the_watchlist(trakt: TraktStandIn, watcher: Talk) -> None:
    heat, show = trakt.catalogue.movie(616), trakt.catalogue.show("friends")
    trakt.user().shelf.watchlist = [Entry(1, heat, 0), Entry(2, show, 0), *entries(trakt, 1)]
    trakt.add_play("watcher", heat, trakt.now())
    trakt.add_play("watcher", trakt.catalogue.episode("friends", 1, 1), trakt.now())
    assert [row["id"] for row in (await watcher.get("/sync/watchlist")).json] == [1]


async def test_watched_shows_have_seasons_only_with_progress_and_specials_on_request(
    trakt: TraktStandIn, watcher: Talk
) -> None:
    for season, number in ((0, 1), (1, 1), (1, 1), (1, 2)):
        trakt.add_play("watcher", trakt.catalogue.episode(1, season, number), trakt.now())
    [plain] = (await watcher.get("/sync/watched/shows")).json
    assert "seasons" not in plain
    assert plain["plays"] == 4
    [some] = (await watcher.get("/users/me/watched/shows?extended=full,progress")).json
    assert [season["number"] for season in some["seasons"]] == [1]
    assert [episode["plays"] for episode in some["seasons"][0]["episodes"]] == [2, 1]
    assert some["show"]["aired_episodes"] == 20
    answer = await watcher.get("/sync/watched/shows?extended=progress&specials=true&limit=250")
    assert [season["number"] for season in answer.json[0]["seasons"]] == [0, 1]
    assert answer.headers["X-Pagination-Limit"] == "100"
    assert (await watcher.get("/sync/watched/movies")).json == []


async def test_the_calendar_has_what_comes_of_watched_shows(trakt: TraktStandIn, watcher: Talk, clock: ManualClock) -> None:
    day = iso(clock.now())[:10]
    show = trakt.catalogue.add_show("Coming", 2026, seasons={1: 3}, first_aired=iso(clock.now() + DAY))
    path = f"/calendars/my/shows/{day}/33"
    assert (await watcher.get(path)).json == []
    trakt.add_play("watcher", trakt.catalogue.episodes(show)[0], clock.now())
    rows = (await watcher.get(path)).json
    assert rows[0]["show"]["title"] == "Coming"
    assert set(rows[0]) == {"first_aired", "episode", "show"}
    assert (await watcher.get("/calendars/my/shows/today/33")).status == 400


async def test_the_calendar_of_movies_has_what_comes_out_of_the_watchlist(
    trakt: TraktStandIn, watcher: Talk, clock: ManualClock
) -> None:
    day, out = iso(clock.now())[:10], iso(clock.now() + 2 * DAY)[:10]
    movies = [trakt.catalogue.add_movie(name, 2026, released=at) for name, at in (("Out", "2026-01-01"), ("Coming", out))]
    trakt.user().shelf.watchlist = [Entry(number, movie, clock.now()) for number, movie in enumerate(movies)]
    (row,) = (await watcher.get(f"/calendars/my/movies/{day}/33")).json
    assert (row["released"], row["movie"]["title"], row.keys()) == (out, "Coming", {"released", "movie"})


async def test_what_comes_next_is_told_of_shows_that_are_not_watched_to_their_end(trakt: TraktStandIn, watcher: Talk) -> None:
    for season, number in ((1, 1), (1, 3)):
        trakt.add_play("watcher", trakt.catalogue.episode("friends", season, number), trakt.now())
    short = trakt.catalogue.add_show("Short", 2020, seasons={1: 1})
    trakt.add_play("watcher", trakt.catalogue.episodes(short)[0], trakt.now())
    answer = await watcher.get("/sync/progress/up_next?page=1&limit=5")
    [row] = answer.json
    assert (row["progress"]["next_episode"]["number"], row["progress"]["last_episode"]["number"]) == (4, 3)
    assert (row["progress"]["completed"], row["show"]["title"]) == (2, "Friends")
    assert answer.headers["X-Pagination-Item-Count"] == "1"


async def test_people_comments_likes_and_hidden_things(trakt: TraktStandIn, watcher: Talk, stranger: Talk) -> None:
    shelf, heat = trakt.user().shelf, trakt.catalogue.movie(616)
    shelf.followers, shelf.following = {"hermit": 5}, {"hermit": 7}
    shelf.comments = [Remark(number, heat, "Good", 0, parent=number - 1) for number in range(1, 30)]
    shelf.liked["lists"] = [(3, {"name": "A list", "ids": {"trakt": 4}})]
    shelf.hidden["dropped"] = [Entry(1, trakt.catalogue.show(1), 0)]
    for path, key in (("followers", "followed_at"), ("friends", "friends_at")):
        [row] = (await stranger.get(f"/users/watcher/{path}")).json
        assert (set(row), row["user"]["username"]) == ({key, "user"}, "hermit")
    assert len((await watcher.get("/users/me/comments")).json) == 1
    answer = await watcher.get("/users/me/comments/all/movies?include_replies=true")
    assert (len(answer.json), answer.headers["X-Pagination-Item-Count"]) == (10, "29")
    assert (await watcher.get("/users/likes/lists")).json[0]["list"]["name"] == "A list"
    assert (await watcher.get("/users/hidden/dropped")).json[0]["type"] == "show"
    assert (await watcher.get("/users/hidden/calendar")).json == []
    stats = (await watcher.get("/users/me/stats")).json
    assert (stats["network"], stats["movies"]["comments"]) == ({"friends": 1, "followers": 1, "following": 1}, 29)


async def test_a_lie_changes_headers_and_hides_rows(trakt: TraktStandIn, watcher: Talk) -> None:
    trakt.user().shelf.watchlist = entries(trakt, 300)
    trakt.faults.add(Fault("lie", path="/sync/watchlist", headers={"X-Pagination-Page-Count": "1"}, rows=5))
    answer = await watcher.get("/sync/watchlist?limit=250")
    assert len(answer.json) == 5
    assert (answer.headers["X-Pagination-Page-Count"], answer.headers["X-Pagination-Item-Count"]) == ("1", "300")
    assert len((await watcher.get("/sync/watchlist?limit=250")).json) == 250


async def test_a_large_library_has_its_oddities(trakt: TraktStandIn, watcher: Talk) -> None:
    fill_library(trakt, plays=400, shows=10, items=20)
    assert trakt.history_count() == 400
    rows = (await watcher.get("/sync/history?limit=250&page=2")).json
    assert rows[-1]["watched_at"] == "1970-01-01T00:00:00.000Z"
    stats = (await watcher.get("/users/me/stats")).json
    assert stats["movies"]["plays"] + stats["episodes"]["plays"] == 400
    assert len((await watcher.get("/users/me/collection/movies")).json) == 10
