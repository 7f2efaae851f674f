"""Ids that a media server knows and its list of sessions lacks: looked up once, and done without where that fails."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from watchd.clock import DAY, MINUTE, Clock
from watchd.errors import MalformedPayload, UpstreamError
from watchd.model.media import NO_IDS, Episode, MediaIds
from watchd.model.sessions import Session, Sessions

log = structlog.get_logger()

_AGAIN = 10 * MINUTE
_MOST = 2_000

Fetch = Callable[[Sequence[str], str | None], Awaitable[Mapping[str, MediaIds]]]


class KnownIds:
    """The ids of one server's items by its own keys; `fetch(keys, user)` asks it, `user` being one who may see them."""

    def __init__(self, clock: Clock, fetch: Fetch) -> None:
        self._clock = clock
        self._fetch = fetch
        self._known: dict[str, MediaIds] = {}
        self._good_until: dict[str, int] = {}

    async def added(self, sessions: Sessions) -> Sessions:
        """The sessions with whatever can be found of the ids they lack."""
        wanted = {key: session for session in sessions.playing for key in _lacking(session)}
        await self._look_up(wanted)
        return replace(sessions, playing=tuple(map(self._with_ids, sessions.playing)))

    async def _look_up(self, wanted: dict[str, Session]) -> None:
        now = self._clock.now()
        keys = [key for key in wanted if now >= self._good_until.get(key, 0)]
        if not keys:
            return
        if len(self._good_until) > _MOST:
            self._known.clear()
            self._good_until.clear()
        found: Mapping[str, MediaIds] = {}
        try:
            found = await self._fetch(keys, wanted[keys[0]].told.sender.user_id)
        except (UpstreamError, MalformedPayload) as error:
            log.info("watcher.no_ids", error=str(error))
        for key in keys:
            self._known[key] = found.get(key) or self._known.get(key, NO_IDS)
            self._good_until[key] = now + (DAY if found.get(key) else _AGAIN)

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
