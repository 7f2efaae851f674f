"""A ready answer: bytes that are built once and served until something changes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """`etag` is a strong one in quotes, made of the content; `max_age` in seconds."""

    body: bytes
    etag: str
    max_age: int
