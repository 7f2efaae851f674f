"""A search: what a reader looks for."""

from dataclasses import dataclass

KINDS = {"movies": "movie", "shows": "show", "episodes": "episode"}
"""What can be asked for, and how a row of it is called."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One question; `type` is a key of `KINDS`, None for all. `packed` asks for gzip."""

    text: str
    type: str | None = None
    page: int = 1
    limit: int = 100
    packed: bool = False

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit
