"""A hand at the desk that can do nothing."""

from dataclasses import dataclass
from pathlib import Path

from watchd.errors import WatchdError
from watchd.web.desk_ports import Json


@dataclass
class Refusing:
    """A hand that can do nothing, and says why; nor are there others at the desk."""

    error: WatchdError

    async def add(self, *_told: object, **_more: object) -> Json:
        raise self.error

    async def delete(self, *_told: object, **_more: object) -> Json:
        raise self.error

    async def ask(self, *_told: object, **_more: object) -> Json:
        raise self.error

    async def take(self, *_told: object, **_more: object) -> Json:
        raise self.error

    def spool(self) -> Path:
        raise self.error

    def discard(self, _path: Path, /) -> None:
        raise self.error

    def start(self, *_told: object, **_more: object) -> int:
        raise self.error
