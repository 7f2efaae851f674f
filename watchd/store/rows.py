"""Small things all nouns of the store share."""

import json
import sqlite3
from typing import Any

from watchd.model.media import MediaIds

Connection = sqlite3.Connection
Row = tuple[Any, ...]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(value: object) -> str:
    """Compact JSON text for a column."""
    return _encode(value)


def ids_text(ids: MediaIds) -> str:
    return dumps(dict(ids.items())) if ids else "{}"


def ids_of(text: str) -> MediaIds:
    return MediaIds(**json.loads(text)) if text != "{}" else MediaIds()


def one(connection: Connection, sql: str, *parameters: object) -> Any:
    """The first row, or None."""
    return connection.execute(sql, parameters).fetchone()
