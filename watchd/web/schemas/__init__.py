"""What each address takes and answers, as OpenAPI describes it.

Plain dictionaries made when they are asked for: as pydantic models they would cost every start a tenth of a second and two
megabytes, for a document that few ever read.
"""

from watchd.web.schemas import admin, cards, desk, doctor, hooks, library, media, ops, status, sync, titles, trakt_format
from watchd.web.schemas.operations import Operations
from watchd.web.schemas.shapes import Json

_PARTS = (hooks, trakt_format, cards, library, titles, admin, status, doctor, desk, sync, ops)


def described() -> Operations:
    """Every operation by its method and path."""
    found: Operations = {}
    for part in _PARTS:
        found |= part.operations()
    return found


def schemas() -> Json:
    """The shapes that have names."""
    found = media.schemas()
    for part in _PARTS:
        found |= part.schemas()
    return found
