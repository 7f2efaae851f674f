"""Users: their profile, settings and statistics."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from watchd.clock import iso
from watchd.standins.accounts import UserState
from watchd.standins.core import Core, extended
from watchd.standins.items import Episode
from watchd.standins.replies import reply


@dataclass
class People:
    core: Core

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/users/settings", self.settings, allow_head=False),
            web.get("/users/{user}", self.profile, allow_head=False),
            web.get("/users/{user}/stats", self.stats, allow_head=False),
        ]

    async def profile(self, request: web.Request) -> web.Response:
        return reply(_profile(self.core.named(request), extended(request)))

    async def settings(self, request: web.Request) -> web.Response:
        user = self.core.owner(request)
        body = _profile(user, frozenset({"full", "vip"}))
        body["ids"] |= {"trakt": None, "uuid": user.uuid}
        account = {
            "timezone": user.timezone, "date_format": "dmy", "time_24hr": True, "cover_image": None, "token": None,
            "display_ads": None,
        }  # fmt: skip
        limits = {"list": {"count": 5, "item_count": 250}, "watchlist": {"item_count": 250}, "favorites": {"item_count": 100}}
        services = ("facebook", "twitter", "mastodon", "google", "tumblr", "medium", "slack", "apple", "dropbox", "microsoft")
        return reply(
            {
                "user": {**body, "dob": None},
                "account": account,
                "connections": dict.fromkeys(services, False),
                "sharing_text": {"watching": "I'm watching [item]", "watched": "I just watched [item]", "rated": None},
                "limits": limits,
                "permissions": {"commenting": True, "liking": True, "following": True},
            }
        )

    async def stats(self, request: web.Request) -> web.Response:
        user = self.core.named(request)
        rated = Counter(kind for kind, _ in user.ratings)
        marks = Counter(rating for rating, _, _ in user.ratings.values())
        shelf = user.shelf
        collected = Counter(entry.item.kind for entry in shelf.collection)
        remarks = Counter(one.item.kind for one in shelf.comments)
        movies = [row.item for row in user.history if not isinstance(row.item, Episode)]
        episodes = [row.item for row in user.history if isinstance(row.item, Episode)]
        odd = Counter(row.get("type") for row in user.ghost_plays)
        return reply(
            {
                "movies": {**_plays(movies, odd["movie"]), **_figures("movie", collected, rated, remarks)},
                "shows": {"watched": len({one.show.key for one in episodes}), **_figures("show", collected, rated, remarks)},
                "seasons": {"ratings": rated["season"], "comments": remarks["season"]},
                "episodes": {**_plays(episodes, odd["episode"]), **_figures("episode", collected, rated, remarks)},
                "network": {
                    "friends": len(shelf.followers.keys() & shelf.following.keys()),
                    "followers": len(shelf.followers),
                    "following": len(shelf.following),
                },
                "ratings": {"total": sum(marks.values()), "distribution": {str(n): marks[n] for n in range(1, 11)}},
            }
        )


def _figures(kind: str, collected: Counter[str], rated: Counter[str], remarks: Counter[str]) -> dict[str, int]:
    return {"collected": collected[kind], "ratings": rated[kind], "comments": remarks[kind]}


def _plays(items: list[Any], more: int) -> dict[str, int]:
    different = len({item.key for item in items})
    return {"plays": len(items) + more, "watched": different, "minutes": sum(item.runtime for item in items)}


def _profile(user: UserState, wanted: frozenset[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "username": user.slug, "private": user.private, "deleted": False, "name": user.name, "vip": user.vip, "vip_ep": False,
        "director": False, "ids": {"slug": user.slug},
    }  # fmt: skip
    if "full" in wanted:
        avatar = {"avatar": {"full": f"https://media.trakt.tv/images/users/avatars/large/{user.uuid[:10]}.webp"}}
        facts = {
            "joined_at": iso(user.joined_at),
            "location": None,
            "about": None,
            "gender": None,
            "age": None,
            "images": avatar,
        }
        body |= facts
    if "vip" in wanted:
        body |= {"vip_og": False, "vip_years": 0, "vip_cover_image": None}
    return body
