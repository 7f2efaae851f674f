"""How TMDB names and writes an item: its path in the API, and the body of its details."""

from typing import Any

from watchd.clock import iso
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


def seasons_row(item: Season, found: Images) -> dict[str, Any]:
    """A season as the details of its show tell of it."""
    poster = best(found["posters"], "en")
    row = {"id": item.ids["tmdb"], "name": f"Season {item.number}", "season_number": item.number}
    return {**row, "air_date": None, "episode_count": 10, "overview": "", "poster_path": poster, "vote_average": 8.0}


def _episode(item: Episode) -> dict[str, Any]:
    numbers = {"season_number": item.season, "episode_number": item.number, "show_id": item.show.ids["tmdb"]}
    return {
        **numbers,
        "name": item.title,
        "overview": item.overview,
        "air_date": iso(item.released)[:10],
        "runtime": item.runtime,
    }
