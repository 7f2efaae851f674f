"""Pages of personal documents: rows as they come, and the envelope around them."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

from watchd.clock import iso
from watchd.model.personal import Ask, Headers

Rows = AsyncIterator[list[str]]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose documents they are, under which name, and whether anything of Trakt's library is kept.

    `unfinished`: Trakt's history was never read to its end.
    """

    account_id: int
    username: str
    synced: bool
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What stands in one envelope. `rows` are JSON texts, `total` how many there are on all pages; `one`: an object alone."""

    endpoint: str
    rows: Rows
    total: int
    updated_at: int | None
    note: str | None = None
    one: bool = False


Pages = Page | Mapping[str, Page]


def encoded(value: object) -> str:
    """Compact JSON."""
    return _encode(value)


def decoded(texts: list[str]) -> dict[str, object] | None:
    """The object in the first of these JSON texts; None when there is none."""
    found = json.loads(texts[0]) if texts else None
    return found if isinstance(found, dict) else None


async def given(*rows: str) -> Rows:
    """Rows that are there already."""
    yield list(rows)


def headers(pages: Pages, ask: Ask) -> Headers:
    """How it is paged; of a pair: what there is in all, and the pages of the longer one."""
    all_pages = [pages] if isinstance(pages, Page) else list(pages.values())
    if all_pages[0].one:
        return ()
    count = max(1, *(-(-page.total // ask.limit) for page in all_pages), 0)
    return (
        ("X-Pagination-Page", str(ask.page)),
        ("X-Pagination-Limit", str(ask.limit)),
        ("X-Pagination-Page-Count", str(count)),
        ("X-Pagination-Item-Count", str(sum(page.total for page in all_pages))),
    )


async def written(pages: Pages, ask: Ask, reader: Reader) -> AsyncIterator[bytes]:
    """The document in pieces: one envelope, or an object of several."""
    if isinstance(pages, Page):
        async for piece in _enveloped(pages, ask, reader):
            yield piece
        return
    opening = "{"
    for name, page in pages.items():
        yield f"{opening}{_encode(name)}:".encode()
        opening = ","
        async for piece in _enveloped(page, ask, reader):
            yield piece
    yield b"}"


async def _enveloped(page: Page, ask: Ask, reader: Reader) -> AsyncIterator[bytes]:
    yield f'{{"metadata":{_encode(_metadata(page, ask, reader))},"data":'.encode()
    if not page.one:
        yield b"["
    comma = ""
    async for rows in page.rows:
        if rows:
            yield (comma + ",".join(rows)).encode()
            comma = ","
    yield b"}" if page.one else b"]}"


def noted(pages: Pages, note: str) -> Pages:
    """The same with a note, after the one there is."""
    if isinstance(pages, Page):
        return replace(pages, note=note if pages.note is None else f"{pages.note}; {note}")
    return {name: replace(page, note=note if page.note is None else f"{page.note}; {note}") for name, page in pages.items()}


def _metadata(page: Page, ask: Ask, reader: Reader) -> dict[str, object]:
    updated = None if page.updated_at is None else iso(page.updated_at)
    told: dict[str, object] = {
        "last_updated": updated,
        "fetched_at": updated,
        "source": "trakt" if reader.synced else "local",
        "username": reader.username,
        "endpoint": page.endpoint,
    }
    if page.one:
        told["count"] = page.total
    else:
        told["count"] = max(0, min(ask.limit, page.total - ask.offset))
        told |= {"total": page.total, "page": ask.page, "limit": ask.limit}
    return told if page.note is None else told | {"note": page.note}
