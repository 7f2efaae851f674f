"""Ids that a media server knows and its list of sessions lacks: looked up once, and done without where that fails."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from watchd.clock import Clock
from watchd.errors import MalformedPayload, UpstreamError
from watchd.model.media import NO_IDS, Episode, MediaIds
from watchd.model.sessions import Session, Sessions

log = structlog.get_logger()

_GOOD_FOR = 24 * 3600.0
_ASK_AGAIN = 600.0
_TRY_AGAIN = 60.0
_MOST = 2_000

Fetch = Callable[[Sequence[str], str | None], Awaitable[Mapping[str, MediaIds]]]


class KnownIds:
    """The ids of one server's items by its own keys; `fetch(keys, user)` asks it, `user` being one who may see them."""

    def __init__(self, clock: Clock, fetch: Fetch) -> None:
        self._clock = clock
        self._fetch = fetch
        self._known: dict[str, MediaIds] = {}
        self._good_until: dict[str, float] = {}

    async def added(self, sessions: Sessions) -> Sessions:
        """The sessions with whatever can be found of the ids they lack."""
        now = self._clock.monotonic()
        wanted: dict[str | None, dict[str, None]] = {}
        for session in sessions.playing:
            for key in _lacking(session):
                if now >= self._good_until.get(key, now):
                    wanted.setdefault(session.told.sender.user_id, {})[key] = None
        if len(self._good_until) > _MOST:
            self._known.clear()
            self._good_until.clear()
        for user, keys in wanted.items():
            await self._look_up(list(keys), user, now)
        return replace(sessions, playing=tuple(map(self._with_ids, sessions.playing)))

    async def _look_up(self, keys: list[str], user: str | None, now: float) -> None:
        found: Mapping[str, MediaIds] = {}
        pause = _ASK_AGAIN
        try:
            found = await self._fetch(keys, user)
        except (UpstreamError, MalformedPayload) as error:
            known = self._known.keys() >= set(keys)  # said once, though it is tried again and again
            (log.debug if known else log.info)("watcher.no_ids", error=str(error))
            pause = _TRY_AGAIN
        for key in keys:
            self._known[key] = found.get(key) or self._known.get(key, NO_IDS)
            self._good_until[key] = now + (_GOOD_FOR if found.get(key) else pause)

    def _with_ids(self, session: Session) -> Session:
        media = session.told.media
        own = media.ids.merged(self._known.get(session.item, NO_IDS))
        if isinstance(media, Episode):
            show = replace(media.show, ids=media.show.ids.merged(self._known.get(session.show or "", NO_IDS)))
            return replace(session, told=replace(session.told, media=replace(media, ids=own, show=show)))
        return replace(session, told=replace(session.told, media=replace(media, ids=own)))


def _lacking(session: Session) -> list[str]:
    media = session.told.media
    lacking = [] if media.ids or not session.item else [session.item]
    return [*lacking, session.show] if isinstance(media, Episode) and not media.show.ids and session.show else lacking
