"""Plays by an admin's hand: POST /api/plays, DELETE /api/plays/{id}."""

from aiohttp import web

from watchd.clock import Clock, parse_iso
from watchd.model.media_json import media_from
from watchd.services.deleting import NoSuchPlay
from watchd.web.answers import HttpError, answer, refusing
from watchd.web.body import arrive
from watchd.web.desk_ports import Handling
from watchd.web.ports import Doorkeeping, Limits
from watchd.web.tokens import Grant


class Plays:
    """Adds and deletes plays."""

    def __init__(self, handling: Handling, doorkeeper: Doorkeeping, clock: Clock, limits: Limits) -> None:
        self._handling = handling
        self._doorkeeper = doorkeeper
        self._clock = clock
        self._limits = limits

    async def add(self, request: web.Request, _grant: Grant) -> web.Response:
        """`{"media": {"type", "title", "year", "ids", …}, "at": "2026-11-20T20:57:00Z"}`; without `at` it is now."""
        arrived = await arrive(request, self._limits)
        if arrived.fault is not None:
            raise arrived.fault
        told = arrived.payload
        if not isinstance(told, dict) or not isinstance(told.get("media"), dict):
            raise HttpError(400, "the body is an object with a media")
        account_id = self._named(request) or self._doorkeeper.default
        try:
            media = media_from(told["media"])
            at = self._clock.now() if told.get("at") is None else parse_iso(str(told["at"]))
        except (ValueError, OverflowError) as error:
            raise HttpError(400, f"the play cannot be read: {error}") from error
        with refusing(409):
            return answer(await self._handling.add(account_id, media, at), 201)

    async def delete(self, request: web.Request, _grant: Grant) -> web.Response:
        """With `?user=` it has to be a play of theirs."""
        number = request.match_info["id"]
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            raise HttpError(404, "there is no such play")
        account_id = self._named(request)
        with refusing(409):
            try:
                return answer(await self._handling.delete(int(number), account_id))
            except NoSuchPlay as error:
                raise HttpError(404, str(error)) from error

    def _named(self, request: web.Request) -> int | None:
        """The account the request names, if it names one."""
        name = request.query.get("user")
        found = None if name is None else self._doorkeeper.named(name)
        if name is not None and found is None:
            raise HttpError(404, "there is no such account")
        return found
