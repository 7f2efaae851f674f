"""Which item it is: when two descriptions mean the same movie or episode, and what both together know.

Sources send disjoint ids (an episode's own, its show's, or a title alone): design 6, "Canonical media".
"""

import re
import unicodedata
from functools import lru_cache

from watchd.model.copies import replace
from watchd.model.media import Episode, Media, MediaIds, Movie, Show

_ASCII_NOISE = re.compile(r"[^a-z0-9]+")
_PLAIN_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
_SILENT = str.maketrans("", "", "'\u2019")


@lru_cache(maxsize=1024)
def fold(title: str | None) -> str:
    """A title without case, punctuation and accents, for comparing; marks stay where they are letters (Indic scripts)."""
    if not title:
        return ""
    if title.isascii():
        return _ASCII_NOISE.sub(" ", title.translate(_SILENT).replace("&", " and ").casefold()).strip()
    kept: list[str] = []
    plain = False
    for char in unicodedata.normalize("NFKD", title.translate(_SILENT).replace("&", " and ").casefold()):
        if unicodedata.combining(char) and plain:
            continue
        plain = unicodedata.name(char, "").startswith(_PLAIN_SCRIPTS)
        kept.append(char if unicodedata.category(char)[0] in "LNM" else " ")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def fold_key(media: Media) -> str:
    """The folded title with the numbers, without the year; empty when there is no title to go by."""
    if isinstance(media, Movie):
        return fold(media.title)
    title = fold(media.show.title)
    if not title:
        return ""
    if media.season is not None and media.number is not None:
        return f"{title}|{media.season}|{media.number}"
    return f"{title}|abs|{media.number_abs}" if media.number_abs is not None else ""


def conflicting(one: MediaIds, other: MediaIds) -> bool:
    """Whether the same kind of id has different values and none agrees."""
    known = dict(other.items())
    return not one.shares(other) and any(name in known for name, _ in one.items())


def _same_year(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def same_item(one: Media, other: Media) -> bool:
    """Any shared id of the same kind; else the folded title, year and numbers, unless the ids contradict."""
    if isinstance(one, Movie) and isinstance(other, Movie):
        if one.ids.shares(other.ids):
            return True
        same = bool(fold_key(one)) and fold_key(one) == fold_key(other) and _same_year(one.year, other.year)
        return same and not conflicting(one.ids, other.ids)
    if isinstance(one, Episode) and isinstance(other, Episode):
        if one.ids.shares(other.ids):
            return True
        numbered = (
            one.season is not None and one.number is not None and (one.season, one.number) == (other.season, other.number)
        ) or (one.number_abs is not None and one.number_abs == other.number_abs)
        if not numbered:
            return False
        if one.show.ids.shares(other.show.ids):
            return True
        same = bool(fold_key(one)) and fold(one.show.title) == fold(other.show.title)
        return same and _same_year(one.show.year, other.show.year) and not conflicting(one.show.ids, other.show.ids)
    return False


def merged(one: Media, other: Media) -> Media:
    """What both descriptions of the same item know together; `one` wins where they differ."""
    if isinstance(one, Movie) and isinstance(other, Movie):
        return Movie(
            title=one.title or other.title,
            year=one.year if one.year is not None else other.year,
            ids=one.ids.merged(other.ids),
            runtime=one.runtime or other.runtime,
        )
    if isinstance(one, Episode) and isinstance(other, Episode):
        gaps = {
            name: getattr(other, name)
            for name in ("season", "number", "number_abs", "title", "runtime")
            if getattr(one, name) is None
        }
        return replace(one, show=_merged_show(one.show, other.show), ids=one.ids.merged(other.ids), **gaps)
    raise TypeError("a movie and an episode are never one item")


def _merged_show(one: Show, other: Show) -> Show:
    return Show(
        title=one.title or other.title,
        year=one.year if one.year is not None else other.year,
        ids=one.ids.merged(other.ids),
    )


def follows(earlier: Media, later: Media) -> bool:
    """Whether `later` is the next episode of the same show: what plays on by itself when the first has ended."""
    if not (isinstance(earlier, Episode) and isinstance(later, Episode)):
        return False
    known = fold(earlier.show.title)
    same_show = earlier.show.ids.shares(later.show.ids) or (bool(known) and known == fold(later.show.title))
    if not same_show or None in (earlier.season, earlier.number, later.season, later.number):
        return False
    if later.season == earlier.season:
        return later.number == (earlier.number or 0) + 1
    return later.season == (earlier.season or 0) + 1 and later.number in (0, 1)
