"""Secrets taken out of what is logged: by the name of the field, and by their look inside a text."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

HIDDEN = "[redacted]"
DEEPEST = 6

_WORD = r"(?:token|secret|password|passwd|authorization|api[_-]?key|client[_-]?key|cookie|device[_-]?code|credential)s?"
_NAME = re.compile(rf"(?:^|[\W_]){_WORD}$|(?<=[a-z]){_WORD}$", re.IGNORECASE)
_IN_TEXT = (
    # Authorization: Bearer ..., also inside quotes
    re.compile(r"(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE),
    # token=..., as in a query, a form or a key=value list; the quotes, when there are any, go with the value
    re.compile(rf"(?P<keep>{_WORD}=)(?:\"[^\"]*\"|'[^']*'|[^\s&\"',;)}}\]]+)", re.IGNORECASE),
    # "token": "...", as in JSON or the repr of a dictionary
    re.compile(rf"(?P<keep>{_WORD}[\"']\s*:\s*b?)(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')", re.IGNORECASE),
    # X-Plex-Token: ..., as in a dump of headers; in prose a colon after such a word is common
    re.compile(rf"(?P<keep>(?:-{_WORD}|\bauthorization|\bcookie):\s*)(?!bearer\b|basic\b)[^\r\n\"']+", re.IGNORECASE),
    # /user/watched.json/KEY/name, Trakt's first API
    re.compile(r"(?P<keep>/user/watched\.json/)[^/\s\"'?]+", re.IGNORECASE),
    # https://user:password@host
    re.compile(r"(?P<keep>://)[^\s/@:]*:[^\s/@]+(?=@)"),
)


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a secret: `token`, `access_token`, `X-Plex-Token`, `clientSecret`."""
    return _NAME.search(name) is not None


def redact_text(text: str) -> str:
    """The text with what looks like a secret replaced; what names it stays."""
    for pattern in _IN_TEXT:
        text = pattern.sub(rf"\g<keep>{HIDDEN}", text)
    return text


def redact(value: object, depth: int = 0) -> Any:
    """A copy of a value of any shape without its secrets; what is nested too deeply is left out."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes):
        return redact_text(value.decode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return HIDDEN if depth > DEEPEST else {name: _field(str(name), held, depth) for name, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return HIDDEN if depth > DEEPEST else [redact(held, depth + 1) for held in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact_text(str(value))


def _field(name: str, value: object, depth: int) -> Any:
    """A number or a flag under a secret's name is a count or a time, not the secret."""
    if is_secret(name) and not (value is None or isinstance(value, bool | int | float)):
        return HIDDEN
    return redact(value, depth + 1)


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor; runs after tracebacks became text and before anything is written."""
    return {name: _field(name, value, 0) for name, value in event.items()}
