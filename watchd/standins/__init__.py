"""A Trakt and a TMDB that listen on real ports: the judges of what the daemon sends, and the stage of its demo."""

from watchd.standins.accounts import HistoryRow, PlaybackRow, UserState, WatchingNow
from watchd.standins.catalogue import Catalogue
from watchd.standins.faults import Fault, FaultKind, FaultPlan, Seen
from watchd.standins.items import Episode, Movie, Show
from watchd.standins.switches import Switches
from watchd.standins.tmdb import TmdbStandIn
from watchd.standins.trakt import TraktStandIn
from watchd.standins.world import the_world

__all__ = [
    "Catalogue", "Episode", "Fault", "FaultKind", "FaultPlan", "HistoryRow", "Movie", "PlaybackRow", "Seen", "Show", "Switches",
    "TmdbStandIn", "TraktStandIn", "UserState", "WatchingNow", "the_world",
]  # fmt: skip
