"""The state directory: private, and owned by one process."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import require_real
from watchd.errors import StateError
from watchd.store import state_dir
from watchd.store.database import Database
from watchd.store.migrate import bring_up, keep_copy, migrations

HOLDS = """
import sys, time
from pathlib import Path
from watchd.store import state_dir
with state_dir.owned(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(60)
"""
OPENS = """
import asyncio, sys
from pathlib import Path
from watchd.errors import StateError
from watchd.store import state_dir
from watchd.store.database import Database
async def opened(path):
    async with Database.opened(path): print("opened")
place = Path(sys.argv[1])
try:
    if place.suffix == ".db":
        asyncio.run(opened(place))
    else:
        with state_dir.owned(place) as path: asyncio.run(opened(path))
except StateError as error:
    print(error)
"""


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def opening(directory: Path) -> str:
    """What an ordinary user is told who starts in `directory`; root's right to write everywhere is taken from him."""
    command = [sys.executable, "-c", OPENS, str(directory)]
    if os.geteuid() == 0:
        away = "-dac_override,-dac_read_search"
        command = [require_real("setpriv"), f"--bounding-set={away}", f"--inh-caps={away}", *command]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.usefixtures("usual_umask")
async def test_the_directory_and_every_file_in_it_are_private(tmp_path: Path) -> None:
    directory = tmp_path / "a" / "state"
    with state_dir.owned(directory) as path:
        bring_up(path, migrations())
        keep_copy(path, 2)
        async with Database.opened(path) as database:
            await database.write(lambda connection: connection.execute("CREATE TABLE notes (n INTEGER) STRICT").close())
            await database.read(lambda connection: connection.execute("SELECT * FROM notes").fetchall())
            assert stat.S_IMODE(directory.stat().st_mode) == 0o700
            assert modes(directory) == dict.fromkeys(
                ("watchd.db", "watchd.db-wal", "watchd.db-shm", "watchd.db.before-v2", "watchd.lock"), 0o600
            )


@pytest.mark.usefixtures("usual_umask")
async def test_what_was_left_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    directory = tmp_path / "state"
    directory.mkdir(mode=0o755)
    bring_up(directory / "watchd.db", migrations())
    shutil.copyfile(directory / "watchd.db", directory / "watchd.db.saved")
    (directory / "watchd.lock").touch()
    for file in directory.iterdir():
        file.chmod(0o644)
    (directory / "notes.txt").touch(mode=0o644)
    with state_dir.owned(directory):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        private = dict.fromkeys(("watchd.db", "watchd.db.saved", "watchd.lock"), 0o600)
        assert modes(directory) == {**private, "notes.txt": 0o644}


def test_a_second_owner_is_refused_and_the_first_one_named(tmp_path: Path) -> None:
    assert not state_dir.is_owned(tmp_path)
    with state_dir.owned(tmp_path) as path:
        assert path == tmp_path / "watchd.db"
        assert state_dir.is_owned(tmp_path)
        assert "another watchd owns" in opening(tmp_path)
        assert (tmp_path / "watchd.lock").read_text() == f"{os.getpid()}\n"
        with pytest.raises(StateError, match="another watchd owns"), state_dir.owned(tmp_path):
            pass
    assert not state_dir.is_owned(tmp_path)
    assert opening(tmp_path) == "opened\n"


def test_the_lock_is_freed_by_kill_9(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mine\n"
        with pytest.raises(StateError, match="another watchd owns"), state_dir.owned(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    with state_dir.owned(tmp_path):
        assert state_dir.is_owned(tmp_path)


def test_a_place_where_nothing_can_be_made_is_told_in_a_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    told = opening(tmp_path / "state")
    tmp_path.chmod(0o700)
    assert told == f"cannot use the state directory {tmp_path / 'state'}: Permission denied\n"


def test_a_file_in_place_of_the_directory_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no directory")
    assert opening(tmp_path / "state") == f"cannot use the state directory {tmp_path / 'state'}: File exists\n"


def test_a_directory_of_ours_that_was_made_read_only_is_made_ours_again(tmp_path: Path) -> None:
    bring_up(tmp_path / "watchd.db", migrations())
    (tmp_path / "watchd.db").chmod(0o400)
    tmp_path.chmod(0o500)
    assert opening(tmp_path) == "opened\n"


@pytest.mark.parametrize("file, directory", [(0o400, 0o700), (0o600, 0o500)])
def test_a_database_that_cannot_be_written_stops_the_start_in_a_line(tmp_path: Path, file: int, directory: int) -> None:
    path = tmp_path / "watchd.db"
    bring_up(path, migrations())
    path.chmod(file)
    tmp_path.chmod(directory)
    told = opening(path)
    tmp_path.chmod(0o700)
    assert told.startswith(f"the database {path} cannot be written: ")
    assert told.count("\n") == 1


def test_a_file_system_that_is_read_only_is_told_in_a_line(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    bring_up(tmp_path / "watchd.db", migrations())
    mount = ("mount", "-t", "tmpfs", "-o", "ro", "none", str(tmp_path))
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no mounting here")
    try:
        told = opening(tmp_path)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
    assert told.startswith(f"cannot use the state directory {tmp_path}: Read-only file system")
    assert told.count("\n") == 1
