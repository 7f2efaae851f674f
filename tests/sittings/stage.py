"""A home whose daemon listens on a real port, in a time that passes as the script says; and what its books then hold."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from tests.services.home import Home, a_home
from tests.sittings.players import ALL_IDS, Player, Request, Scene
from tests.sittings.script import Cue, Moment
from watchd.model.playback import Play
from watchd.standins.items import Watchable
from watchd.store import plays
from watchd.web.server import make_app, serve

PATIENCE = 30.0
_ANCHORS = (Cue.START, Cue.PAUSE, Cue.SEEK, Cue.RESUME)
_PAUSE_FOR_BREATH = 5.0


@dataclass(frozen=True, slots=True)
class Telling:
    """A request and when it arrives, in ms."""

    arrives: int
    request: Request


@dataclass(frozen=True, slots=True)
class Stage:
    home: Home
    session: aiohttp.ClientSession
    url: str

    @property
    def token(self) -> str:
        return self.home.daemon.tokens["hook"]

    async def send(self, request: Request) -> tuple[int, str]:
        """The status and the text of the answer."""
        url = URL(self.url + request.path, encoded=True)
        async with self.session.request(request.method, url, headers=request.headers, data=BytesIO(request.body)) as answer:
            return answer.status, await answer.text()

    def tellings(
        self,
        player: Player,
        item: Watchable,
        moments: Sequence[Moment],
        *,
        began: int | None = None,
        ids: tuple[str, ...] = ALL_IDS,
        session: str = "session-1",
    ) -> list[Telling]:
        """What a player sends of these moments, each with the time at which it arrives."""
        begin = self.home.clock.now() if began is None else began
        anchors = sorted((moment for moment in moments if moment.cue in _ANCHORS), key=lambda moment: moment.at)
        told = []
        for moment in moments:
            if player.says(moment):
                anchor = next((one for one in reversed(anchors) if one.at <= moment.at), moment)
                scene = Scene(moment, item, begin, session, anchor, ids)
                request = player.send(player.say(scene), self.token)
                told.append(Telling(begin + round(moment.arrives * 1000), request))
        return told

    async def tell(self, tellings: Iterable[Telling]) -> None:
        """Send each in its time; between them silent plays end, and what is owed is delivered."""
        told = sorted(tellings, key=lambda one: one.arrives)
        for telling, following in zip(told, [*told[1:], None], strict=True):
            await self.at(telling.arrives)
            status, text = await self.send(telling.request)
            assert status < 300 or (status == 409 and "/trakt/" in telling.request.path), (status, text, telling.request)
            if following is None or following.arrives > telling.arrives + 1000 * _PAUSE_FOR_BREATH:
                await self.home.relay_all()

    async def watch(self, player: Player, item: Watchable, moments: Sequence[Moment], **facts: Any) -> None:
        await self.tell(self.tellings(player, item, moments, **facts))

    async def at(self, moment: int) -> None:
        """Let time pass until then."""
        clock = self.home.clock
        clock.advance(max(0, moment - clock.now()) / 1000)
        await self.home.settle()

    async def hours(self, hours: float) -> None:
        """Let so much time pass in silence, and settle what it ends."""
        for _ in range(4):
            await self.at(self.home.clock.now() + round(hours * 900_000))
            await self.home.relay_all()

    async def plays(self) -> list[Play]:
        """All there are, oldest first; whatever they are of."""

        def work(connection: Any) -> list[Play]:
            ids = [row[0] for row in connection.execute("SELECT id FROM plays ORDER BY id")]
            return [play for play in (plays.get(connection, number) for number in ids) if play is not None]

        return await self.home.daemon.database.read(work)

    def scrobbles(self) -> list[tuple[str, float]]:
        """What the stand-in was told live and took, in order: verb and progress."""
        seen = [one for one in self.home.trakt.calls("POST", "/scrobble/") if one.status == 201]
        return [(one.path.rpartition("/")[2], float(one.body["progress"])) for one in seen]


@asynccontextmanager
async def a_stage(tmp_path: Path, **settings: Any) -> AsyncIterator[Stage]:
    """The daemon served, logged in at the stand-in of Trakt, its relay moved by the script."""
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with (
        a_home(tmp_path, **settings) as home,
        serve(make_app(home.daemon.ports), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=16)) as session,
    ):
        yield Stage(home, session, f"http://127.0.0.1:{port}")
