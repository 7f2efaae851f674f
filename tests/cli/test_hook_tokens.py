"""`watchd hooks SOURCE --new-token`: a token for one source alone, which can be taken away without touching the others."""

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest

from tests.cli.served import Served, run, served
from watchd.settings import AccountSettings

SENT = {"event": "start", "title": "Heat", "year": 1995, "duration": 10_200, "mediaType": "movie"}


@pytest.fixture(autouse=True)
def _a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY", "WATCHD_URL", "WATCHD_HOOK_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def token_of(printed: str) -> str:
    found = re.search(r"token=([\w-]{20,})|Bearer ([\w-]{20,})", printed)
    assert found is not None, printed
    return found[1] or found[2]


async def posted(daemon: Served, source: str, token: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{daemon.url}/hooks/{source}?dry=1", json=SENT, headers={"Authorization": f"Bearer {token}"}) as answer,
    ):
        return answer.status


async def test_a_source_gets_a_token_of_its_own_anew_and_loses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:
        household = daemon.home.daemon.tokens["hook"]
        code, printed = await daemon.command("hooks", "generic", "--new-token")
        first = token_of(printed)
        assert (code, first != household) == (0, True)
        assert [await posted(daemon, source, first) for source in ("generic", "kodi")] == [200, 403]
        assert token_of((await daemon.command("hooks", "generic"))[1]) == first
        assert token_of((await daemon.command("hooks", "kodi"))[1]) == household
        second = token_of((await daemon.command("hooks", "generic", "--new-token"))[1])
        assert [await posted(daemon, "generic", token) for token in (first, second, household)] == [401, 200, 200]
        code, printed = await daemon.command("hooks", "--tokens")
        assert (code, printed.split()[:2], second in printed) == (0, ["generic", "everybody"], False)
        assert (await daemon.command("hooks", "generic", "--revoke"))[0] == 0
        assert [await posted(daemon, "generic", token) for token in (second, household)] == [401, 200]
        assert "no source has" in (await daemon.command("hooks", "--tokens"))[1]
        code, printed = await daemon.command("hooks", "generic", "--revoke")
        assert (code, "no token for generic alone" in printed) == (2, True)
        code, printed = await daemon.command("hooks", "generic", "--new-token", "--account", "me")
        assert (code, "one account only" in printed) == (2, True)
        code, printed = await daemon.command("hooks", "--new-token")
        assert (code, "name the source" in printed) == (2, True)


async def test_made_while_no_daemon_runs_it_is_good_in_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = (AccountSettings(name="ana"), AccountSettings(name="ben", users=("Ben",)))
    (tmp_path / "config" / "watchd").mkdir(parents=True)
    text = '[[accounts]]\nname = "ana"\n[[accounts]]\nname = "ben"\nusers = ["Ben"]\n'
    (tmp_path / "config" / "watchd" / "watchd.toml").write_text(text)
    async with served(tmp_path, monkeypatch, logged_in=False, accounts=people):
        pass
    code, printed = await asyncio.to_thread(run, "hooks", "generic", "--new-token", "--account", "Ben")
    assert code == 0
    token = token_of(printed)
    assert "ben" in (await asyncio.to_thread(run, "hooks", "--tokens"))[1]
    async with served(tmp_path, monkeypatch, logged_in=False, accounts=people) as daemon:
        assert [await posted(daemon, source, token) for source in ("generic", "kodi")] == [200, 403]
        assert token_of((await daemon.command("hooks", "generic", "--account", "ben"))[1]) == token
        code, printed = await daemon.command("hooks", "generic", "--new-token", "--account", "zoe")
        assert (code, "there are: ana, ben" in printed) == (2, True)
    async with served(tmp_path, monkeypatch, logged_in=False) as daemon:  # whoever is not served any more gets nothing in
        assert await posted(daemon, "generic", token) == 401
