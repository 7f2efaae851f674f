"""What is printed for people: titles, names and bodies come from strangers, and must not steer the terminal."""

import re
from typing import TextIO

_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> str:
    r"""The text with control characters, and those that turn its direction, written out as JSON does: `\u001b`."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(text: str, to: TextIO | None = None) -> None:
    """Print it plain, to standard output unless told otherwise."""
    print(plain(text), file=to, flush=True)
