"""Hook tokens for one source each."""

from watchd.sources import HOOKS, trakt
from watchd.web.schemas.operations import BODY, Operation, Operations, answering, in_path, taking, user
from watchd.web.schemas.shapes import maybe, moment, one_of, record, rows, text

_NO_SOURCE = "There is no such source or account, or no token for it alone."
_SOURCES = sorted({*HOOKS, trakt.SOURCE})


def operations(tag: str) -> Operations:
    key = {"source": text(), "account": maybe(text("None: the household."))}
    return {
        ("GET", "/api/hooks/tokens"): Operation(
            tag,
            "Which hook tokens there are for one source alone",
            {200: answering("Without their secrets.", record({"tokens": rows(record(key | {"made_at": moment()}))}))},
        ),
        ("POST", "/api/hooks/tokens"): Operation(
            tag,
            "Make a hook token for one source alone, in the place of the one before",
            {201: answering("It is good from now on.", record(key | {"token": text()}))},
            BODY | {400: "The body names no source.", 404: _NO_SOURCE},
            (user(),),
            taking(record({"source": one_of(_SOURCES)}), "Whose it is to be.", {"source": "plex"}),
        ),
        ("DELETE", "/api/hooks/tokens/{source}"): Operation(
            tag,
            "Revoke the hook token for one source alone",
            {200: answering("It opens nothing any more.", record({"revoked": text(), "account": key["account"]}))},
            {404: _NO_SOURCE},
            (in_path("source", one_of(_SOURCES), "Whose it is."), user()),
        ),
    }
