"""Titles: the movies, shows and episodes one can find, told together from plays and Trakt's rows."""

from typing import Any

from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.rules import shapes
from watchd.rules.media import fold, merged, same_item

Title = Movie | Show | Episode
_NUMBERS = ("trakt", "tmdb", "tvdb", "anidb", "mal")
_TEXTS = ("slug", "imdb")


def kind_of(title: Title) -> str:
    return "show" if isinstance(title, Show) else str(title.type)


def titles_of(media: Media) -> list[Title]:
    """What a play of this media lets one find: a movie; an episode and its show. What has no name cannot be found."""
    found: list[Title] = [media] if isinstance(media, Movie) else [media, media.show]
    return [title for title in found if title.title]


def names(title: Title) -> list[tuple[str, str]]:
    """By what the same title is recognised: its ids, its name; an episode by its place in its show too."""
    own = [(name, str(value)) for name, value in title.ids.items()]
    if not isinstance(title, Episode):
        return [*own, ("title", fold(title.title))] if fold(title.title) else own
    places = [f"{title.season}|{title.number}"] if title.season is not None and title.number is not None else []
    if title.number_abs is not None:
        places.append(f"abs|{title.number_abs}")
    shows = [(name, str(value)) for name, value in title.show.ids.items()]
    if fold(title.show.title):
        shows.append(("title", fold(title.show.title)))
    return [*own, *((f"show.{name}", f"{value}|{place}") for name, value in shows for place in places)]


def same(one: Title, other: Title) -> bool:
    """Whether two descriptions of one kind mean the same title."""
    return same_item(_media(one), _media(other))


def joined(one: Title, other: Title) -> Title:
    """What both know of the same title; `one` wins where they differ."""
    both = merged(_media(one), _media(other))
    if isinstance(one, Show):
        return Show(both.title, both.year, both.ids) if isinstance(both, Movie) else one
    return both


def _media(title: Title) -> Media:
    """A show is compared and completed as a movie is: by ids, name and year."""
    return Movie(title.title, title.year, title.ids) if isinstance(title, Show) else title


def objects(title: Title) -> dict[str, object]:
    """A title as Trakt writes it within a row."""
    return {"show": shapes.show(title)} if isinstance(title, Show) else shapes.item(title)


def title_in(row: dict[str, Any], kind: str) -> Title | None:
    """The title of that kind in a row; None when it is not there or has no name."""
    told = row.get(kind)
    if not isinstance(told, dict) or not isinstance(name := told.get("title"), str) or not name:
        return None
    if kind == "movie":
        return Movie(name, _whole(told.get("year")), _ids(told))
    if kind == "show":
        return Show(name, _whole(told.get("year")), _ids(told))
    show = title_in(row, "show")
    return Episode(
        show=show if isinstance(show, Show) else Show(),
        season=_whole(told.get("season")),
        number=_whole(told.get("number")),
        number_abs=_whole(told.get("number_abs")),
        title=name,
        ids=_ids(told),
    )


def _ids(told: dict[str, Any]) -> MediaIds:
    ids = told.get("ids")
    if not isinstance(ids, dict):
        return MediaIds()
    numbers: dict[str, int | None] = {name: _whole(ids.get(name)) for name in _NUMBERS}
    texts: dict[str, str | None] = {
        name: value if isinstance(value := ids.get(name), str) and value else None for name in _TEXTS
    }
    return MediaIds(**numbers, **texts)  # type: ignore[arg-type]


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
