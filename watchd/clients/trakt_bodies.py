"""How Trakt is told what was watched. Never a show alone: in the history that would add all its episodes."""

from typing import Any

from watchd.clock import SECOND, iso
from watchd.model.media import Episode, Media, MediaIds, Movie, Show

_MOVIE_IDS = ("trakt", "slug", "imdb", "tmdb")
_EPISODE_IDS = ("trakt", "tvdb")

Body = dict[str, Any]


def _ids(ids: MediaIds, names: tuple[str, ...] | None = None) -> Body:
    return {name: value for name, value in ids.askable() if names is None or name in names}


def _named(of: Movie | Show, ids: Body) -> Body | None:
    """Ids, title and year together, as far as known; None when neither ids nor title are."""
    told: Body = {"ids": ids} if ids else {}
    if of.title:
        told["title"] = of.title
        if of.year:
            told["year"] = of.year
    return told or None


def _numbered(media: Episode) -> bool:
    """Whether its numbers are Trakt's: anime sites count on through what Trakt splits into seasons."""
    counted_on = media.number_abs is not None and (media.show.ids.anidb is not None or media.show.ids.mal is not None)
    return media.season is not None and media.number is not None and not counted_on


def needs_lookup(media: Media) -> bool:
    """Whether only ids are known that Trakt does not take, so that a search by id must come first."""
    if isinstance(media, Movie) or (media.show.ids.askable() and _numbered(media)) or _ids(media.ids, _EPISODE_IDS):
        return False
    return media.ids.imdb is not None or media.ids.tmdb is not None


def scrobble_item(media: Media) -> Body | None:
    """The item of a scrobble or checkin, by the surest name there is; None when there is none."""
    if isinstance(media, Movie):
        named = _named(media, _ids(media.ids, _MOVIE_IDS))
        return {"movie": named} if named else None
    show = _named(media.show, _ids(media.show.ids))
    numbers: Body | None = None
    if _numbered(media):
        numbers = {"season": media.season, "number": media.number}
    elif media.number_abs is not None:
        numbers = {"number_abs": media.number_abs}
    own = _ids(media.ids, _EPISODE_IDS)
    if show and media.show.ids.askable() and _numbered(media):
        return {"show": show, "episode": numbers}
    if own:
        return {"episode": {"ids": own}}
    return {"show": show, "episode": numbers} if show and numbers else None


def history_item(media: Media, watched_at: int) -> Body | None:
    """The body of `/sync/history` for one play; None when the item must be looked up first."""
    return bulk_item(media, {"watched_at": iso(watched_at // SECOND * SECOND)})


def rating_item(media: Media, rating: float, rated_at: int) -> Body | None:
    """The body of `/sync/ratings` for one item: 1 to 10, halves rounded up; None when it must be looked up first."""
    return bulk_item(media, {"rating": min(10, max(1, int(rating + 0.5))), "rated_at": iso(rated_at // SECOND * SECOND)})


def bulk_item(media: Media, fields: Body) -> Body | None:
    """The body of a sync method for one item with its fields; an absolute number alone is of no use there."""
    item = scrobble_item(media)
    if item is None:
        return None
    if "movie" in item:
        return {"movies": [{**item["movie"], **fields}]}
    if "show" not in item:
        return {"episodes": [{**item["episode"], **fields}]}
    if "season" not in item["episode"]:
        return None
    season, number = item["episode"]["season"], item["episode"]["number"]
    return {"shows": [{**item["show"], "seasons": [{"number": season, "episodes": [{"number": number, **fields}]}]}]}
