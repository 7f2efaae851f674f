"""All movies and shows there are, and how they are found: by id, by title and year, by season and number."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from watchd.clock import DAY, MINUTE, parse_iso
from watchd.standins.items import Episode, Ids, Item, Movie, Season, Show

_ID_NAMES = {
    "movie": ("trakt", "slug", "imdb", "tmdb"),
    "show": ("trakt", "slug", "tvdb", "imdb", "tmdb"),
    "season": ("trakt", "tvdb", "tmdb"),
    "episode": ("trakt", "tvdb", "imdb", "tmdb"),
}
_TRAILING_YEAR = re.compile(r"^(.*) \((\d{4})\)$")


class Catalogue:
    """Movies and shows; ids that are not given are made up, those given as None are null."""

    def __init__(self) -> None:
        self.movies: list[Movie] = []
        self.shows: list[Show] = []
        self._seasons: dict[int, dict[int, Season]] = {}
        self._episodes: dict[int, dict[tuple[int, int], Episode]] = {}
        self._by_id: dict[tuple[str, str, str], Item] = {}
        self._by_title: dict[tuple[str, str, int | None], Item] = {}
        self._made = 0

    def add_movie(
        self, title: str, year: int | None, *, runtime: int = 110, released: str | None = None, overview: str = "",
        ids: Mapping[str, Any] | None = None,
    ) -> Movie:  # fmt: skip
        at = parse_iso(released or f"{year or 2000}-06-01")
        movie = Movie(title, year, self._ids("movie", ids, title, year), runtime, at, overview)
        self.movies.append(movie)
        self._index(movie)
        return movie

    def add_show(
        self, title: str, year: int | None, *, seasons: Mapping[int, int | Sequence[str]], runtime: int = 45,
        first_aired: str | None = None, overview: str = "", absolute: bool = False, ids: Mapping[str, Any] | None = None,
        episode_ids: Mapping[tuple[int, int], Mapping[str, Any]] | None = None,
        runtimes: Mapping[tuple[int, int], int] | None = None,
    ) -> Show:  # fmt: skip
        """A show with, for each season, the titles of its episodes or how many there are."""
        start = parse_iso(first_aired or f"{year or 2000}-01-20T21:00:00Z")
        show = Show(title, year, self._ids("show", ids, title, year), runtime, start, overview)
        self.shows.append(show)
        self._index(show)
        self._seasons[show.ids["trakt"]] = {}
        self._episodes[show.ids["trakt"]] = {}
        so_far = 0
        for number, titles in sorted(seasons.items()):
            names = [f"Episode {n}" for n in range(1, titles + 1)] if isinstance(titles, int) else titles
            before = so_far if absolute and number else None
            self._add_season(show, number, names, before, episode_ids=episode_ids or {}, runtimes=runtimes or {})
            so_far += len(names) if number else 0
        return show

    def _add_season(
        self, show: Show, number: int, titles: Sequence[str], absolute: int | None, *,
        episode_ids: Mapping[tuple[int, int], Mapping[str, Any]], runtimes: Mapping[tuple[int, int], int],
    ) -> None:  # fmt: skip
        season = Season(show, number, self._ids("season", None, "", None))
        self._seasons[show.ids["trakt"]][number] = season
        self._index(season)
        begin = show.released + max(number - 1, 0) * 364 * DAY
        for count, title in enumerate(titles, start=1):
            place = (number, count)
            ids = self._ids("episode", episode_ids.get(place), title, None)
            runtime = runtimes.get(place, show.runtime)
            aired = begin + (count - 1) * 7 * DAY + MINUTE
            of_all = None if absolute is None else absolute + count
            episode = Episode(show, number, count, title, ids, runtime, aired, of_all, f"What happens in {title}.")
            self._episodes[show.ids["trakt"]][place] = episode
            self._index(episode)

    def fill(self, movies: int = 0, shows: int = 0, *, seasons: int = 2, episodes: int = 10) -> None:
        """Add made-up movies and shows, for tests under load."""
        for number in range(1, movies + 1):
            self.add_movie(f"Movie Number {number}", 1950 + number % 75, runtime=80 + number % 70)
        for number in range(1, shows + 1):
            of_each = dict.fromkeys(range(1, seasons + 1), episodes)
            self.add_show(f"Show Number {number}", 1970 + number % 55, seasons=of_each, runtime=20 + number % 40)

    def movie(self, ref: object) -> Movie:
        """The movie with this Trakt id, slug or IMDb id; KeyError when there is none."""
        found = self.by_ref("movie", ref)
        if not isinstance(found, Movie):
            raise KeyError(ref)
        return found

    def show(self, ref: object) -> Show:
        """The show with this Trakt id, slug or IMDb id; KeyError when there is none."""
        found = self.by_ref("show", ref)
        if not isinstance(found, Show):
            raise KeyError(ref)
        return found

    def episode(self, ref: object, season: int, number: int) -> Episode:
        """The episode at this place of a show; KeyError when there is none."""
        return self._episodes[self.show(ref).ids["trakt"]][season, number]

    def seasons(self, show: Show) -> list[Season]:
        return list(self._seasons[show.ids["trakt"]].values())

    def episodes(self, show: Show, season: int | None = None) -> list[Episode]:
        found = self._episodes[show.ids["trakt"]].values()
        return [episode for episode in found if season is None or episode.season == season]

    def all_episodes(self) -> list[Episode]:
        return [episode for show in self.shows for episode in self.episodes(show)]

    def place(self, show: Show, season: object, number: object) -> Episode | None:
        """The episode at these numbers, which may come as text."""
        try:
            return self._episodes[show.ids["trakt"]].get((int(str(season)), int(str(number))))
        except ValueError:
            return None

    def absolute(self, show: Show, number: object) -> Episode | None:
        return next((item for item in self.episodes(show) if str(item.number_abs) == str(number)), None)

    def by_id(self, kind: str, name: str, value: object) -> Item | None:
        return self._by_id.get((kind, name, str(value).lower()))

    def by_ref(self, kind: str, ref: object) -> Item | None:
        """By what may stand in a path: Trakt id, slug or IMDb id."""
        found = (self.by_id(kind, name, ref) for name in ("trakt", "slug", "imdb"))
        return next((item for item in found if item is not None), None)

    def by_title(self, kind: str, title: object, year: object) -> Item | None:
        """By exact title (letter case aside) and year; a year at the end of the title counts as one."""
        if not isinstance(title, str):
            return None
        text, when = title, str(year) if year else ""
        if not when and (match := _TRAILING_YEAR.match(title)):
            text, when = match[1], match[2]
        return self._by_title.get((kind, text.casefold(), int(when) if when.isdigit() else None))

    def _index(self, item: Item) -> None:
        for name in _ID_NAMES[item.kind]:
            if item.ids.get(name):
                self._by_id[item.kind, name, str(item.ids[name]).lower()] = item
        if isinstance(item, Movie | Show):
            for year in (item.year, None):
                self._by_title.setdefault((item.kind, item.title.casefold(), year), item)

    def _ids(self, kind: str, given: Mapping[str, Any] | None, title: str, year: int | None) -> Ids:
        self._made += 1
        words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or f"{kind}-{self._made}"
        slug = f"{words}-{year}" if kind == "movie" and year else words
        slug = f"{slug}-{self._made}" if self.by_id(kind, "slug", slug) else slug
        made = {
            "trakt": 2_000_000 + self._made, "slug": slug, "imdb": f"tt9{self._made:07d}", "tmdb": 8_000_000 + self._made,
            "tvdb": 12_000_000 + self._made,
        }  # fmt: skip
        return {name: (given or {}).get(name, made[name]) for name in _ID_NAMES[kind]}
