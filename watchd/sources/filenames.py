"""Guessing from a file's name what it is: all that mpv, VLC and Kodi's bare files tell us."""

import re
from dataclasses import replace
from urllib.parse import unquote

from watchd.model.media import Episode, Media, Movie, Show
from watchd.rules.media import fold
from watchd.sources.release_names import Name, Numbered, dated, named_film, named_show, numbered, opened, title_of

_LONGEST = 800
_DEEPEST = 4
_VIDEO = (
    r"mkv|mp4|m4v|avi|mov|wmv|asf|flv|f4v|webm|og[vm]|mpe?g|mpe|m2v|m2?ts|ts|vob|ifo|iso|img|divx|xvid|rm|rmvb|3gp|wtv|strm"
    r"|m3u8|mpd"
)
_EXTENSION = re.compile(rf"\.(?:{_VIDEO})", re.IGNORECASE)
_FILE = re.compile(rf".*\S\.(?:{_VIDEO})", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(
    r".*\.(?:mp3|m4[ab]|flac|ogg|opus|wav|wma|aac|aiff?|ape|jpe?g|png|gif|webp|heic|bmp|tiff?|pdf|srt|sub|ass|nfo|txt)",
    re.IGNORECASE | re.DOTALL,
)
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://(?:[^/]*)(/.*)?", re.IGNORECASE | re.DOTALL)
_NEVER = frozenset({"plugin", "pvr", "addons", "script", "upnp", "rtsp", "rtmp", "udp", "rtp", "dvb", "cdda", "screen", "v4l2"})
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_SEASON = re.compile(
    r"(?:(?P<show>.*\S)[ ._-]+)?(?:season|series|staffel|saison|temporada|stagione|s)[ ._-]{0,3}(?P<season>\d{1,4})",
    re.IGNORECASE,
)
_SPECIALS = frozenset({"specials", "special", "season 0", "season 00"})
_LEADING = re.compile(r"(?:e|ep|episode|folge|#)?[ ._-]{0,2}(?P<number>\d{1,3})(?![a-z0-9])", re.IGNORECASE)
_EXTRA = re.compile(
    r"(?:.*[-. _])?(?:trailer|teaser|sample|featurette|behindthescenes|deleted|deletedscene|interview|scene|short|extra)s?\d*",
    re.IGNORECASE,
)
_EXTRAS = frozenset(
    {
        "trailers",
        "extras",
        "featurettes",
        "sample",
        "samples",
        "behind the scenes",
        "deleted scenes",
        "interviews",
        "scenes",
        "shorts",
    }
)
_NAMELESS = frozenset({"movie", "film", "video", "main", "index", "bdmv", "stream", "video ts"})


def guess(name: str) -> Media | None:
    """The movie or episode a name, a path (of either kind of slashes) or a URL speaks of; None when it does not.

    A film needs its year or a release's tags: what has neither may be anything. An episode without a season, as anime has,
    carries its number as `number_abs`.
    """
    parts = _parts(name)
    if not parts or _OTHER.fullmatch(parts[-1]):
        return None
    *folders, last = parts
    stem = last[: len(last) - len(found[0])] if (found := _extension(last)) else last
    if _EXTRA.fullmatch(stem) or any(folder.lower() in _EXTRAS for folder in folders[-1:]):
        return None
    file = opened(stem)
    place = numbered(file) or _of_season(file, folders)
    if place is not None:
        return _episode(file, place, folders)
    return _film(file, folders)


def completed(stated: Episode, found: Media | None) -> Episode:
    """An episode with what its file's name adds: all the numbers, or the last one where the file holds several."""
    if not isinstance(found, Episode):
        return stated
    if stated.season is None or stated.number is None:
        return replace(
            stated,
            show=Show(
                title=stated.show.title or found.show.title,
                year=stated.show.year or found.show.year,
                ids=stated.show.ids.merged(found.show.ids),
            ),
            season=found.season,
            number=found.number,
            number_end=found.number_end,
            number_abs=found.number_abs,
        )
    same = (found.season, found.number) == (stated.season, stated.number)
    return replace(stated, number_end=stated.number_end or found.number_end) if same else stated


def is_file_name(title: str) -> bool:
    """Whether what is given as a title is rather the name of a file, a path or a URL."""
    if _FILE.fullmatch(title) or _URL.fullmatch(title):
        return True
    return " " not in title and title.count(".") > 2 and any(letter.isdigit() for letter in title)


def _extension(last: str) -> re.Match[str] | None:
    dot = last.rfind(".")
    return _EXTENSION.fullmatch(last, dot) if dot > 0 else None


def _parts(name: str) -> list[str]:
    """The folders and the file, without what names a machine, a user, a password or a query."""
    name = name[-_LONGEST:].strip() if "://" not in name[:40] else name[: 4 * _LONGEST].strip()
    if match := _URL.fullmatch(name):
        if match[1].lower() in _NEVER:
            return []
        name = re.split(r"[?#|]", match[2] or "", maxsplit=1)[0] if match[1].lower().startswith("http") else match[2] or ""
        name = unquote(name)
    elif _ESCAPED.search(name) and " " not in name:
        name = unquote(name)
    parts = [part for part in re.split(r"[\\/]+", name) if part.strip(" .")]
    return [part.strip() for part in parts[-_DEEPEST:]]


def _of_season(file: Name, folders: list[str]) -> Numbered | None:
    """A number at the front of a name, where the folder says of which season it is."""
    season = _season(folders[-1]) if folders else None
    match = _LEADING.match(file.words) if season is not None else None
    if match is None or season is None:
        return None
    number = int(match["number"])
    return Numbered(0, season, number % 100 if season and number // 100 == season else number)


def _season(folder: str) -> int | None:
    if folder.strip().lower() in _SPECIALS:
        return 0
    match = _SEASON.fullmatch(folder.strip())
    return int(match["season"]) if match else None


def _episode(file: Name, place: Numbered, folders: list[str]) -> Episode | None:
    title, year = named_show(file.words[: place.start])
    above = [show for folder in reversed(folders) if (show := _show(folder)) is not None]
    if title is None:
        show = above[0] if above else None
    else:
        show = Show(title, year)
        alike = next((folder for folder in above if fold(folder.title) == fold(title)), None)
        if alike is not None:
            show = replace(alike, title=title, year=year or alike.year)
    if show is None or show.title is None:
        return None
    return Episode(
        show=replace(show, ids=show.ids.merged(file.ids)),
        season=place.season,
        number=place.number,
        number_end=place.number_end,
        number_abs=place.absolute,
    )


def _show(folder: str) -> Show | None:
    """The show a folder is named for; None for a season's own folder."""
    name = opened(folder)
    match = _SEASON.fullmatch(name.words)
    if folder.strip().lower() in _SPECIALS or (match and not match["show"]):
        return None
    title, year = named_show(match["show"] if match else name.words)
    return Show(title, year, name.ids) if title else None


def _film(file: Name, folders: list[str]) -> Movie | None:
    title, year = (None, None) if dated(file) else named_film(file)
    named = [folder for folder in folders if fold(folder) not in _NAMELESS]
    above = opened(named[-1]) if named else Name("")
    over, since = named_film(above)
    if title is None and over is not None and since is not None and _speaks_of(file, over):
        title, year = over, since
    if title is None or fold(title) in _NAMELESS:
        return Movie(title_of(file.words), ids=file.ids) if file.ids else None
    same = fold(over) == fold(title)
    return Movie(title, year or (since if same else None), file.ids.merged(above.ids) if same else file.ids)


def _speaks_of(file: Name, title: str) -> bool:
    """Whether a name adds nothing to the title of the folder it lies in: a disc's own names, the title over again."""
    words = fold(file.words)
    return words in _NAMELESS or words.isdecimal() or words == fold(title) or words.startswith(f"{fold(title)} ")
