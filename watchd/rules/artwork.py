"""Which of the pictures on offer is shown."""

import math
from collections.abc import Iterable

from watchd.model.pictures import Picture
from watchd.model.watching import Artwork


def _merit(picture: Picture) -> tuple[float, int]:
    """Votes weigh more the more there are; a single ten does not win."""
    return (picture.vote_average * math.log1p(max(picture.vote_count, 0)), picture.width)


def _best(pictures: Iterable[Picture], languages: tuple[str | None, ...]) -> Picture | None:
    """The most merited picture in the first of the languages that has any; the first given wins a draw."""
    offered = list(pictures)
    for language in languages:
        fitting = [picture for picture in offered if picture.language == language]
        if fitting:
            return max(fitting, key=_merit)
    return None


def best_backdrop(pictures: Iterable[Picture], language: str = "en") -> Picture | None:
    """A backdrop, better without text than with it; also for stills."""
    return _best(pictures, (None, language))


def best_poster(pictures: Iterable[Picture], language: str = "en") -> Picture | None:
    """A poster, better in the language of the reader than without a title."""
    return _best(pictures, (language, None))


def picture_url(base: str, size: str, picture: Picture) -> str:
    return f"{base.rstrip('/')}/{size}{picture.file_path}"


def artwork(base: str, backdrop: Picture | None, poster: Picture | None) -> Artwork:
    """The absolute URLs of a card: one backdrop in three widths, and the poster."""
    sizes = ("w1280", "w780", "w300")
    large, medium, small = [picture_url(base, size, backdrop) if backdrop else None for size in sizes]
    return Artwork(large, medium, small, picture_url(base, "w500", poster) if poster else None)


def still_artwork(base: str, still: Picture, poster: Picture | None) -> Artwork:
    """An episode's still in place of a backdrop; TMDB offers it small and whole, and nothing between."""
    whole, small = picture_url(base, "original", still), picture_url(base, "w300", still)
    return Artwork(whole, whole, small, picture_url(base, "w500", poster) if poster else None)
