"""How TMDB names and writes an item: its path in the API, and the body of its details."""

from collections.abc import Sequence
from typing import Any

from watchd.clock import DAY, iso
from watchd.standins.items import Episode, Item, Movie, Season, Show
from watchd.standins.tmdb_images import Images, best


def path_of(item: Item) -> str:
    """Where the item is found below the base of the API."""
    if isinstance(item, Movie):
        return f"/movie/{item.ids['tmdb']}"
    if isinstance(item, Show):
        return f"/tv/{item.ids['tmdb']}"
    if isinstance(item, Season):
        return f"/tv/{item.show.ids['tmdb']}/season/{item.number}"
    return f"/tv/{item.show.ids['tmdb']}/season/{item.season}/episode/{item.number}"


def details(item: Item, found: Images, language: str) -> dict[str, Any]:
    """The item with its default pictures: the best untagged backdrop, a poster of the language, any still."""
    body: dict[str, Any] = {"id": item.ids["tmdb"], "vote_average": 8.0, "vote_count": 900}
    if isinstance(item, Episode):
        return {**body, **_episode(item), "still_path": best(found["stills"])}
    poster = best(found["posters"], language.partition("-")[0], "en")
    if isinstance(item, Season):
        return {**body, "name": f"Season {item.number}", "season_number": item.number, "poster_path": poster}
    pictures = {"poster_path": poster, "backdrop_path": best(found["backdrops"], None)}
    day, common = iso(item.released)[:10], {**body, **pictures, "overview": item.overview, "original_language": "en"}
    if isinstance(item, Show):
        return {**common, "name": item.title, "original_name": item.title, "first_air_date": day}
    own = {"title": item.title, "original_title": item.title, "release_date": day, "runtime": item.runtime}
    return {**common, **own, "imdb_id": item.ids["imdb"]}


def of_show(episodes: Sequence[Episode], now: int) -> dict[str, Any]:
    """What the details of a show tell of its episodes: how many, the last that aired, the next that will.

    A show counts as ended when nothing is to come and nothing came for a year.
    """
    regular = [one for one in episodes if one.season > 0]
    aired = [one for one in regular if one.released <= now]
    coming = [one for one in regular if one.released > now]
    over = not coming and not any(one.released > now - 365 * DAY for one in aired)
    last = max(aired, key=lambda one: one.released, default=None)
    following = min(coming, key=lambda one: one.released, default=None)
    return {
        "in_production": not over,
        "status": "Ended" if over else "Returning Series",
        "last_air_date": None if last is None else _day(last),
        "last_episode_to_air": None if last is None else _told(last),
        "next_episode_to_air": None if following is None else _told(following),
        "number_of_episodes": len(regular),
        "number_of_seasons": len({one.season for one in regular}),
    }


def of_season(episodes: Sequence[Episode], stills: Sequence[str | None]) -> dict[str, Any]:
    """What the details of a season tell of its episodes, each with its picture."""
    first = min((_day(one) for one in episodes), default=None)
    told = [_told(one, still) | {"crew": [], "guest_stars": []} for one, still in zip(episodes, stills, strict=True)]
    return {"air_date": first, "episodes": told}


def seasons_row(item: Season, episodes: Sequence[Episode], found: Images) -> dict[str, Any]:
    """A season as the details of its show tell of it."""
    poster, first = best(found["posters"], "en"), min((_day(one) for one in episodes), default=None)
    row = {"id": item.ids["tmdb"], "name": f"Season {item.number}", "season_number": item.number, "air_date": first}
    return {**row, "episode_count": len(episodes), "overview": "", "poster_path": poster, "vote_average": 8.0}


def _told(item: Episode, still: str | None = None) -> dict[str, Any]:
    """An episode as it stands within a season or a show."""
    own = {"id": item.ids["tmdb"], "episode_type": "standard", "production_code": "", "still_path": still}
    return {**own, **_episode(item), "vote_average": 8.0, "vote_count": 90}


def _day(item: Episode) -> str:
    return iso(item.released)[:10]


def _episode(item: Episode) -> dict[str, Any]:
    numbers = {"season_number": item.season, "episode_number": item.number, "show_id": item.show.ids["tmdb"]}
    return {**numbers, "name": item.title, "overview": item.overview, "air_date": _day(item), "runtime": item.runtime}
