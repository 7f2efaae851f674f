"""Finding: search, pictures and episodes of the library, wired."""

from collections.abc import Callable
from dataclasses import dataclass

import anyio

from watchd.clients.tmdb import TmdbClient
from watchd.clock import Clock
from watchd.rules.redirects import Redirects
from watchd.services.aired import Airing
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
    """What looks after the search index, the pictures and what TMDB tells of episodes.

    Without `at_tmdb` there is nobody to ask for pictures and episodes, and nobody goes through the library for them.
    """

    indexer: Indexer
    searching: Searching
    pictures: Pictures
    survey: Survey
    airing: Airing
    redirects: Redirects
    at_tmdb: bool

    async def run(self) -> None:
        """Run all of it; never returns."""
        async with anyio.create_task_group() as tasks:
            for part in (self.indexer, *((self.pictures, self.survey, self.airing) if self.at_tmdb else ())):
                tasks.start_soon(part.run)

    def wake(self) -> None:
        """What is in the library may have changed."""
        self.indexer.wake()
        self.survey.wake()
        self.airing.wake()


def redirects_of(settings: Settings) -> Redirects:
    """How the addresses of pictures are made."""
    return Redirects(settings.images.redirect, settings.tmdb.image_url, settings.images.template or "")


def finding(
    settings: Settings,
    database: Database,
    clock: Clock,
    metrics: Metrics,
    *,
    tmdb: TmdbClient | None,
    called: Callable[[int], str],
    changed: Callable[[], None],
) -> Finding:
    """Wire them; without a TMDB client there are no pictures and nothing of episodes. `changed` is told of news of these."""
    pictures = Pictures(database, clock, tmdb, metrics, Album(), settings.tmdb.language)
    return Finding(
        Indexer(database, clock, metrics),
        Searching(database, called),
        pictures,
        Survey(database, clock, pictures),
        Airing(database, clock, tmdb, metrics, changed=changed),
        redirects_of(settings),
        at_tmdb=tmdb is not None,
    )
