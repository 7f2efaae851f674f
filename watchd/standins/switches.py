"""How the stand-in for Trakt behaves where the real one changed, is undocumented, or is set per test."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Switches:
    """The defaults are Trakt's as of November 2026, as far as they are known; times in seconds."""

    token_lifetime: int = 604_800
    refresh_grace: float = 0.0
    """For so long a refresh token that was already used still answers, with another new pair."""
    refresh_kills_access: bool = False
    """Whether a refresh ends the access token that came with the used refresh token."""
    device_lifetime: int = 600
    device_interval: int = 5

    require_user_agent: bool = True
    strict_episode_ids: bool = False
    """Find episodes by trakt and tvdb ids alone, as the contract has it."""
    private_history_is_empty: bool = False
    """The history of a private user is an empty list, not a 401."""

    pause_clears_watching: bool = True
    conflict_window: float | None = None
    """How long after a scrobble a stop for the same item is a conflict; None: the item's runtime."""
    conflict_clears_watching: bool = True
    watching_started_at_stale: bool = False
    """A resumed item keeps the `started_at` of its first start."""

    read_lag: float = 0.0
    """Reads of history and playback show the state of so long ago."""
    removal_touches_activities: bool = False
    minute_truncation: bool = True
    flavour: Literal["old", "new"] = "new"
    page_default: int = 100
    page_max: int = 250
    search_page_default: int = 50

    rate_limits: bool = True
    post_limit: int = 1
    post_period: int = 1
    get_limit: int = 500
    get_period: int = 300

    history_post_status: int = 201
    checkin_status: int = 201
