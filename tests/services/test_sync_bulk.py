"""A hundred thousand plays: whole, with hardly a request too many, and nobody waits for it."""

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.services.home import a_home
from tests.services.library_at_home import asked, history, leftovers, query, shown, sync_of, synced
from watchd.demo.players import plex_payload
from watchd.standins.much import fill_library
from watchd.standins.switches import Switches
from watchd.store import database as store

PLAYS, SHOWS, ITEMS = 100_000, 1500, 4000


def least() -> int:
    """The fewest GETs that can bring all of it."""
    pages = -(-PLAYS // 250) + -(-SHOWS // 250)
    lists = 3 * -(-ITEMS // 250)  # the watchlist and two lists
    more = -(-(ITEMS // 10) // 250) + -(-(ITEMS // 2) // 250)  # comments, ratings
    collected = -(-(SHOWS * 2) // 250)
    return pages + lists + more + collected


@pytest.mark.slow
async def test_a_hundred_thousand_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[float] = []
    before = store._transaction  # what is measured is how long the one writer is taken

    def timed(works: list[Any], connection: Any) -> Any:
        began = time.perf_counter()
        done = before(works, connection)
        held.append(time.perf_counter() - began)
        return done

    monkeypatch.setattr(store, "_transaction", timed)
    async with a_home(tmp_path) as home:
        home.trakt.switches = Switches(rate_limits=True)
        fill_library(home.trakt, plays=PLAYS, shows=SHOWS, items=ITEMS)
        began = time.perf_counter()
        requests = await synced(home)
        took = time.perf_counter() - began
        assert not [seen for seen in requests if seen.status != 200]
        assert len(await history(home)) == PLAYS
        assert [len(await shown(home, name)) for name in ("watchlist", "list:26000000", "watched_shows")] == [
            ITEMS,
            ITEMS,
            SHOWS,
        ]
        facts = sync_of(home).facts()
        assert (facts["mismatch"], facts["failed"], facts["reason"]) == ({}, {}, None)
        assert await leftovers(home) == 0
        assert len(requests) <= 1.05 * least(), (len(requests), least(), asked(requests).most_common(8))
        held.sort()
        middle, late = held[len(held) // 2], held[len(held) * 99 // 100]
        sys.stdout.write(
            f"\n{len(requests)} requests (least {least()}), {took:.0f} s, {len(held)} transactions: median "
            f"{middle * 1000:.1f} ms, p99 {late * 1000:.1f} ms, longest {held[-1] * 1000:.1f} ms\n"
        )
        assert late < 0.05
        home.clock.advance(300)
        assert len(await synced(home)) == 1
        await home.plex(plex_payload("media.scrobble", home.trakt.catalogue.episode("friends", 1, 1), None))
        await home.relay_all()
        home.clock.advance(300)
        assert len(await synced(home)) <= 4
        assert len(await history(home)) == PLAYS + 1
        held.clear()
        home.clock.advance(86_400)
        began = time.perf_counter()
        await synced(home)
        sys.stdout.write(f"again, everything: {time.perf_counter() - began:.0f} s, {len(held)} transactions\n")
        assert (await query(home, "SELECT count(*) FROM plays WHERE missing_at IS NOT NULL"))[0][0] == 0
