"""The pictures TMDB has of an item: which there are, in which languages, and how a request narrows them down."""

import hashlib
from collections.abc import Mapping
from typing import Any

from watchd.standins.items import Episode, Item, Season
from watchd.standins.picture import jpeg, png

SIZES = {
    "backdrop_sizes": ["w300", "w780", "w1280", "original"],
    "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
    "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
    "profile_sizes": ["w45", "w185", "h632", "original"],
    "still_sizes": ["w92", "w185", "w300", "original"],
}
_Spec = tuple[str | None, int, int, float, int]
_BACKDROPS: tuple[_Spec, ...] = (
    ("de", 1920, 1080, 10.0, 1),
    (None, 3840, 2160, 5.62, 41),
    ("en", 3840, 2160, 5.52, 12),
    (None, 1920, 1080, 5.38, 22),
    (None, 1280, 720, 5.18, 3),
)
_POSTERS: tuple[_Spec, ...] = (
    ("fr", 1000, 1500, 8.0, 1),
    ("en", 2000, 3000, 5.7, 60),
    (None, 2000, 3000, 5.5, 9),
    ("en", 1000, 1500, 5.3, 18),
    ("de", 1000, 1500, 5.2, 4),
)
_LOGOS: tuple[_Spec, ...] = (("en", 1200, 400, 5.4, 9), ("en", 800, 300, 5.2, 2))
_STILLS: tuple[_Spec, ...] = ((None, 1920, 1080, 6.1, 11), (None, 1280, 720, 5.2, 3), ("en", 1280, 720, 5.0, 1))

Images = dict[str, list[dict[str, Any]]]


def images(item: Item) -> Images:
    """All there are, best rated first."""
    if isinstance(item, Episode):
        return {"stills": _made(item, "still", _STILLS)}
    if isinstance(item, Season):
        return {"posters": _made(item, "poster", _POSTERS)}
    logos = _made(item, "logo", _LOGOS)
    logos[1]["file_path"] = logos[1]["file_path"].replace(".png", ".svg")
    return {"backdrops": _made(item, "backdrop", _BACKDROPS), "logos": logos, "posters": _made(item, "poster", _POSTERS)}


def narrowed(found: Images, query: Mapping[str, str]) -> Images:
    """What is left by `language`, widened by `include_image_language`; everything when neither is given."""
    language, include = query.get("language", ""), query.get("include_image_language", "")
    if not language and not include:
        return found
    wanted = {word.partition("-")[0] for word in (language, *include.split(",")) if word}
    return {kind: [one for one in of_kind if (one["iso_639_1"] or "null") in wanted] for kind, of_kind in found.items()}


def best(of_kind: list[dict[str, Any]], *languages: str | None) -> str | None:
    """The path of the best rated in the first of these languages that has any; else of the best rated at all."""
    for language in languages:
        for one in of_kind:
            if one["iso_639_1"] == language:
                return str(one["file_path"])
    return str(of_kind[0]["file_path"]) if of_kind else None


def drawn(path: str, width: int, height: int) -> tuple[bytes, str]:
    """The picture itself, much smaller than it claims to be, in a colour of its own; and its content type."""
    colour = tuple(hashlib.sha256(path.encode()).digest()[:3])
    scale = max(width, height) // 48
    size = (max(width // scale, 1), max(height // scale, 1))
    red, green, blue = colour
    if path.endswith(".svg"):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}"/>'
        return svg.encode(), "image/svg+xml"
    if path.endswith(".png"):
        return png(*size, (red, green, blue)), "image/png"
    return jpeg(*size, (red, green, blue)), "image/jpeg"


def _made(item: Item, kind: str, specs: tuple[_Spec, ...]) -> list[dict[str, Any]]:
    ending = "png" if kind == "logo" else "jpg"
    return [
        {
            "aspect_ratio": round(width / height, 3),
            "height": height,
            "iso_3166_1": None if language is None else language.upper().replace("EN", "US"),
            "iso_639_1": language,
            "file_path": f"/{_name(item, kind, number)}.{ending}",
            "vote_average": average,
            "vote_count": count,
            "width": width,
        }
        for number, (language, width, height, average, count) in enumerate(specs)
    ]


def _name(item: Item, kind: str, number: int) -> str:
    return hashlib.sha256(f"{item.kind} {item.ids['trakt']} {kind} {number}".encode()).hexdigest()[:27]
