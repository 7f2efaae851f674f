"""A library as large as they get: many shows, plays over years, long lists, with the oddities of real ones."""

from watchd.clock import DAY, MINUTE
from watchd.standins.items import Episode, Movie, Show
from watchd.standins.shelf import Entry, Remark, UserList
from watchd.standins.trakt import TraktStandIn

_SEASONS = {0: 2, 1: 10, 2: 10, 3: 10}
_PER_SHOW = 2 + 30


def fill_library(trakt: TraktStandIn, *, plays: int, shows: int, items: int = 0, user: str = "watcher", lists: int = 2) -> None:
    """Give an account a history of so many plays of so many shows and as many movies, and lists of so many items.

    Every hundredth play has no date, every fiftieth was added long after it was watched; specials are among them.
    """
    made = [
        trakt.catalogue.add_show(f"Show {number}", 1990 + number % 35, seasons=_SEASONS, ids={"trakt": 5_000_000 + number})
        for number in range(shows)
    ]
    movies = [
        trakt.catalogue.add_movie(f"Movie {number}", 1960 + number % 65, ids={"trakt": 6_000_000 + number})
        for number in range(shows)
    ]
    _watch(trakt, user, made, movies, plays)
    _shelve(trakt, user, [*movies, *made], items, lists)


def _watch(trakt: TraktStandIn, user: str, shows: list[Show], movies: list[Movie], plays: int) -> None:
    # Season by season, for the plays of one show lie near each other; then all over again.
    episodes: list[Episode | Movie] = [item for show in shows for item in trakt.catalogue.episodes(show)]
    everything = [*episodes, *movies]
    now = trakt.now()
    for number in range(plays):
        at = now - (plays - number) * 10 * MINUTE
        if number % 100 == 99:
            at = 0
        elif number % 50 == 49:
            at -= 2000 * DAY
        trakt.add_play(user, everything[number % len(everything)], max(0, at), "scrobble" if number % 3 else "watch")


def _shelve(trakt: TraktStandIn, user: str, titles: list[Movie | Show], items: int, lists: int) -> None:
    shelf, now = trakt.user(user).shelf, trakt.now()

    def entries(count: int) -> list[Entry]:
        return [Entry(trakt.core.next_id(), titles[number % len(titles)], now - number * MINUTE) for number in range(count)]

    shelf.watchlist = entries(items)
    shelf.collection = [entry for entry in entries(items) if isinstance(entry.item, Movie)]
    for number in range(lists if items else 0):
        list_id = 26_000_000 + number
        shelf.lists[list_id] = UserList(list_id, f"List {number}", now, now, tuple(entries(items)))
    shelf.comments = [
        Remark(number + 1, titles[number % len(titles)], f"Remark {number}", now) for number in range(items // 10)
    ]
    for number, title in enumerate(titles[: items // 2]):
        trakt.user(user).ratings[title.key] = number % 10 + 1, now - number * MINUTE, title
