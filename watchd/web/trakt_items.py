"""Movies, shows and episodes as Trakt writes them, with the ids we know and null for those we do not."""

from watchd.model.media import Episode, Media, MediaIds, Movie

SHARING = {"twitter": False, "mastodon": False, "tumblr": False}
_MOVIE = ("trakt", "slug", "imdb", "tmdb")
_SHOW = ("trakt", "slug", "tvdb", "imdb", "tmdb")
_EPISODE = ("trakt", "tvdb", "imdb", "tmdb")


def item(media: Media) -> dict[str, object]:
    """The members `movie`, or `episode` and `show`."""
    if isinstance(media, Movie):
        return {"movie": {"title": media.title, "year": media.year, "ids": _ids(media.ids, _MOVIE)}}
    return {"episode": _episode(media), "show": _show(media)}


def _episode(media: Episode) -> dict[str, object]:
    episode: dict[str, object] = {"season": media.season, "number": media.number, "title": media.title}
    if media.number_abs is not None:
        episode["number_abs"] = media.number_abs
    return episode | {"ids": _ids(media.ids, _EPISODE)}


def _show(media: Episode) -> dict[str, object]:
    return {"title": media.show.title, "year": media.show.year, "ids": _ids(media.show.ids, _SHOW)}


def _ids(ids: MediaIds, names: tuple[str, ...]) -> dict[str, object]:
    return dict.fromkeys(names) | dict(ids.askable())
