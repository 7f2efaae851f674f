"""The shape of a setup, and how the addresses and the token get into its texts."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote


class Place(NamedTuple):
    """Where events go: our address as the media center knows it, and the hook token."""

    base: str
    token: str

    def filled(self, text: str) -> str:
        """A text with its marks replaced; braces are left alone, for templates are full of them."""
        marks = {"@BASE@": self.base, "@TOKEN@": self.token, "@SAFE_TOKEN@": quote(self.token, safe="")}
        for mark, value in marks.items():
            text = text.replace(mark, value)
        return text


@dataclass(frozen=True, slots=True)
class Setup:
    """How one source is set up. `steps` are numbered when printed; `templates` are (what it is for, text to paste).

    `also` names what else would record the same plays, to be turned off; `know` is what is good to know of this source.
    `address` is what goes into its URL field; where that has a token, the source can send nothing but a URL.
    """

    title: str
    address: str
    brief: str
    steps: tuple[str, ...]
    also: str
    templates: tuple[tuple[str, str], ...] = ()
    know: tuple[str, ...] = ()
