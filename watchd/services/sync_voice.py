"""Through which client the library is read, and whose it is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from watchd.clients.trakt_sections import Page, Source, TraktSections

T = TypeVar("T")
Still = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Voice:
    """`user` is `me` with a login, else the name of a public profile.

    `still` raises when the client speaks for another user by now: an answer is asked for with the tokens of the moment.
    """

    trakt: TraktSections
    user: str
    more: dict[str, str] = field(default_factory=dict)
    still: Still | None = None

    @property
    def own(self) -> bool:
        return self.user == "me"

    @property
    def names(self) -> dict[str, str]:
        """What stands in paths."""
        return {"user": self.user, **self.more}

    async def activities(self) -> dict[str, Any]:
        """When what changed last."""
        return await self._heard(self.trakt.activities())

    async def one(self, source: Source) -> dict[str, Any]:
        """A section that is one object."""
        return await self._heard(self.trakt.one(source, self.names))

    async def page(
        self, source: Source, number: int, names: Mapping[str, str] | None = None, params: Mapping[str, str] | None = None
    ) -> Page:
        """One page of a list."""
        return await self._heard(self.trakt.page(source, {**self.names, **(names or {})}, number, params))

    async def _heard(self, answer: Awaitable[T]) -> T:
        told = await answer
        if self.still is not None:
            await self.still()
        return told
