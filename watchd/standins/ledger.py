"""Rows with the moments at which they came and went, so that a reader can be shown the past."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Numbered)


class Ledger(Generic[R]):
    def __init__(self) -> None:
        self._living: dict[int, tuple[R, int]] = {}
        self._gone: list[tuple[R, int, int]] = []
        self.version = 0

    def add(self, row: R, at: int) -> None:
        self._living[row.id] = row, at
        self.version += 1

    def remove(self, row_id: int, at: int) -> R | None:
        """Take the row out; None when it is not there."""
        found = self._living.pop(row_id, None)
        if found is None:
            return None
        row, came = found
        self._gone.append((row, came, at))
        self.version += 1
        return row

    def get(self, row_id: int) -> R | None:
        found = self._living.get(row_id)
        return found[0] if found else None

    def rows(self) -> list[R]:
        """What is there now, in the order of coming."""
        return [row for row, _ in self._living.values()]

    def as_of(self, moment: int) -> list[R]:
        """What was there at that moment."""
        still = [row for row, came in self._living.values() if came <= moment]
        return still + [row for row, came, went in self._gone if came <= moment < went]

    def remember(self) -> Callable[[], None]:
        """Note what is there; what is returned brings it back."""
        living, gone = dict(self._living), list(self._gone)

        def back() -> None:
            self._living, self._gone = living, gone
            self.version += 1

        return back
