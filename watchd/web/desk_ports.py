"""What the handlers of the desk, where an admin adds, deletes, imports and asks, need from the rest of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from watchd.model.media import Media

Json = dict[str, object]


class JobKeeping(Protocol):
    """What is done in the background."""

    def status(self, number: int) -> Json | None:
        """How a job stands; None for one that is not known."""
        ...


class Asking(Protocol):
    """Any of Trakt's methods. Without an account's name the default one is meant; WatchdError for what is no call."""

    def start(self, account: str | None, told: Mapping[str, Any]) -> int:
        """Ask in the background; the number of the job."""
        ...

    async def ask(self, account: str | None, told: Mapping[str, Any]) -> Json:
        """Ask and wait: nothing that a request may do."""
        ...


class Receiving(Protocol):
    """Files to import. WatchdError when there is no such account, or the file is none that can be imported."""

    def spool(self) -> Path:
        """An empty file to write an upload into."""
        ...

    def discard(self, path: Path) -> None:
        """The upload came to nothing."""
        ...

    def start(self, path: Path, called: str, account: str | None, *, dry_run: bool) -> int:
        """Import it in the background; the number of the job."""
        ...

    async def take(self, path: Path, called: str, account: str | None, *, dry_run: bool) -> Json:
        """Import a file and wait: nothing that a request may do."""
        ...


class Handling(Protocol):
    """Plays by hand; WatchdError when it cannot be."""

    async def add(self, account_id: int, media: Media, at: int) -> Json: ...

    async def delete(self, play_id: int, account_id: int | None = None) -> Json: ...


class KeyKeeping(Protocol):
    """Hook tokens for one source each, by the account's name, None for the household; WatchdError for what there is not."""

    async def make(self, account: str | None, source: str) -> Json: ...

    async def revoke(self, account: str | None, source: str) -> Json: ...

    async def listed(self) -> list[Json]: ...


@dataclass(frozen=True, slots=True)
class DeskPorts:
    """All of it."""

    jobs: JobKeeping
    asking: Asking
    receiving: Receiving
    handling: Handling
    keyring: KeyKeeping | None = None
