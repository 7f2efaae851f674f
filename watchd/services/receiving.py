"""Receiving files to import: kept in the state directory as long as they are needed, imported one after the other."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

import anyio

from watchd.clock import Clock
from watchd.errors import WatchdError
from watchd.services.importing import Import
from watchd.services.jobs import Jobs
from watchd.services.rehearsing import FOLDER, rehearsal
from watchd.sources.imports.reading import chunks
from watchd.store.database import Database

Json = dict[str, object]

_PREFIX = "upload-"


class NoAccount(WatchdError):
    """There is no account of that name."""


class Receiving:
    """Imports into the accounts by name, the default one first. `changed(account_id)` is called when one was changed."""

    def __init__(
        self, database: Database, clock: Clock, accounts: Mapping[str, int], jobs: Jobs, *, changed: Callable[[int], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._names = list(accounts)
        self._accounts = {name.casefold(): account for name, account in accounts.items()}
        self._jobs = jobs
        self._changed = changed
        self._one = anyio.Lock()

    def account(self, name: str | None) -> int:
        """The id of an account; NoAccount when there is none of that name."""
        found = self._accounts.get((self._names[0] if name is None else name).casefold())
        if found is None:
            raise NoAccount(f"there is no such account; there are: {', '.join(self._names)}")
        return found

    def tidy(self) -> None:
        """What uploads and rehearsals that were cut off have left goes; for the start, before there are others."""
        directory = self._database.path.parent
        for left in directory.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                left.unlink()
        for folder in directory.glob(f"{FOLDER}*"):
            shutil.rmtree(folder, ignore_errors=True)

    def spool(self) -> Path:
        """An empty file for an upload."""
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=self._database.path.parent)
        os.close(descriptor)
        return Path(name)

    def discard(self, path: Path) -> None:
        """An upload is not needed any more."""
        with suppress(OSError):
            path.unlink()

    def start(self, path: Path, called: str, account: str | None, *, dry_run: bool) -> int:
        """Import a spooled upload in the background; the number of the job."""
        self.account(account)

        async def work() -> Json:
            try:
                return await self.take(path, called, account, dry_run=dry_run)
            finally:
                self.discard(path)

        return self._jobs.start(work)

    async def take(self, path: Path, called: str, account: str | None, *, dry_run: bool) -> Json:
        """Import a file, or say what that would do; NotAnImport when it is none."""
        account_id = self.account(account)
        async with self._one:
            with closing(chunks(path, called)) as found:
                if dry_run:
                    async with rehearsal(self._database.path, self._database.path.parent) as copy:
                        files = await Import(copy, account_id, self._clock.now()).take(found)
                else:
                    try:
                        files = await Import(self._database, account_id, self._clock.now()).take(found)
                    finally:
                        self._changed(account_id)
        return {"dry_run": dry_run, "files": files}
