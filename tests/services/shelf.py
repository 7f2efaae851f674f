"""A library with plays and sections put there by hand."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watchd.clock import DAY, ManualClock
from watchd.model.library import LibraryRow, Section
from watchd.model.media import NO_IDS, Episode, Media, MediaIds, Movie, Show
from watchd.model.personal import Ask, Flowing, Ready
from watchd.model.playback import Origin, Play, PlayState
from watchd.services.library import Library
from watchd.store import accounts, library, medias, plays
from watchd.store.database import Database

ME = 1
HEAT = Movie("Heat", 1995, MediaIds(trakt=352, slug="heat-1995", imdb="tt0113277", tmdb=949), 10_200)
RAN = Movie("Ran", 1985, MediaIds(tmdb=11645), 9_600)
DARK = Show("Dark", 2017, MediaIds(trakt=113938, slug="dark", tvdb=334824, imdb="tt5753856", tmdb=70523))


def dark(season: int, number: int, show: Show = DARK, *, ids: MediaIds = NO_IDS) -> Episode:
    return Episode(show, season, number, title=f"Part {number}", ids=ids, runtime=3_000)


@dataclass(slots=True)
class Shelf:
    """What a test holds in its hands."""

    database: Database
    clock: ManualClock
    library: Library
    generations: dict[str, int] = field(default_factory=dict)

    async def watched(self, media: Media, at: int, origin: Origin = Origin.HOOK, trakt_id: int | None = None) -> int:
        """Put a play into the history and tell the library."""

        def work(connection: Any) -> int:
            media_id, full, _ = medias.resolve(connection, ME, media)
            play = Play(
                0, ME, media_id, full, PlayState.STOPPED, origin, "plex", "tv", at - 1, at, watched_at=at,
                ended_at=at, trakt_history_id=trakt_id,
            )  # fmt: skip
            return plays.insert(connection, play)

        play_id = await self.database.write(work)
        self.library.changed(ME)
        return play_id

    async def synced(self, name: str, *rows: Mapping[str, Any], at: int = DAY) -> None:
        """Show a new generation of a section and tell the library."""
        generation = self.generations[name] = self.generations.get(name, 0) + 1

        def work(connection: Any) -> None:
            made = [LibraryRow(_kind(row), json.dumps(row), *_known(row)) for row in rows]
            library.append(connection, ME, name, generation, 0, made)
            library.keep(connection, ME, Section(name, generation, len(rows), synced_at=at))

        await self.database.write(work)
        self.library.changed(ME)

    async def execute(self, sql: str, *values: object) -> None:
        await self.database.write(lambda connection: connection.execute(sql, values))
        self.library.changed(ME)

    async def ready(self, endpoint: str, **how: Any) -> Ready:
        found = await self.library.find(ME, Ask(endpoint, **how))
        assert isinstance(found, Ready)
        return found

    async def told(self, endpoint: str, **how: Any) -> Any:
        """The document, decoded."""
        return json.loads((await self.ready(endpoint, **how)).body)

    async def flowing(self, endpoint: str, **how: Any) -> Flowing:
        found = await self.library.find(ME, Ask(endpoint, **how))
        assert isinstance(found, Flowing)
        return found


def _kind(row: Mapping[str, Any]) -> str:
    return str(row.get("type") or next((kind for kind in ("episode", "movie", "show", "user") if kind in row), "list"))


def _known(row: Mapping[str, Any]) -> tuple[int | None, int | None, str | None, int | None]:
    thing = row.get(_kind(row), row)
    ids = thing.get("ids", {}) if isinstance(thing, dict) else {}
    return ids.get("trakt"), ids.get("tmdb"), thing.get("title"), thing.get("year")


@asynccontextmanager
async def a_shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    clock = ManualClock()
    async with Database.opened(tmp_path / "watchd.db") as database:
        await database.write(lambda connection: accounts.ensure(connection, accounts.ME, 0))
        yield Shelf(database, clock, Library(database, clock, {ME: "me", 2: "you"}.__getitem__))
