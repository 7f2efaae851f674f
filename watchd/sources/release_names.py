"""Understanding one name, of a file without its extension or of a folder: numbers, year, ids, and what is left as a title."""

import re
from dataclasses import dataclass

from watchd.model.media import NO_IDS, MediaIds
from watchd.sources.fields import text
from watchd.sources.ids import named_ids

_YEARS = range(1888, 2040)  # 2049 and 2067 are titles
_GROUP = re.compile(r"[\[\u3010][^\]\u3011]{1,40}[\]\u3011][ _.-]*")
_ID = re.compile(r"[\[{(](imdb|tmdb|tvdb)(?:id)?[-=: ](tt\d{5,12}|\d{1,12})[\]})]", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-_. ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)")
_CAMERA = re.compile(
    r"(?:img|vid|dsc[nf]?|dscf|gopr|g[hx]|mvi|mov|pxl|cimg|wp|screen ?shots?|screen ?recordings?|screencast|bildschirmaufnahme)"
    r"[ _-]?\d",
    re.IGNORECASE,
)
_SEASON_WORD = r"(?:season|series|staffel|saison|temporada|stagione)"
_EPISODE_WORD = r"(?:episode|folge|episodio|ep?)"
_MORE_E = r"(?P<more>(?:[ ._]?[-+&]?[ ._]?(?:s\d{1,4})?ep?\d{1,4}(?!\d)|-\d{1,4}(?![a-z0-9]))*)"
_MORE_X = r"(?P<more>(?:[ ._]?[-+&]?[ ._]?(?:\d{1,2})?x\d{2,3}(?![\da-z])|-\d{2,3}(?![a-z0-9]))*)"
_EPISODES = tuple(
    re.compile(rf"(?<![a-z0-9]){pattern}", re.IGNORECASE)
    for pattern in (
        rf"s(?P<season>\d{{1,4}})[ ._-]{{0,3}}ep?[ ._]?(?P<number>\d{{1,4}})(?!\d){_MORE_E}",
        rf"(?P<season>\d{{1,2}}|(?:19|20)\d\d(?=x\d\d(?!\d)))x(?P<number>\d{{2,3}})(?![\da-wyz]){_MORE_X}",
        rf"{_SEASON_WORD}[ .-]?(?P<season>\d{{1,4}})[ .,-]{{1,3}}{_EPISODE_WORD}[ .-]?(?P<number>\d{{1,4}})(?!\d)(?P<more>)",
        r"s(?P<season>\d{1,2}) - (?P<number>\d{2,3})(?:v\d)?(?![a-z0-9])(?P<more>)",
        r"(?P<season>\d)(?:st|nd|rd|th) season - (?P<number>\d{2,3})(?:v\d)?(?![a-z0-9])(?P<more>)",
    )
)
_MORE = re.compile(r"(\d{1,4})(?!\d|x)", re.IGNORECASE)
_SEASONS_OF_MORE = re.compile(r"s\d{1,4}(?=e)|\d{1,2}(?=x)", re.IGNORECASE)
_COUNTED = re.compile(
    r" - (?:e|ep|episode |#)?(?P<number>\d{2,4})(?:v\d)?(?= *$| *[\[(]| - )"
    r"|(?<=[ ])(?:e|ep|ep |episode |folge |#)(?P<alone>\d{1,4})(?:v\d)?(?![a-z0-9])"
    r"|(?<=\S)[ ]?\[(?P<braced>\d{2,3})(?:v\d)?\]",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\da-z])(?P<open>[(\[])?(?P<year>\d{4})(?P<close>[)\]])?(?![\da-z])", re.IGNORECASE)
_RELEASE = re.compile(
    r"(?<![a-z0-9])(?:\d{3,4}[pi]|[48]k|uhd|blu-?ray|b[dr]-?rip|bdremux|remux|web-?dl|web-?rip|web(?= [hx][ .]?26|$)|hdtv|pdtv"
    r"|dsr|dvd-?rip|dvd(?:scr|r|\d)?|hd-?rip|hdr(?:10)?|[xh][ .]?26[45]|hevc|avc|xvid|divx|av1|10bit|8bit|aac\d?|e?ac3|ddp?\d?"
    r"|dts(?:-hd)?|truehd|atmos)(?![a-z0-9])",
    re.IGNORECASE,
)
_YEAR_AT_END = re.compile(r"(.*\S)[ ]+[(\[]?(\d{4})[)\]]?")
_BEFORE, _AFTER = " -_.,+", " -_.,+[({"


@dataclass(frozen=True, slots=True)
class Numbered:
    """Where in a name its numbers stand, and what they are; `absolute` counts from the show's beginning."""

    start: int
    season: int | None = None
    number: int | None = None
    number_end: int | None = None
    absolute: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A name that is ready to be searched: words apart, without the ids and the group in brackets at its front."""

    words: str
    ids: MediaIds = NO_IDS
    group: bool = False


def opened(raw: str) -> Name:
    """A name with its words apart: dots and underscores stand for spaces where there are none."""
    ids = named_ids({match[1].lower(): match[2].lower() for match in _ID.finditer(raw)})
    plain = _ID.sub(" ", raw).strip()
    lead = _GROUP.match(plain)
    if lead is not None and lead.end() < len(plain):
        plain = plain[lead.end() :]
    plain = plain.replace("_", " ")
    if plain.count(" ") < plain.count("."):
        plain = plain.replace(".", " ")
    if " " not in plain.strip() and plain.count("-") > 1:
        plain = plain.replace("-", " ")
    return Name(" ".join(plain.split()), ids, lead is not None)


def numbered(name: Name) -> Numbered | None:
    """The season and episode a name carries, or the episode's number alone."""
    for pattern in _EPISODES:
        if match := pattern.search(name.words):
            number = int(match["number"])
            more = [int(found) for found in _MORE.findall(_SEASONS_OF_MORE.sub("", match["more"]))]
            end = max(more, default=number)
            return Numbered(match.start(), int(match["season"]), number, end if number < end <= number + 50 else None)
    match = _COUNTED.search(name.words)
    if match is None or dated(name):
        return None
    if not name.group and any(int(year["year"]) in _YEARS for year in _YEAR.finditer(name.words, match.end())):
        return None  # parts of a series of films are counted like that too
    number = int(match["number"] or match["alone"] or match["braced"])
    if number in _YEARS and not name.group:
        return None
    return Numbered(match.start(), absolute=number)


def dated(name: Name) -> bool:
    """Whether it carries a whole date, as daily shows and home videos do, or is a camera's name."""
    return _DATE.search(name.words) is not None or _CAMERA.match(name.words) is not None


def named_show(words: str) -> tuple[str | None, int | None]:
    """A show's title, and its year where that stands behind it."""
    words = words.rstrip(_AFTER)
    match = _YEAR_AT_END.fullmatch(words)
    if match is not None and int(match[2]) in _YEARS:
        return title_of(match[1]), int(match[2])
    return title_of(words), None


def named_film(name: Name) -> tuple[str | None, int | None]:
    """A film's title and year; without a year only what several tags mark as a release has a title."""
    tags = [tag for tag in _RELEASE.finditer(name.words) if tag.start()]
    tag = tags[0] if tags else None
    last = None
    for match in _YEAR.finditer(name.words):
        if int(match["year"]) not in _YEARS or not name.words[: match.start()].strip(_AFTER):
            continue
        braced = match["open"] is not None and match["close"] is not None
        if braced or tag is None or match.start() < tag.start():
            last = match
        if braced:
            break
    if last is not None:
        return title_of(name.words[: last.start()]), int(last["year"])
    return (title_of(name.words[: tag.start()]) if tag is not None and len(tags) > 1 else None), None


def title_of(words: str) -> str | None:
    """What is left as a title; None when there is neither a letter nor a digit in it."""
    words = words.lstrip(_BEFORE).rstrip(_AFTER)
    return text(words, "title") if any(letter.isalnum() for letter in words) else None
