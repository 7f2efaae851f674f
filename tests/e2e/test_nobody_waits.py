"""No request waits for an upstream: hooks and reads are answered while a call to Trakt hangs, and would not be otherwise."""

import random
from pathlib import Path

from tests.e2e.program import READ, bearer, until
from tests.e2e.senders import Heard, plex_play, send, streams
from tests.e2e.stage import Stage, a_stage
from watchd.standins.faults import Fault


async def under_way(stage: Stage) -> bool:
    """Whether the relay has sent something and neither heard an answer nor given it up."""
    owed = await stage.program.owed(stage.session)
    return any(item["state"] == "sent" and item["status"] is None and item["reason"] is None for item in owed)


async def test_hooks_and_the_card_are_answered_while_a_call_to_trakt_hangs(tmp_path: Path) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        await stage.log_in()
        await stage.program.start()
        stage.trakt.faults.add(Fault("hang", times=None))
        catalogue = stage.trakt.catalogue
        first = plex_play(catalogue.movie("guardians-of-the-galaxy-2014"), "screen-a", finished=True)[0]
        assert (await send(stage.session, stage.program.url, first)).heard is Heard.TAKEN

        async def hanging() -> bool:
            return await under_way(stage)

        await until(hanging, what="a call to Trakt is under way")
        others = streams(catalogue, 12, screens=3, dice=random.Random(5))
        for hook in (hook for hooks in others for hook in hooks):
            assert (await send(stage.session, stage.program.url, hook)).heard is Heard.TAKEN
            async with stage.session.get(f"{stage.program.url}/api/watching", headers=bearer(READ)) as answer:
                assert answer.status == 200
        assert await under_way(stage), "the first call must outlast all of these answers, or nothing was shown"
