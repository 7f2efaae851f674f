"""Health and metrics, for systemd, containers and Prometheus."""

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from watchd.web.answers import SERVER, answer
from watchd.web.ports import Health
from watchd.web.tokens import Grant


class Ops:
    """Whether the daemon lives, whether it is ready, and its figures."""

    def __init__(self, health: Health, registry: CollectorRegistry) -> None:
        self._health = health
        self._registry = registry

    async def alive(self, _request: web.Request, _grant: Grant) -> web.Response:
        return answer({"status": "ok"})

    async def ready(self, _request: web.Request, _grant: Grant) -> web.Response:
        reasons = await self._health.ready()
        if reasons:
            return answer({"error": "not ready", "reasons": reasons}, 503)
        return answer({"status": "ready"})

    async def metrics(self, _request: web.Request, _grant: Grant) -> web.Response:
        headers: dict[str, str] = {
            hdrs.CONTENT_TYPE: CONTENT_TYPE_PLAIN_0_0_4,
            hdrs.SERVER: SERVER,
            hdrs.CACHE_CONTROL: "no-store",
        }
        return web.Response(body=generate_latest(self._registry), headers=headers)
