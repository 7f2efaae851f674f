"""Movies, shows and episodes as Trakt writes them, with the ids we know and null for those we do not."""

from watchd.model.media import Episode, Media, MediaIds, Movie, Show

_MOVIE = ("trakt", "slug", "imdb", "tmdb")
_SHOW = ("trakt", "slug", "tvdb", "imdb", "tmdb")
_EPISODE = ("trakt", "tvdb", "imdb", "tmdb")

Json = dict[str, object]


def item(media: Media) -> Json:
    """The members `movie`, or `episode` and `show`."""
    if isinstance(media, Movie):
        return {"movie": movie(media)}
    return {"episode": episode(media), "show": show(media.show)}


def movie(media: Movie) -> Json:
    return {"title": media.title, "year": media.year, "ids": _ids(media.ids, _MOVIE)}


def show(told: Show) -> Json:
    return {"title": told.title, "year": told.year, "ids": _ids(told.ids, _SHOW)}


def episode(media: Episode) -> Json:
    told: Json = {"season": media.season, "number": media.number, "title": media.title}
    if media.number_abs is not None:
        told["number_abs"] = media.number_abs
    return told | {"ids": _ids(media.ids, _EPISODE)}


def _ids(ids: MediaIds, names: tuple[str, ...]) -> Json:
    known = dict(ids.askable())
    return {name: known.get(name) for name in (*names, *(other for other in known if other not in names))}
