"""Media centers: each sends the hooks of its plays one after the other, never twice, and notes what it was answered."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import aiohttp

from tests.e2e.program import HOOK, Program, bearer
from watchd.demo.players import plex_payload, trakt_item
from watchd.standins.accounts import Key
from watchd.standins.catalogue import Catalogue
from watchd.standins.items import Watchable

PATIENCE = 10.0
_KNOCKS = 0.1
"""So many of the hooks are sent whether the program is up or not."""


class Heard(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Hook:
    """`counts`: a stop at the end or a scrobble event, which is what makes a play history."""

    item: Watchable
    event: str
    progress: float | None
    counts: bool = False
    screen: str | None = None
    """The Plex player; None sends in Trakt's format."""


@dataclass(frozen=True, slots=True)
class Sent:
    hook: Hook
    heard: Heard
    at: float
    seconds: float


@dataclass
class Books:
    """What was sent, by all senders."""

    sent: list[Sent] = field(default_factory=list)

    def of(self, key: Key) -> list[Sent]:
        return [one for one in self.sent if one.hook.item.key == key]

    def bounds(self, key: Key) -> tuple[int, int]:
        """How often the item may at least and at most stand in the history."""
        counting = [one for one in self.of(key) if one.hook.counts]
        if any(one.heard is Heard.TAKEN for one in counting):
            return 1, 1
        return 0, 1 if counting else 0


def plex_play(item: Watchable, screen: str, *, finished: bool) -> list[Hook]:
    """Five hooks of one sitting at a Plex player."""
    plan: list[tuple[str, float | None, bool]] = [("play", 0, False), ("pause", 30, False), ("resume", 30, False)]
    plan += [("scrobble", None, True), ("stop", 97, True)] if finished else [("pause", 55, False), ("stop", 55, False)]
    return [Hook(item, f"media.{event}", progress, counts, screen) for event, progress, counts in plan]


def script_play(item: Watchable, *, finished: bool) -> list[Hook]:
    """Five scrobbles of one sitting by a script that speaks Trakt's format."""
    end = 96.0 if finished else 40.0
    plan = [("start", 0.0), ("pause", 25.0), ("start", 25.0), ("start", 36.0)]
    return [*(Hook(item, event, progress) for event, progress in plan), Hook(item, "stop", end, counts=finished)]


def streams(catalogue: Catalogue, plays: int, screens: int, dice: random.Random) -> list[list[Hook]]:
    """So many plays of as many items, half movies and half episodes, dealt out to Plex players and one script."""
    catalogue.fill(movies=plays, shows=plays, seasons=1, episodes=1)
    movies = [movie for movie in catalogue.movies if movie.title.startswith("Movie Number")]
    episodes = [catalogue.episodes(show)[0] for show in catalogue.shows if show.title.startswith("Show Number")]
    items: list[Watchable] = [*dice.sample(movies, plays // 2), *dice.sample(episodes, plays - plays // 2)]
    dice.shuffle(items)
    dealt: list[list[Hook]] = [[] for _ in range(screens + 1)]
    for number, item in enumerate(items):
        finished = dice.random() < 0.9
        lane = number % (screens + 1)
        dealt[lane] += (
            script_play(item, finished=finished) if lane == screens else plex_play(item, f"screen-{lane}", finished=finished)
        )
    return dealt


async def send_all(
    program: Program, dealt: Sequence[Sequence[Hook]], books: Books, dice: random.Random, seconds: float
) -> None:
    """Send every stream, each at its own uneven pace, within about so many seconds of the machine.

    While the program starts most hooks wait for it: a start may take long, and what reaches nobody says nothing.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session, asyncio.TaskGroup() as tasks:
        for hooks in dealt:
            tasks.create_task(_send_stream(session, program, hooks, books, random.Random(dice.random()), seconds))


async def _send_stream(
    session: aiohttp.ClientSession, program: Program, hooks: Sequence[Hook], books: Books, dice: random.Random, seconds: float
) -> None:
    for hook in hooks:
        await asyncio.sleep(dice.uniform(0.3, 1.7) * seconds / max(1, len(hooks)))
        if dice.random() >= _KNOCKS:
            await program.up.wait()
        books.sent.append(await send(session, program.url, hook))


async def send(session: aiohttp.ClientSession, url: str, hook: Hook) -> Sent:
    began = time.perf_counter()
    try:
        async with session.post(url + _path(hook), **_body(hook)) as answer:
            await answer.read()
            heard = Heard.TAKEN if answer.status < 300 else Heard.REFUSED
    except (aiohttp.ClientError, TimeoutError):
        heard = Heard.NOTHING
    return Sent(hook, heard, began, time.perf_counter() - began)


def _path(hook: Hook) -> str:
    return f"/trakt/scrobble/{hook.event}" if hook.screen is None else f"/hooks/plex?token={HOOK}"


def _body(hook: Hook) -> dict[str, Any]:
    if hook.screen is None:
        return {"json": {**trakt_item(hook.item), "progress": hook.progress}, "headers": bearer(HOOK)}
    payload = plex_payload(hook.event, hook.item, hook.progress)
    payload["Player"]["uuid"] = hook.screen
    form = aiohttp.MultipartWriter("form-data")
    form.append_json(payload).set_content_disposition("form-data", name="payload")
    return {"data": form}
