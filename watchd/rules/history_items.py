"""What happened as it is shown: a viewing as Trakt writes it, with our own id, and Trakt's beside it; and ratings."""

from watchd.clock import iso
from watchd.model.media import Media
from watchd.model.personal import Tally, Viewing
from watchd.rules.shapes import Json, item


def history_item(viewing: Viewing) -> Json:
    """`id` is our stable number of the play."""
    return {
        "id": viewing.id,
        "trakt_id": viewing.trakt_id,
        "watched_at": iso(viewing.watched_at),
        "action": viewing.action,
        "type": str(viewing.media.type),
        **item(viewing.media),
    }


def watched_movie(tally: Tally) -> Json:
    return {
        "plays": tally.plays,
        "last_watched_at": iso(tally.last_watched_at),
        "last_updated_at": iso(tally.last_updated_at),
        **item(tally.media),
    }


def rated_item(media: Media, rating: float, rated_at: int) -> Json:
    """A rating given here."""
    return {
        "rated_at": iso(rated_at),
        "rating": at_trakt(rating),
        "type": str(media.type),
        **item(media),
    }


def at_trakt(rating: float) -> int:
    """A rating as Trakt takes it: from 1 to 10, halves rounded up."""
    return min(10, max(1, int(rating + 0.5)))
