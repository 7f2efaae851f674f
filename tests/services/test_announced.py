"""Whatever changes what is kept of an account is announced to its documents and to what finds."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.services.home import ME, Home, a_home
from watchd.demo.players import plex_payload
from watchd.model.media import Movie
from watchd.model.personal import Ask
from watchd.services.indexer import Indexer
from watchd.services.survey import Survey

HISTORY = Ask("history", "movies")


async def a_section_was_swapped(home: Home) -> None:
    await home.daemon.refresher.refresh(ME)  # what a sync asks for whenever it shows something


async def a_play_was_recorded(home: Home) -> None:
    await home.plex(plex_payload("media.scrobble", home.trakt.catalogue.movie("heat-1995"), None))


async def a_play_was_added_by_hand(home: Home) -> None:
    desk = home.daemon.ports.desk
    assert desk is not None
    await desk.handling.add(ME, Movie("Ran", 1985), home.clock.now())


@pytest.mark.parametrize("change", [a_section_was_swapped, a_play_was_recorded, a_play_was_added_by_hand])
async def test_a_change_drops_the_documents_and_wakes_what_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Home], Awaitable[None]]
) -> None:
    woken: set[str] = set()
    async with a_home(tmp_path) as home:
        library = home.daemon.ports.library
        await library.find(ME, HISTORY)
        assert library.kept(ME, HISTORY) is not None
        monkeypatch.setattr(Indexer, "wake", lambda _self: woken.add("index"))
        monkeypatch.setattr(Survey, "wake", lambda _self: woken.add("survey"))
        await change(home)
        assert woken == {"index", "survey"}
        assert library.kept(ME, HISTORY) is None
