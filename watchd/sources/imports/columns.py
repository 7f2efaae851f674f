"""The headings of a table: where each thing stands in it, under any of the names other programs give it."""

import re
from collections.abc import Mapping, Sequence

NOISE = re.compile(r"[^a-z0-9]+")
SITES = ("trakt", "imdb", "tmdb", "tvdb")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "type": ("type", "media_type", "mediatype", "title_type", "kind"),
    "title": ("title", "name", "movie_title", "movie", "movie_name", "original_title"),
    "show": ("show", "show_title", "show_name", "series", "series_title", "series_name", "tv_show", "tvshow", "tv_show_name"),
    "episode_title": ("episode_title", "episode_name"),
    "year": ("year", "release_year", "movie_year"),
    "show_year": ("show_year", "series_year"),
    "season": ("season", "season_number", "episode_season", "s_no"),
    "number": ("episode", "episode_number", "number", "ep_no"),
    "watched_at": (
        "watched_at", "watchedat", "watched_date", "watcheddate", "date_watched", "last_watched_at", "watched_on", "watched",
        "viewed_at", "view_date", "watch_date", "date_time", "datetime", "timestamp",
    ),
    "rating": ("rating", "your_rating", "rating10", "my_rating", "user_rating"),
    "rated_at": ("rated_at", "date_rated", "rated_on", "rating_date"),
    "date": ("date",),
    "action": ("action",),
    "history_id": ("history_id", "trakt_history_id"),
    "watched": ("is_watched",),
    "diary": ("letterboxd_uri",),
}  # fmt: skip
_LEADS = {
    "": ("", "movie_", "movie_ids_", "ids_"),
    "show": ("show_", "series_", "show_ids_"),
    "episode": ("episode_", "episode_ids_"),
}
_ALSO = {"imdb": "const"}

Columns = Mapping[str, int]


def columns_of(head: Sequence[str]) -> Columns:
    """Where each thing stands, by our name for it; of several headings for one thing the likeliest.

    A bare `date` is of the viewing; beside the ratings of Letterboxd it is when they were given.
    """
    headings = {NOISE.sub("_", text.strip().lower()).strip("_"): place for place, text in reversed(list(enumerate(head)))}
    found = {}
    for name, spellings in _NAMES.items():
        known = [spelling for spelling in spellings if spelling in headings]
        if known:
            found[name] = headings[known[0]]
    for lead, starts in _LEADS.items():
        for site in SITES:
            words = [f"{start}{site}{end}" for start in starts for end in ("", "_id", "id")]
            known = [word for word in (*words, _ALSO.get(site, "") if not lead else "") if word in headings]
            if known:
                found[f"{lead}.{site}"] = headings[known[0]]
    date = found.pop("date", None)
    if date is not None and not {"watched_at", "rated_at"} & found.keys():
        found["rated_at" if {"rating", "diary"} <= found.keys() else "watched_at"] = date
    return found


def can_name(columns: Columns) -> bool:
    """Whether a row could name an item."""
    return any(name in columns for name in ("title", "show")) or any("." in name for name in columns)
