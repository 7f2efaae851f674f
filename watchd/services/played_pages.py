"""Pages made of the plays: history, watched, progress and stats."""

import sqlite3
from collections.abc import Callable
from functools import partial

from watchd.clock import Clock
from watchd.model.personal import Ask, Seen, Viewing
from watchd.rules import derive
from watchd.rules.derive import Watched
from watchd.rules.history_items import history_item, watched_movie
from watchd.rules.personal import ENDPOINTS, NEWEST, OLDEST, PAIR
from watchd.rules.stats import Sums, stats
from watchd.services.aired_pages import Told, gathered, with_progress
from watchd.services.pages import Page, Pages, Reader, Rows, decoded, encoded, given
from watchd.store import found_shows, history, shelves
from watchd.store.database import Database
from watchd.store.history import Mark, Span
from watchd.store.shelves import Choice

_AT_ONCE = 1000
_EPISODES_AT_ONCE = 2000
_SHOWS_AT_ONCE = 100

Written = Callable[[sqlite3.Connection, list[tuple[Watched, list[Seen]]], Told], list[str]]
Noted = Callable[[Told, list[Watched]], str | None]


def _silent(_told: Told, _shows: list[Watched]) -> None:
    return None


class PlayedPages:
    """Each page is read by pieces, so that the store's reader is free for others in between."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def history(self, reader: Reader, ask: Ask) -> Pages:
        if ask.type is None:
            return {kind: await self._history(reader, ask, kind) for kind in PAIR}
        return await self._history(reader, ask, ask.type)

    async def _history(self, reader: Reader, ask: Ask, kind: str) -> Page:
        endpoint = ENDPOINTS["history"]
        span = Span(endpoint.types[kind][0], ask.start_at, ask.end_at)

        def work(connection: sqlite3.Connection) -> tuple[int, int | None]:
            return history.count(connection, reader.account_id, span), history.updated_at(connection, reader.account_id)

        total, updated_at = await self._database.read(work)
        return Page(endpoint.file.format(kind), self._viewings(reader, ask, span), total, updated_at)

    async def _viewings(self, reader: Reader, ask: Ask, span: Span) -> Rows:
        after: Mark | None = None
        offset, left = ask.offset, ask.limit
        while left > 0:
            limit = min(left, _AT_ONCE)
            some = partial(
                history.viewings,
                account_id=reader.account_id,
                span=span,
                oldest=ask.sort == OLDEST,
                after=after,
                offset=offset,
                limit=limit,
            )
            rows, after = await self._database.read(partial(_viewed, some))
            yield rows
            if len(rows) < limit:
                return
            offset, left = 0, left - limit

    async def watched(self, reader: Reader, ask: Ask) -> Pages:
        if ask.type is None:
            return {kind: await self._watched(reader, ask, kind) for kind in PAIR}
        return await self._watched(reader, ask, ask.type)

    async def _watched(self, reader: Reader, ask: Ask, kind: str) -> Page:
        if kind == "movies":
            return await self._movies(reader, ask)
        return await self._shows(reader, ask, "watched", _with_seasons)

    async def progress(self, reader: Reader, ask: Ask) -> Pages:
        return await self._shows(reader, ask, "progress", with_progress, Told.note)

    async def _movies(self, reader: Reader, ask: Ask) -> Page:
        def work(connection: sqlite3.Connection) -> tuple[int, int | None]:
            return history.count_movies(connection, reader.account_id), history.updated_at(connection, reader.account_id)

        total, updated_at = await self._database.read(work)
        return Page("user/watched/movies.json", self._tallies(reader, ask), total, updated_at)

    async def _tallies(self, reader: Reader, ask: Ask) -> Rows:
        def work(connection: sqlite3.Connection) -> list[str]:
            sort = ask.sort or NEWEST
            found = history.movies(connection, reader.account_id, sort, offset=ask.offset, limit=ask.limit)
            return [encoded(watched_movie(row)) for row in found]

        yield await self._database.read(work)

    async def _shows(self, reader: Reader, ask: Ask, name: str, written: Written, note: Noted = _silent) -> Page:
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> tuple[list[Watched], Told, int | None]:
            by_row = found_shows.of_account(connection, reader.account_id)
            return (
                derive.ordered(derive.shows(history.tellings(connection, reader.account_id), by_row), ask.sort or NEWEST),
                gathered(connection, reader.account_id, now),
                history.updated_at(connection, reader.account_id),
            )

        found, told, updated_at = await self._database.read(work)
        page = found[ask.offset : ask.offset + ask.limit]
        rows = self._with_episodes(reader, page, told, written)
        return Page(f"user/{name}/shows.json", rows, len(found), updated_at, note(told, page))

    async def _with_episodes(self, reader: Reader, found: list[Watched], told: Told, written: Written) -> Rows:
        while found:
            few, size = list[Watched](), 0
            for one in found:
                size += len(one.media_ids)
                if few and (size > _EPISODES_AT_ONCE or len(few) == _SHOWS_AT_ONCE):
                    break
                few.append(one)
            found = found[len(few) :]
            yield await self._database.read(partial(_some, account_id=reader.account_id, few=few, told=told, written=written))

    async def stats(self, reader: Reader, _ask: Ask) -> Pages:
        def work(connection: sqlite3.Connection) -> tuple[str, int | None]:
            sums = history.sums(connection, reader.account_id)
            number = len(derive.shows(history.tellings(connection, reader.account_id)))
            rated = history.rated(connection, reader.account_id)
            trakt = shelves.texts(connection, reader.account_id, Choice(("stats",)), limit=1)
            told = stats(sums.get("movie", Sums()), sums.get("episode", Sums()), number, rated, decoded(trakt))
            return encoded(told), history.updated_at(connection, reader.account_id)

        text, updated_at = await self._database.read(work)
        return Page(ENDPOINTS["stats"].file, given(text), 1, updated_at, one=True)


def _viewed(
    some: Callable[[sqlite3.Connection], list[Viewing]], connection: sqlite3.Connection
) -> tuple[list[str], Mark | None]:
    found = some(connection)
    last = (found[-1].watched_at, found[-1].id) if found else None
    return [encoded(history_item(row)) for row in found], last


def _some(connection: sqlite3.Connection, account_id: int, few: list[Watched], told: Told, written: Written) -> list[str]:
    """Some shows written out, with their episodes."""
    whose = {media_id: number for number, one in enumerate(few) for media_id in one.media_ids}
    episodes: list[tuple[Watched, list[Seen]]] = [(one, []) for one in few]
    for seen in history.seen(connection, account_id, list(whose)):
        episodes[whose[seen.media_id]][1].append(seen)
    return written(connection, episodes, told)


def _with_seasons(_connection: sqlite3.Connection, found: list[tuple[Watched, list[Seen]]], told: Told) -> list[str]:
    return [encoded(derive.watched_show(one, episodes, told.by_trakt(one))) for one, episodes in found]
