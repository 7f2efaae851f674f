"""The files of Trakt's own data export, made of what is kept here: every name it has, and its shape."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from watchd.clock import iso
from watchd.rules.derive import ordered, shows
from watchd.rules.history_items import at_trakt
from watchd.rules.rated import together
from watchd.rules.stats import Sums, stats
from watchd.services.export_rows import collected_shows, encode, item, shown, trakt_row
from watchd.services.packing import Pack
from watchd.store import accounts, exports, history, library, rated, shelves

_PLAIN = {
    "playback": "watched-playback",
    "watchlist": "lists-watchlist",
    "favorites": "lists-favorites",
    "lists": "lists-lists",
}
_RATED = ("movie", "show", "season", "episode")
_HIDDEN = {
    "calendar": ("calendar",),
    "progress-watched": ("progress_watched", "dropped"),
    "progress-watched-reset": ("progress_watched_reset",),
    "progress-collected": ("progress_collected",),
    "recommendations": ("recommendations",),
}
"""Where something is hidden, by the file that tells it: a dropped show has none of its own."""
NOTES = ("movies", "shows", "seasons", "episodes", "people", "activities", "collection_items", "ratings")


class TraktFiles:
    """One account's files. What is of other people, and its settings, is left out."""

    def __init__(self, pack: Pack, connection: sqlite3.Connection, account_id: int) -> None:
        self._pack = pack
        self._connection = connection
        self._account_id = account_id

    def write(self) -> None:
        """All of them; without anything in it a file is an empty list."""
        self._person()
        for name, kinds in _HIDDEN.items():
            self._pack.pages(f"hidden-{name}", self._hidden(kinds))
        for name in ("comments", "lists"):
            self._pack.pages(f"likes-{name}", self._bodies(f"likes_{name}"))
        for kind in (*_RATED, "list"):
            self._pack.pages(f"comments-{kind}s", self._bodies("comments", kind))
        for kind in NOTES:
            self._pack.pages(f"notes-{kind}", self._bodies("notes", kind))
        ratings = self._ratings()
        for kind in _RATED:
            self._pack.pages(f"ratings-{kind}s", ratings.get(kind, []))
        self._watched()
        self._pack.pages("collection-movies", self._bodies("collection_movies"))
        self._pack.pages("collection-shows", map(encode, collected_shows(self._bodies("collection_episodes"))))
        self._pack.pages("collection-episodes", self._bodies("collection_episodes"))
        for section, base in _PLAIN.items():
            self._pack.pages(base, self._bodies(section))
        self._lists()

    def _bodies(self, section: str, kind: str | None = None) -> Iterator[str]:
        found = exports.rows(self._connection, self._account_id, section)
        return (row.body for row in found if kind is None or row.type == kind)

    def _person(self) -> None:
        """Who it is, and the figures: those of plays as they are here."""
        account = accounts.get(self._connection, self._account_id)
        name = account.trakt_slug or account.name
        self._pack.one("user-profile", next(self._bodies("profile"), encode({"username": name, "ids": {"slug": name}})))
        sums = history.sums(self._connection, self._account_id)
        found = shows(history.tellings(self._connection, self._account_id))
        given = history.rated(self._connection, self._account_id)
        told = json.loads(next(self._bodies("stats"), "null"))
        self._pack.one(
            "user-stats", encode(stats(sums.get("movie", Sums()), sums.get("episode", Sums()), len(found), given, told))
        )

    def _hidden(self, kinds: tuple[str, ...]) -> Iterator[str]:
        """What is hidden in one of these places; what is hidden in two of them stands here once."""
        told = set[tuple[str, str]]()
        for kind in kinds:
            for body in self._bodies("hidden", kind):
                row = json.loads(body)
                of = str(row.get("type"))
                key = (of, encode([(row.get(name) or {}).get("ids") for name in (of, "show")]))
                if key not in told:
                    told.add(key)
                    yield body

    def _ratings(self) -> dict[str, list[str]]:
        """The rows by type: Trakt's own, and those given here that it cannot tell of."""
        read_at = shelves.standing(self._connection, self._account_id, ("ratings",)).synced_at
        ours = rated.untold(self._connection, self._account_id, 0 if read_at is None else read_at)
        told = [{"rated_at": iso(one.rated_at), "rating": at_trakt(one.rating), **item(one.media)} for one in ours]
        found: dict[str, list[str]] = {}
        for row in together(self._bodies("ratings"), told):
            found.setdefault(row.kind, []).append(row.text)
        return found

    def _watched(self) -> None:
        self._pack.pages("watched-movies", map(encode, self._movies()))
        self._pack.pages("watched-shows", map(encode, self._shows()))
        told = (encode(trakt_row(play)) for play in exports.plays(self._connection, self._account_id, "newest"))
        self._pack.pages("watched-history", told, numbered=True)

    def _movies(self) -> Iterator[dict[str, Any]]:
        for one in history.movies(self._connection, self._account_id):
            yield {**_counted(one.plays, one.last_watched_at, one.last_updated_at), "movie": item(one.media)["movie"]}

    def _shows(self) -> Iterator[dict[str, Any]]:
        rows = map(json.loads, self._bodies("watched_shows"))
        anew = {row["show"]["ids"].get("trakt"): row.get("reset_at") for row in rows if _names_a_show(row)}
        for one in ordered(shows(history.tellings(self._connection, self._account_id)), "newest"):
            head = _counted(one.plays, one.last_watched_at, one.last_updated_at)
            trakt = one.show.ids.trakt
            yield {**head, "reset_at": None if trakt is None else anew.get(trakt), "show": shown(one.show)}

    def _lists(self) -> None:
        """The lists' items, each under the number and the slug of its list."""
        rows = list(exports.rows(self._connection, self._account_id, "lists"))
        slugs = {str(row.trakt_id): (json.loads(row.body).get("ids") or {}).get("slug") for row in rows}
        for section in library.sections(self._connection, self._account_id):
            kind, _, number = section.name.partition(":")
            if kind == "list" and number:
                base = f"lists-list-{number}-{slugs.get(number) or number}".replace("/", "-")
                self._pack.pages(base, self._bodies(section.name))


def _counted(plays: int, watched_at: int, updated_at: int) -> dict[str, Any]:
    return {"plays": plays, "last_watched_at": iso(watched_at), "last_updated_at": iso(updated_at)}


def _names_a_show(row: object) -> bool:
    show = row.get("show") if isinstance(row, dict) else None
    return isinstance(show, dict) and isinstance(show.get("ids"), dict)
