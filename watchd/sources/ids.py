"""Reading ids: plain fields, `name://id` strings, and the guids of Plex's older agents."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from watchd.model.media import NO_IDS, MediaIds
from watchd.sources.fields import wrong

_NAMES = ("trakt", "slug", "imdb", "tmdb", "tvdb", "anidb", "mal")
_SITES = {name: name for name in _NAMES} | {
    "themoviedb": "tmdb",
    "thetvdb": "tvdb",
    "myanimelist": "mal",
}
_IMDB = re.compile(r"tt[0-9]{5,12}")
_NUMBER = re.compile(r"[0-9]{1,12}")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
_URI = re.compile(r"(imdb|tmdb|tvdb|anidb|mal)://([A-Za-z0-9]+)(?:\?.*)?", re.DOTALL)
_AGENT = re.compile(r"((?:[a-z0-9]+\.)*)([a-z0-9]+)://([^/?]+)(?:/([0-9]{1,6}))?(?:/([0-9]{1,6}))?(?:[/?].*)?", re.DOTALL)
_HAMA = re.compile(r"(imdb|tmdb|tvdb|anidb)([2-5]?)-([A-Za-z0-9]+)")
_AGENTS = {"imdb": "imdb", "themoviedb": "tmdb", "thetvdb": "tvdb", "thetvdbdvdorder": "tvdb", "myanimelist": "mal"}
_NUMBERED_ALIKE = frozenset({"thetvdb", "themoviedb"})
_COUNTED_THROUGH = frozenset({"anidb", "mal"})


@dataclass(frozen=True, slots=True)
class AgentGuid:
    """What an older agent's guid says: ids of a movie or of a *show*, and perhaps the episode's numbers.

    `trusted` tells whether these numbers are in the order of the site the id belongs to; `absolute` whether that site knows
    no seasons, so that a number within season 1 counts from the show's beginning.
    """

    ids: MediaIds
    season: int | None
    number: int | None
    trusted: bool
    absolute: bool = False


def imdb_id(value: object) -> str | None:
    """`tt` and digits, else None."""
    return value if isinstance(value, str) and _IMDB.fullmatch(value) else None


def number_id(value: object) -> int | None:
    """A positive number of at most twelve digits, also when written as text, else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and 0 < value < 10**12 else None


def read_ids(values: Mapping[str, object]) -> MediaIds:
    """Ids by name; values that cannot be ids are dropped, values of impossible types refused."""
    if not values:
        return NO_IDS
    for name in _NAMES:
        value = values.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (str, int))):
            raise wrong(f"ids.{name}")
    slug = values.get("slug")
    return MediaIds(
        trakt=number_id(values.get("trakt")),
        slug=slug if isinstance(slug, str) and _SLUG.fullmatch(slug) else None,
        imdb=imdb_id(values.get("imdb")),
        tmdb=number_id(values.get("tmdb")),
        tvdb=number_id(values.get("tvdb")),
        anidb=number_id(values.get("anidb")),
        mal=number_id(values.get("mal")),
    )


def named_ids(values: Mapping[str, object]) -> MediaIds:
    """Ids by whatever their sites are called, such as `tmdbId` or `TheTVDB`; names that mean nothing here are passed over.

    `unknown` is what Kodi's older scrapers say: only an id of IMDb can be told by its looks.
    """
    found: dict[str, object] = {}
    for name, value in values.items():
        site = _SITES.get(name.lower().removesuffix("id").rstrip("_"))
        if site is not None:
            found.setdefault(site, value.strip() if isinstance(value, str) else value)
    if not imdb_id(found.get("imdb")) and (legacy := imdb_id(values.get("unknown"))):
        found["imdb"] = legacy
    return read_ids(found)


def show_ids_among(values: Mapping[str, object]) -> MediaIds:
    """The ids that Kodi's library keeps with an episode and that are its show's: those named `tvshow.tmdb` and the like."""
    return named_ids({name.partition(".")[2]: value for name, value in values.items() if name.lower().startswith("tvshow.")})


def from_providers(values: Mapping[str, object]) -> MediaIds:
    """Ids as Jellyfin and Emby keep them, by provider, its name in any case; what is blank stands for nothing."""
    return named_ids({name: value for name, value in values.items() if not isinstance(value, str) or value.strip()})


def from_uris(entries: Iterable[object]) -> MediaIds:
    """The ids in a list of `imdb://tt0113277` strings, or of objects that carry one as `id`."""
    found: dict[str, object] = {}
    for entry in entries:
        uri = entry.get("id") if isinstance(entry, dict) else entry
        if uri is None:
            continue
        if not isinstance(uri, str):
            raise wrong("Guid")
        if match := _URI.fullmatch(uri.strip()):
            found.setdefault(match[1], match[2])
    return read_ids(found)


def from_agent(guid: str) -> AgentGuid | None:
    """What a guid of an older agent says; None for agents whose ids are of no use to us."""
    match = _AGENT.fullmatch(guid)
    if match is None:
        return None
    maker, agent, value, season, number = match.groups()
    order = ""
    if agent == "hama":
        parts = _HAMA.fullmatch(value)
        if parts is None:
            return None
        kind, order, value = parts.groups()
        trusted = not order and kind not in _COUNTED_THROUGH
    elif agent in _AGENTS and (maker or agent != "imdb" or season):  # a bare imdb://tt1 is an id of the item, no agent's
        kind, trusted = _AGENTS[agent], agent in _NUMBERED_ALIKE
    else:
        return None
    ids = read_ids({kind: value})
    if not ids:
        return None
    place = (int(season) if season else None, int(number) if number else None)
    return AgentGuid(ids, *place, trusted, absolute=kind in _COUNTED_THROUGH and not order)
