"""Trakt's data API, as far as relay, poller and lookups need it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from watchd.clients import trakt_items as items
from watchd.clients.limiter import Lane, Limiter
from watchd.clients.rest import Answer, RestClient
from watchd.clients.trakt_calls import BeforeSend, TraktCalls, odd, part, rows_of
from watchd.clients.trakt_items import TraktHistoryRow, TraktPlayback, TraktUser, TraktWatching
from watchd.clients.trakt_tokens import TokenKeeper
from watchd.clock import iso
from watchd.model.media import Episode, Media, MediaType, Movie, Show

_FULL = {"extended": "full"}
_SOLR = str.maketrans({char: f"\\{char}" for char in '\\+-&|!(){}[]^"~*?:/'})


class TraktClient:
    """One account at Trakt; without tokens, what Trakt shows to everybody.

    Each call waits for its turn in its lane. `before_send` of the writing calls is awaited after that wait and right before
    the bytes leave, each time they do: the place to write ahead, or to raise because the call has become pointless.
    """

    def __init__(self, rest: RestClient, client_id: str, tokens: TokenKeeper | None, limiter: Limiter) -> None:
        self._calls = TraktCalls(rest, client_id, tokens, limiter)

    @property
    def offset_ms(self) -> int | None:
        """Trakt's time less ours, by its last answer."""
        return self._calls.offset_ms

    async def watching(self, user: str = "me", lane: Lane = Lane.POLL) -> TraktWatching | None:
        """What the user watches; an answer that cannot be read is an error, never "nothing"."""
        answer = await self._calls.get(f"/users/{part(user)}/watching", "/users/{id}/watching", lane, _FULL)
        watching = items.watching(answer.data)
        if watching is None and answer.data is not None:
            raise odd()
        return watching

    async def scrobble(self, verb: str, body: object, lane: Lane, before_send: BeforeSend | None = None) -> Answer:
        """Tell of a start, pause or stop."""
        return await self._calls.write("POST", f"/scrobble/{verb}", lane, body, before_send)

    async def checkin(self, body: object, lane: Lane = Lane.LIVE, before_send: BeforeSend | None = None) -> Answer:
        return await self._calls.write("POST", "/checkin", lane, body, before_send)

    async def uncheckin(self, lane: Lane = Lane.LIVE_STOP, before_send: BeforeSend | None = None) -> Answer:
        return await self._calls.write("DELETE", "/checkin", lane, None, before_send, empty=True)

    async def add_history(self, body: object, lane: Lane = Lane.LATE, before_send: BeforeSend | None = None) -> Answer:
        return await self._calls.write("POST", "/sync/history", lane, body, before_send)

    async def add_ratings(self, body: object, lane: Lane = Lane.LATE, before_send: BeforeSend | None = None) -> Answer:
        """Rate items; what is rated already gets the new rating."""
        return await self._calls.write("POST", "/sync/ratings", lane, body, before_send)

    async def remove_history(self, ids: Iterable[int], lane: Lane = Lane.LATE, before_send: BeforeSend | None = None) -> Answer:
        """Remove single plays by their history ids."""
        return await self._calls.write("POST", "/sync/history/remove", lane, {"ids": list(ids)}, before_send)

    async def history(
        self, kind: MediaType, trakt_id: int, start_at: int, end_at: int, lane: Lane = Lane.LATE
    ) -> list[TraktHistoryRow]:
        """All plays of one item between two moments of Trakt's time; a row that cannot be read is not passed over."""
        span = {"start_at": iso(start_at), "end_at": iso(end_at)}
        told = await self._calls.pages(f"/sync/history/{kind}s/{trakt_id}", "/sync/history/{type}/{id}", lane, span)
        rows: dict[int, TraktHistoryRow] = {}
        for row in map(items.history_row, told):
            if row is None:
                raise odd()
            rows[row.id] = row
        return list(rows.values())

    async def recent_history(self, user: str = "me", limit: int = 5, lane: Lane = Lane.POLL) -> list[TraktHistoryRow]:
        """The newest plays."""
        path = f"/users/{part(user)}/history"
        answer = await self._calls.get(path, "/users/{id}/history", lane, {"limit": str(limit), **_FULL})
        return [row for row in map(items.history_row, rows_of(answer.data)) if row is not None]

    async def playback(self, limit: int = 5, lane: Lane = Lane.POLL) -> list[TraktPlayback]:
        """The newest kept positions."""
        answer = await self._calls.get("/sync/playback", "/sync/playback", lane, {"limit": str(limit), **_FULL})
        return [row for row in map(items.playback, rows_of(answer.data)) if row is not None]

    async def find(self, id_name: str, id_value: str | int, kind: MediaType, lane: Lane = Lane.LATE) -> Media | None:
        """The movie or episode that has this id; one number may stand for things of several types."""
        rows = await self._search_id(id_name, id_value, kind, lane)
        return next((media for row in rows if (media := items.media(row)) is not None), None)

    async def find_show(self, id_name: str, id_value: str | int, lane: Lane = Lane.LATE) -> Show | None:
        rows = await self._search_id(id_name, id_value, "show", lane)
        return items.show(rows[0].get("show")) if rows else None

    async def search_movies(self, title: str, year: int | None, lane: Lane = Lane.LATE) -> list[Movie]:
        """Movies of this title, the best match first."""
        return [items.movie(row.get("movie")) for row in await self._search("movie", title, year, lane)]

    async def search_shows(self, title: str, year: int | None, lane: Lane = Lane.LATE) -> list[Show]:
        """Shows of this title, the best match first."""
        return [items.show(row.get("show")) for row in await self._search("show", title, year, lane)]

    async def movie(self, movie_id: str | int, lane: Lane = Lane.LATE) -> Movie | None:
        data = await self._calls.one(f"/movies/{part(movie_id)}", "/movies/{id}", lane, _FULL)
        return items.movie(data) if data else None

    async def show(self, show_id: str | int, lane: Lane = Lane.LATE) -> Show | None:
        data = await self._calls.one(f"/shows/{part(show_id)}", "/shows/{id}", lane, _FULL)
        return items.show(data) if data else None

    async def episode(self, show_id: str | int, season: int, number: int, lane: Lane = Lane.LATE) -> Episode | None:
        """One episode by its numbers; of its show only the id is told."""
        path = f"/shows/{part(show_id)}/seasons/{season}/episodes/{number}"
        data = await self._calls.one(path, "/shows/{id}/seasons/{n}/episodes/{m}", lane, _FULL)
        return replace(items.episode(data), show=Show(ids=items.ids_of(show_id))) if data else None

    async def settings(self, lane: Lane = Lane.LIVE) -> TraktUser:
        """Whose tokens these are."""
        user = items.user((await self._calls.get("/users/settings", "/users/settings", lane)).data)
        if user is None:
            raise odd()
        return user

    async def _search_id(self, id_name: str, id_value: str | int, kind: str, lane: Lane) -> list[dict[str, Any]]:
        path = f"/search/{part(id_name)}/{part(id_value)}"
        answer = await self._calls.get(path, "/search/{id_type}/{id}", lane, {"type": kind, **_FULL})
        return _of_kind(kind, answer.data)

    async def _search(self, kind: str, title: str, year: int | None, lane: Lane) -> list[dict[str, Any]]:
        params = {"query": title.translate(_SOLR), "fields": "title", **_FULL}
        if year is not None:
            params["years"] = str(year)
        answer = await self._calls.get(f"/search/{kind}", "/search/{type}", lane, params)
        return _of_kind(kind, answer.data)


def _of_kind(kind: str, data: Any) -> list[dict[str, Any]]:
    return [row for row in rows_of(data) if isinstance(row, dict) and row.get("type", kind) == kind and row.get(kind)]
