"""Data exports made by hand: small ones of every kind, and what somebody may do to them."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Members = dict[str, Any]

HEAT = {
    "title": "Heat",
    "year": 1995,
    "ids": {"trakt": 1, "slug": "heat-1995", "imdb": "tt0113277", "tmdb": 949, "plex": {"guid": None}},
}
ALIEN = {"title": "Alien", "year": 1979, "ids": {"trakt": 2, "slug": "alien-1979", "imdb": "tt0078748", "tmdb": 348}}
WIRE = {
    "title": "The Wire",
    "year": 2002,
    "ids": {"trakt": 2, "slug": "the-wire", "tvdb": 79126, "tmdb": 949},
    "aired_episodes": 60,
}
GHOST = {"title": None, "year": None, "ids": {"trakt": None, "slug": None, "imdb": None, "tmdb": None}}


def movie_play(number: int, at: str, of: Mapping[str, Any] = HEAT, action: str = "scrobble") -> dict[str, Any]:
    return {"id": number, "watched_at": at, "action": action, "type": "movie", "movie": of}


def episode_play(number: int, at: str, season: int, episode: int, action: str = "watch", **told: Any) -> dict[str, Any]:
    ids = {"trakt": 100 * season + episode, "imdb": "", "tvdb": None, "tmdb": 5000 + 100 * season + episode}
    of = {"title": None, "season": season, "number": episode, "ids": ids}
    return {"id": number, "watched_at": at, "action": action, "type": "episode", "episode": of, "show": WIRE, **told}


def hidden(kind: str, of: Mapping[str, Any]) -> dict[str, Any]:
    return {"hidden_at": "2021-01-01T10:00:00.000Z", "type": kind, kind: of}


def history() -> list[dict[str, Any]]:
    """Every kind of row: 8 of them are plays, one of those twice, one is a ghost, one of nothing known."""
    return [
        movie_play(14_081_679_492, "2026-01-02T20:15:00.000Z"),
        movie_play(11, "2020-05-01T19:00:00.000Z", action="checkin"),
        episode_play(12, "2019-03-01T00:00:00.000Z", 0, 1),
        episode_play(13, "1970-01-01T00:00:00.000Z", 1, 1),
        episode_play(14, "1970-01-01T00:00:00.000Z", 1, 1),
        episode_play(15, "2019-03-02T00:00:00.000Z", 1, 2),
        episode_play(16, "2019-03-02T00:00:00.000Z", 1, 3),
        movie_play(17, "2018-01-01T10:00:00.000Z", ALIEN),
        episode_play(16, "2019-03-02T00:00:00.000Z", 1, 3),
        movie_play(18, "2018-01-01T10:00:00.000Z", GHOST),
        {"id": 19, "watched_at": "2018-01-01T10:00:00.000Z", "action": "watch", "type": "person", "person": {}},
    ]


def export() -> Members:
    """A whole export, its history in pages whose numbers do not follow each other as texts."""
    rows = history()
    return {
        "user-profile": {"username": "me", "ids": {"slug": "me"}},
        "user-settings": {"user": {"email": "secret@example.com"}},
        "ratings-movies": [{"rated_at": "2020-01-01T10:00:01.000Z", "rating": 8, "type": "movie", "movie": HEAT}],
        "ratings-episodes-1": [{**episode_play(0, "", 1, 2), "rating": 9, "rated_at": "2020-01-01T10:00:02.000Z"}],
        "ratings-episodes-2": [],
        "watched-movies": [{"plays": 9, "movie": HEAT}],
        "watched-history-1": rows[:2],
        "watched-history-2": rows[2:6],
        "watched-history-10": rows[6:],
        "lists-watchlist": [
            {"rank": 1, "listed_at": "2020-01-01T10:00:00.000Z", "type": "movie", "movie": ALIEN, "my_rating": None}
        ],
        "lists-lists": [{"name": "Halloween", "ids": {"trakt": 77, "slug": "halloween-2019"}}],
        "lists-list-77-halloween-2019-1": [{"type": "movie", "movie": HEAT, "listed_at": "2020-01-01T10:00:00.000Z"}],
        "lists-list-77-halloween-2019-2": [
            {"type": "movie", "movie": ALIEN, "listed_at": "2020-01-01T10:00:00.000Z"},
            {"type": "odd"},
        ],
        "notes-movies": [],
        "_errors": [{"endpoint": "users/me/stats", "error": "HTTP 500"}],
    }


def a_zip(path: Path, members: Mapping[str, Any], **raw: bytes) -> Path:
    """A zip of JSON members; values that are bytes go in as they are, `raw` ones under their whole name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in members.items():
            body = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
            archive.writestr(name if "." in name else f"{name}.json", body)
        for name, body in raw.items():
            archive.writestr(name, body)
    return path
