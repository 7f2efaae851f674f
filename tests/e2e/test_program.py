"""The program as a whole against what is wrong around it: bodies, disks, other daemons, damage, signals, settings."""

import asyncio
import io
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.program import HOOK, READ, bearer
from tests.e2e.senders import Heard, plex_play, send
from tests.e2e.stage import Stage, a_stage

ENDS_WITHIN = 5.0


async def post(stage: Stage, path: str, body: bytes | io.BytesIO, kind: str = "application/json") -> tuple[int, str]:
    headers = {**bearer(HOOK), "Content-Type": kind}
    async with stage.session.post(stage.program.url + path, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_what_cannot_be_read_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        await stage.program.start()
        assert (await post(stage, "/hooks/plex", io.BytesIO(b"x" * 20_000_000)))[0] == 413
        assert (await post(stage, "/trakt/scrobble/start", b'{"movie": {"ti'))[0] == 400
        assert (await post(stage, "/hooks/plex", b"--x\r\ntorn", "multipart/form-data; boundary=x"))[0] == 400
        assert (await post(stage, "/hooks/nobody", b"{}"))[0] == 404
        assert (await post(stage, "/trakt/scrobble/start", b'{"movie": {"title": "A", "year": 2000}, "progress": 1}'))[0] == 201
        assert await stage.program.stop() == 0


def room(stage: Stage, size: int) -> None:
    """How large a file the program may make from now on: a disk that is full."""
    _, hard = resource.prlimit(stage.program.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(stage.program.pid, resource.RLIMIT_FSIZE, (size, hard))


async def test_a_full_disk_is_answered_with_503_and_forgiven_when_there_is_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        await stage.program.start()
        hooks = plex_play(stage.trakt.catalogue.movie("guardians-of-the-galaxy-2014"), "den", finished=True)
        assert (await send(stage.session, stage.program.url, hooks[0])).heard is Heard.TAKEN
        room(stage, 4096)
        statuses = [(await post(stage, "/trakt/scrobble/start", _movie(number)))[0] for number in range(5)]
        assert statuses == [503] * 5
        async with stage.session.get(f"{stage.program.url}/readyz", headers=bearer(READ)) as answer:
            assert answer.status == 503
        room(stage, resource.RLIM_INFINITY)
        assert [(await post(stage, "/trakt/scrobble/start", _movie(number)))[0] for number in range(5)] == [201] * 5
        assert (await send(stage.session, stage.program.url, hooks[-1])).heard is Heard.TAKEN
        assert await stage.program.stop() == 0


def _movie(number: int) -> bytes:
    return b'{"movie": {"title": "Number %d", "year": 2001}, "progress": 1}' % number


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("no right to mount a small file system here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


async def test_a_file_system_without_room_is_answered_with_503_and_forgiven(tmp_path: Path, small_disk: Path) -> None:
    async with a_stage(tmp_path, 1.0, WATCHD_STATE_DIR=str(small_disk)) as stage:
        stage.program.state = small_disk
        await stage.program.start()
        ballast = small_disk / "ballast"
        fill(ballast)
        statuses = [(await post(stage, "/trakt/scrobble/start", _movie(number)))[0] for number in range(300)]
        assert set(statuses) <= {201, 503}
        assert statuses[-1] == 503
        ballast.unlink()
        assert [(await post(stage, "/trakt/scrobble/start", _movie(number)))[0] for number in range(300, 305)] == [201] * 5
        assert await stage.program.stop() == 0


def fill(path: Path) -> None:
    """Take all the room there is."""
    block = b"x" * 4096
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(block):
            continue


async def test_a_second_daemon_on_the_same_state_directory_is_refused_in_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        await stage.program.start()
        code, said = await stage.program.command("run", WATCHD_LISTEN="127.0.0.1:0")
        assert code != 0
        assert len(said.strip().splitlines()) == 1
        assert "another watchd" in said
        assert await stage.program.stop() == 0


async def test_a_damaged_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        await stage.program.start()
        await stage.program.stop()
        path = stage.program.state / "watchd.db"
        torn = path.read_bytes()[:100] + b"\xff" * 3000 + path.read_bytes()[3100:]
        path.write_bytes(torn)
        code, said = await stage.program.command("run")
        assert code != 0
        assert len(said.strip().splitlines()) == 1, said
        assert path.read_bytes() == torn


@pytest.mark.parametrize(
    "name, value",
    [("WATCHD_LISTNE", "127.0.0.1:1"), ("WATCHD_LISTEN", "nowhere"), ("WATCHD_WATCHED_THRESHOLD", "often")],
)
async def test_a_setting_that_is_wrong_is_refused_in_one_line_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        code, said = await stage.program.command("run", **{name: value})
        assert code != 0
        assert len(said.strip().splitlines()) == 1, said
        assert name in said


async def test_sigterm_ends_it_in_time_with_connections_kept_alive(tmp_path: Path) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        await stage.program.start()
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{stage.program.url}/api/watching", headers=bearer(READ)) as answer:
                await answer.read()
            reader, writer = await asyncio.open_connection("127.0.0.1", stage.program.port)
            writer.write(b"POST /hooks/plex HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n")
            await writer.drain()
            began = time.monotonic()
            assert await stage.program.stop() == 0
            assert time.monotonic() - began < ENDS_WITHIN
            writer.close()
            await reader.read()


async def test_the_port_taken_by_somebody_else_is_said_in_one_line(tmp_path: Path) -> None:
    async with a_stage(tmp_path, 1.0) as stage:
        code, said = await stage.program.command("run", WATCHD_LISTEN=f"127.0.0.1:{stage.trakt.port}")
        assert code != 0
        assert len(said.strip().splitlines()) == 1, said
        assert "WATCHD_LISTEN" in said
