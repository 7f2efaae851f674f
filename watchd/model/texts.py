"""Texts that a database takes: JSON can write halves of letters, which nothing can keep and nobody can be sent."""

import json
import re
from typing import Any

_HALVES = re.compile(r"\\u[dD][89a-fA-F]")
_RAW_HALVES = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def storable(text: str) -> str:
    """The text, with halves of letters replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def storable_json(text: str) -> str:
    """The same for a text in JSON, where halves may be written as escapes; ValueError when that is no JSON."""
    text = storable(text)
    return text if _HALVES.search(text) is None else storable(_encode(json.loads(text)))


def loads(body: bytes) -> Any:
    """The value that stands in JSON, its texts storable; ValueError or RecursionError when there is none."""
    value = json.loads(body)
    return value if _RAW_HALVES.search(body) is None else json.loads(storable(_encode(value)))
