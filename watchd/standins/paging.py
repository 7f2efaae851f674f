"""Pages: limits are clamped without a word, and the headers tell what was really done."""

from collections.abc import Sequence
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")


def paged(request: web.Request, rows: Sequence[T], default: int, most: int) -> tuple[Sequence[T], dict[str, str]]:
    """The rows of the page asked for, and the headers of the answer."""
    number = max(_whole(request.query.get("page"), 1), 1)
    limit = _whole(request.query.get("limit"), default)
    limit = min(limit if limit > 0 else default, most)
    headers = {
        "X-Pagination-Page": str(number),
        "X-Pagination-Limit": str(limit),
        "X-Pagination-Page-Count": str(-(-len(rows) // limit)),
        "X-Pagination-Item-Count": str(len(rows)),
    }
    return rows[(number - 1) * limit : number * limit], headers


def _whole(text: str | None, default: int) -> int:
    try:
        return default if text is None else int(text)
    except ValueError:
        return default
