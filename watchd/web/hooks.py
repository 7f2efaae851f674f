"""POST or PUT to /hooks/{source}: what media centers tell us. The token may end the path, where queries get lost."""

from aiohttp import hdrs, web

from watchd.errors import MalformedPayload
from watchd.model.receipts import Fate
from watchd.sources import HOOKS
from watchd.web.answers import HttpError, answer
from watchd.web.body import arrive
from watchd.web.intake import Intake, outcome
from watchd.web.ports import WebPorts
from watchd.web.rehearsal import asked, rehearse
from watchd.web.tokens import Grant

_PLACES = {
    "plex": "Plex, under Settings, Webhooks",
    "jellyfin": "Jellyfin, in the settings of its Webhook plugin, as a generic destination",
    "emby": "Emby, under Settings, Notifications, Webhooks",
    "kodi": "Kodi, in the settings of its HTTP scrobbler add-on",
    "tautulli": "Tautulli, under Settings, Notification Agents, as a Webhook",
    "homeassistant": "Home Assistant, as the url of a rest_command",
    "generic": "your script",
}
_METHODS = "POST, PUT"


class Hooks:
    """The hooks of every source."""

    def __init__(self, ports: WebPorts, intake: Intake) -> None:
        self._limits = ports.limits
        self._intake = intake
        self._doorkeeper = ports.doorkeeper

    async def receive(self, request: web.Request, grant: Grant) -> web.Response:
        """Keep one event and say what became of it."""
        source = request.match_info["source"]
        parse = HOOKS.get(source)
        if parse is None:
            self._intake.reject("unknown", "unknown_source")
            raise _unknown()
        try:
            arrived = await arrive(request, self._limits)
        except HttpError as error:
            self._intake.reject(source, "too_large" if error.status == 413 else "malformed")
            raise
        would = None
        if asked(request):
            parsed, receipt, would = await rehearse(self._intake, self._doorkeeper, source, grant, arrived, parse)
        else:
            parsed, receipt = await self._intake.take(source, grant, arrived, parse)
        result = outcome(receipt, parsed)
        if would is not None:
            result["would"] = would
        if isinstance(parsed, MalformedPayload):
            if parsed.reason != "internal":
                return answer({"error": str(parsed), **result}, 400)
            result["status"] = str(Fate.INTERNAL)  # kept all the same, so no 5xx
        return answer(result)

    async def explain(self, request: web.Request, _grant: Grant) -> web.Response:
        """For those who open the address in a browser."""
        source = request.match_info["source"]
        if source not in HOOKS:
            raise _unknown()
        place = _PLACES.get(source, source)
        sentence = f"This address works. Paste it into {place}: events are sent here with POST."
        raise HttpError(405, sentence, {hdrs.ALLOW: _METHODS})


def _unknown() -> HttpError:
    return HttpError(404, f"no such source; there are: {', '.join(sorted(HOOKS))}")
