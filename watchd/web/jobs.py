"""What is done in the background on an admin's word: calls of Trakt's methods, imports, and how they stand."""

import asyncio
from pathlib import Path

from aiohttp import web

from watchd.errors import StoreUnavailable
from watchd.web.answers import HttpError, answer, refusing
from watchd.web.body import arrive
from watchd.web.desk_ports import Asking, JobKeeping, Receiving
from watchd.web.ports import Limits
from watchd.web.tokens import Grant

LARGEST_IMPORT = 128 * 1024 * 1024
_PATIENCE = 60.0
_CALLED = 200


class TraktCall:
    """POST /api/trakt/call: any method of Trakt's. The answer is a job's number; no request waits for Trakt."""

    def __init__(self, asking: Asking, limits: Limits) -> None:
        self._asking = asking
        self._limits = limits

    async def start(self, request: web.Request, _grant: Grant) -> web.Response:
        arrived = await arrive(request, self._limits)
        if arrived.fault is not None:
            raise arrived.fault
        if not isinstance(arrived.payload, dict):
            raise HttpError(400, "the body is an object: method, path, params, extended, all, data")
        with refusing(400):
            return answer({"job": self._asking.start(request.query.get("user"), arrived.payload)}, 202)


class Imports:
    """POST /api/import: a file as the body, kept on the disk while it comes; `?name=` is what it is called."""

    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving

    async def start(self, request: web.Request, _grant: Grant) -> web.Response:
        if request.content_length is not None and request.content_length > LARGEST_IMPORT:
            raise _too_large()
        dry_run = request.query.get("dry_run", "") not in {"", "0", "false"}
        called = request.query.get("name", "import")[:_CALLED]
        path, begun = self._spool(), False
        try:
            await _spooled(request, path)
            with refusing(400):
                job = self._receiving.start(path, called, request.query.get("user"), dry_run=dry_run)
            begun = True
        finally:
            if not begun:
                self._receiving.discard(path)
        return answer({"job": job}, 202)

    def _spool(self) -> Path:
        try:
            return self._receiving.spool()
        except OSError as error:
            raise _not_kept(error) from error


class JobStatus:
    """GET /api/jobs/{id}."""

    def __init__(self, jobs: JobKeeping) -> None:
        self._jobs = jobs

    async def status(self, request: web.Request, _grant: Grant) -> web.Response:
        number = request.match_info["id"]
        valid = number.isascii() and number.isdecimal() and len(number) < 19
        found = self._jobs.status(int(number)) if valid else None
        if found is None:
            raise HttpError(404, "there is no such job, or not any more")
        return answer(found)


async def _spooled(request: web.Request, path: Path) -> None:
    """Write the body to the disk as it comes; 413 when it is too large, 408 when nothing comes for long, 503 without room."""
    size = 0
    try:
        with path.open("wb") as file:
            while piece := await _piece(request):
                size += len(piece)
                if size > LARGEST_IMPORT:
                    raise _too_large()
                file.write(piece)
    except ConnectionError:
        raise
    except OSError as error:
        raise _not_kept(error) from error


async def _piece(request: web.Request) -> bytes:
    """What has come since; nothing at the end."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await request.content.readany()
    except TimeoutError as error:
        raise HttpError(408, "the body took too long to arrive") from error
    except web.RequestPayloadError as error:
        raise HttpError(400, "the body does not arrive as its headers say") from error


def _not_kept(error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"the file could not be kept: {error.strerror}")


def _too_large() -> HttpError:
    return HttpError(413, f"the file is larger than {LARGEST_IMPORT // 1024 // 1024} MiB")
