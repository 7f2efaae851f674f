"""The stage: stand-ins, daemon and living room in one process and one time; the card is printed as it changes."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
import anyio

from watchd.app.daemon import Daemon
from watchd.clock import SteeredClock
from watchd.demo.judge import Judgement, judge
from watchd.demo.living_room import LivingRoom
from watchd.demo.players import Players
from watchd.standins.faults import Fault
from watchd.standins.tmdb import TmdbStandIn
from watchd.standins.trakt import TraktStandIn

Print = Callable[[str], None]

_GLANCE = 0.1
_SETTLE = 20 * 60.0
_LOGIN_RATE = 20.0
"""A code lasts ten minutes, which at the speed of a demonstration is over before a machine that is busy has asked for it."""


@dataclass(frozen=True, slots=True)
class Upstreams:
    """The stand-ins on their ports."""

    trakt: TraktStandIn
    tmdb: TmdbStandIn


async def upstreams(stack: AsyncExitStack, clock: SteeredClock, *, drop_one: bool) -> Upstreams:
    """Start both stand-ins for as long as the stack is open; `drop_one` has Trakt lose one scrobble it has confirmed."""
    trakt = await stack.enter_async_context(TraktStandIn(clock))
    tmdb = await stack.enter_async_context(TmdbStandIn(clock))
    trakt.auto_approve = True
    if drop_one:
        lost = Fault("swallow", method="POST", path="/scrobble/stop", when=lambda seen: seen.body.get("progress", 0) >= 80)
        trakt.faults.add(lost)
    return Upstreams(trakt, tmdb)


class Stage:
    """Plays the evening in front of a daemon that is served at the same time."""

    def __init__(self, daemon: Daemon, clock: SteeredClock, trakt: TraktStandIn, tell: Print) -> None:
        self._daemon = daemon
        self._clock = clock
        self._trakt = trakt
        self._tell = tell
        self._shown = ""
        self._url = ""
        self._up = asyncio.Event()

    async def play(self, *, once: bool) -> Judgement | None:
        """Serve, play, judge; when not `once`, stay up with something on the card until Ctrl-C.

        None when it was ended before the last scene was over.
        """
        judgement = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._serve, tasks.cancel_scope)
            await self._up.wait()
            async with aiohttp.ClientSession() as session:
                tasks.start_soon(self._watch_card, session)
                room = LivingRoom(self._clock, self._players(session), self._trakt, lambda line: self._tell(f"> {line}"))
                await self._log_in()
                await room.evening()
                judgement = await self._judge(room)
                self._tell("\n".join(["", *judgement.lines()]))
                if not once:
                    await self._stay(room)
            tasks.cancel_scope.cancel()
        return judgement

    async def _stay(self, room: LivingRoom) -> None:
        self._clock.set_rate(1.0)
        self._tell(f"\nFrom here on in real time. The card: {self._url}/api/watching   (Ctrl-C ends the demo)")
        await room.stay()

    async def _serve(self, scope: anyio.CancelScope) -> None:
        def started(url: str) -> None:
            self._url = url
            self._tell(f"The card: {url}/api/watching")
            self._up.set()

        await self._daemon.serve(started)
        scope.cancel()

    def _players(self, session: aiohttp.ClientSession) -> Players:
        return Players(session, self._url, self._daemon.tokens["hook"])

    async def _log_in(self) -> None:
        rate = self._clock.rate
        self._clock.set_rate(min(rate, _LOGIN_RATE))
        login = next(link.login for link in self._daemon.links if link.login is not None)
        code = await login.begin()
        self._tell(f"> watchd login: {code.user_code} is entered at {code.verification_url}")
        while login.status.state == "waiting":
            await self._clock.sleep(1)
        self._clock.set_rate(rate)
        self._tell(f"> logged in at the stand-in as {login.status.user}")

    async def _judge(self, room: LivingRoom) -> Judgement:
        """Wait until nothing is owed, for some while, and compare the books."""
        ends = self._clock.monotonic() + _SETTLE
        while (pending := await self._pending()) and self._clock.monotonic() < ends:
            await self._clock.sleep(5)
        return judge(self._trakt, room.watched, pending)

    async def _pending(self) -> int:
        return len(await self._daemon.ports.owing.deliveries("open", 100))

    async def _watch_card(self, session: aiohttp.ClientSession) -> None:
        while True:
            async with session.get(f"{self._url}/api/watching?live=1", raise_for_status=True) as answer:
                line = card_line(await answer.json())
            if line != self._shown:
                self._shown = line
                self._tell(f"  card: {line}")
            await asyncio.sleep(_GLANCE)


def card_line(card: dict[str, object]) -> str:
    """The card in one line; the percentage in steps of ten, so that the line rests a while."""
    content = card.get("content")
    if not isinstance(content, dict):
        return str(card["state"])
    subtitle = f", {content['subtitle']}" if content.get("subtitle") else ""
    progress = content.get("progress", {})
    percent = f" at {int(progress['percentage'] // 10) * 10} %" if "percentage" in progress else ""
    pictures = "" if content.get("images") else ", no pictures yet"
    return f"{card['state']}: {content['title']}{subtitle}{percent} ({card['source']}{pictures})"
