"""When to ask Trakt next what is being watched (design 8, facts of Trakt's own polling advice)."""

from watchd.clock import SECOND
from watchd.model.watching import WatchState

WATCHING = 15 * SECOND
IDLE_MOST = 60 * SECOND
AFTER_RELAY = 2 * SECOND
LOCAL_LIVE = 5 * 60 * SECOND
LOCAL_PAUSED = 60 * SECOND
FAILED_MOST = 60 * SECOND
_MARGIN = SECOND


def next_poll(now: int, *, expires_at: int | None, idle_polls: int, failures: int, local: WatchState | None) -> int:
    """Milliseconds to wait: 15 s while Trakt shows something and once right at its expiry, growing to 60 s while it does not.

    A live play of ours (`local`) needs no poll but a slow check, less slow while it is paused; failures are asked again ever
    more slowly, within the time in which the state must be known to be unknown.
    """
    if failures:
        return min(WATCHING << min(failures - 1, 6), FAILED_MOST)
    if local is not None:
        return LOCAL_PAUSED if local is WatchState.PAUSED else LOCAL_LIVE
    if expires_at is not None and expires_at > now:
        return max(_MARGIN, min(WATCHING, expires_at - now + _MARGIN))
    return min(WATCHING + WATCHING * idle_polls // 4, IDLE_MOST)
