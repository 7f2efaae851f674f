"""What an admin is told when it cannot be: too much to do, nothing that could be kept, or no such thing."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.web.fakes import ADMIN, House, bearer
from tests.web.refusing import Refusing
from watchd.errors import StoreUnavailable, WatchdError
from watchd.services.jobs import Jobs, TooManyJobs
from watchd.services.receiving import NoAccount
from watchd.web.desk_ports import DeskPorts, Json
from watchd.web.server import make_app


@dataclass
class Amiss(Refusing):
    """Takes a file and does nothing with it but say what is wrong; `spooled` are the files it was given room for."""

    folder: Path
    spooled: list[Path] = field(default_factory=list)

    def spool(self) -> Path:
        self.spooled.append(self.folder / f"upload-{len(self.spooled)}")
        return self.spooled[-1]

    def discard(self, path: Path) -> None:
        path.unlink(missing_ok=True)


class NoRoom(Amiss):
    """There is no room for the file, or not for all of it."""

    def spool(self) -> Path:
        if len(self.spooled) > 1:
            raise OSError(28, "No space left on device")
        self.spooled.append(Path("/dev/full"))
        return self.spooled[-1]

    def discard(self, path: Path) -> None:
        """Nothing is there."""


@dataclass
class LoginAmiss:
    """A login that cannot be written down."""

    error: WatchdError
    confirmed: bool = False

    def ask(self, _account: str | None, *, confirm: bool) -> None:
        self.confirmed = confirm
        raise self.error

    def leave(self, _account: str | None) -> None:
        raise self.error

    def status(self, _account: str | None) -> Json:
        raise self.error


def left_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def served(house: House, hand: Amiss) -> TestServer:
    return TestServer(make_app(replace(house.ports(), desk=DeskPorts(Jobs(), hand, hand, hand))))


@pytest.mark.parametrize(
    "error, status, retry",
    [
        (TooManyJobs("too many jobs at once"), 429, "5"),
        (StoreUnavailable("the disk is full"), 503, "5"),
        (NoAccount("there is no such account"), 400, None),
    ],
)
async def test_a_job_that_cannot_begin_is_refused_by_its_reason(
    house: House, tmp_path: Path, error: WatchdError, status: int, retry: str | None
) -> None:
    hand = Amiss(error, tmp_path)
    async with TestClient(served(house, hand)) as client:
        for path, sent in (("/api/trakt/call", {"json": {"method": "GET", "path": "x"}}), ("/api/import", {"data": b"[]"})):
            answer = await client.post(path, headers=bearer(ADMIN), **sent)
            assert (answer.status, answer.headers.get("Retry-After")) == (status, retry)
    assert len(hand.spooled) == 1
    assert not left_in(tmp_path)


async def test_a_file_there_is_no_room_for_is_a_503(house: House, tmp_path: Path) -> None:
    hand = NoRoom(WatchdError("not reached"), tmp_path)
    async with TestClient(served(house, hand)) as client:
        for size in (5, 200_000, 5):
            answer = await client.post("/api/import", data=b"x" * size, headers=bearer(ADMIN))
            assert (answer.status, answer.headers.get("Retry-After")) == (503, "5")


@pytest.mark.parametrize("error, status", [(StoreUnavailable("the disk is full"), 503), (WatchdError("no such account"), 404)])
async def test_a_login_that_cannot_be_is_refused_by_its_reason(house: House, error: WatchdError, status: int) -> None:
    ports = replace(house.ports(), connecting=LoginAmiss(error))
    async with TestClient(TestServer(make_app(ports))) as client:
        for method, path in (("GET", "/api/login"), ("POST", "/api/login"), ("POST", "/api/logout")):
            answer = await client.request(method, path, headers=bearer(ADMIN))
            assert (answer.status, "Retry-After" in answer.headers) == (status, status == 503)
