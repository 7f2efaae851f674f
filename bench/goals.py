"""The lines of the plan's table on speed and size: what is measured, and what is to come out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound for a ratio (or, where `unit` says so, for a figure by itself)."""

    limit: float
    at_least: bool
    of: str

    def met(self, ratio: float) -> bool:
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.limit:g}{self.of}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the report; `missing` says which part it waits for."""

    row: str
    about: str
    goal: Goal
    unit: str
    missing: str | None = None


def least(limit: float) -> Goal:
    return Goal(limit, at_least=True, of="")


def most(limit: float, of: str = " x") -> Goal:
    return Goal(limit, at_least=False, of=of)


WATCHING = Line("watching", "GET /api/watching", least(0.85), "requests/s")
DOCUMENTS = Line("documents", "personal documents, 30 KB to 400 KB", least(0.8), "requests/s")
UNCHANGED = Line("documents 304", "personal documents unchanged: 304 faster still", least(1.0), "requests/s")
SEARCH = Line("search", "search in 100,000 plays, each query new", least(0.1), "requests/s")
GROWTH = Line("search growth", "search in 100,000 plays against 10,000", most(1.3), "ms")
IMAGES = Line("images", "GET /api/images: the redirect to a picture", least(0.85), "requests/s")
HOOK_JSON = Line("hook json", "hook accepted durably, 16 at once, JSON", least(0.4), "hooks/s")
HOOK_MULTIPART = Line("hook multipart", "hook accepted durably, 16 at once, multipart", least(0.4), "hooks/s")
HANGING = Line("hook p99 hanging", "hook p99 with Trakt and TMDB hanging, against both fast", most(1.3), "ms")
SYNCING = Line("hook p99 syncing", "hook p99 during a first sync of 100,000 plays, against afterwards", most(3), "ms")
MEMORY = Line("memory", "memory, idle, 100,000 plays stored", most(1.7), "MB")
START = Line("start", "start to ready, 100,000 plays stored, against importing the six packages", most(2.5), "ms")
SYNC_NOTHING = Line("sync nothing changed", "requests of a sync, nothing changed", most(1, " request"), "requests")
SYNC_ONE = Line("sync one play", "requests of a sync, one new play", most(4, " requests"), "requests")
SYNC_FIRST = Line("sync first", "requests of a first sync, 100,000 plays, against the least number", most(1.05), "requests")

LINES = (
    WATCHING,
    Line("now", "GET /api/now", least(0.85), "requests/s", "the widget contract"),
    DOCUMENTS,
    UNCHANGED,
    HOOK_JSON,
    HOOK_MULTIPART,
    HANGING,
    SYNCING,
    SEARCH,
    GROWTH,
    IMAGES,
    Line("sse", "hook to SSE event at a client, p99", most(10, " ms"), "ms", "the event stream"),
    MEMORY,
    START,
    SYNC_NOTHING,
    SYNC_ONE,
    SYNC_FIRST,
)
