"""Finding: search and pictures of the library, wired."""

from collections.abc import Callable
from dataclasses import dataclass

import anyio

from watchd.clients.tmdb import TmdbClient
from watchd.clock import Clock
from watchd.rules.redirects import Redirects
from watchd.services.album import Album
from watchd.services.indexer import Indexer
from watchd.services.pictures import Pictures
from watchd.services.searching import Searching
from watchd.services.survey import Survey
from watchd.settings import Settings
from watchd.store.database import Database
from watchd.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Finding:
    """What looks after the search index and the pictures."""

    indexer: Indexer
    searching: Searching
    pictures: Pictures
    survey: Survey
    redirects: Redirects

    async def run(self) -> None:
        """Run all of it; never returns."""
        async with anyio.create_task_group() as tasks:
            for part in (self.indexer, self.pictures, self.survey):
                tasks.start_soon(part.run)

    def wake(self) -> None:
        """What is in the library may have changed."""
        self.indexer.wake()
        self.survey.wake()


def finding(
    settings: Settings,
    database: Database,
    clock: Clock,
    metrics: Metrics,
    *,
    tmdb: TmdbClient | None,
    called: Callable[[int], str],
) -> Finding:
    """Wire search and pictures; without a TMDB client there are none of these."""
    pictures = Pictures(database, clock, tmdb, metrics, Album(), settings.tmdb.language)
    return Finding(
        Indexer(database, clock, metrics),
        Searching(database, called),
        pictures,
        Survey(database, clock, pictures),
        Redirects(settings.images.redirect, settings.tmdb.image_url, settings.images.template or ""),
    )
