"""Operations: health, figures, and this description itself."""

from watchd.web.schemas.operations import Operation, Operations, answering, known
from watchd.web.schemas.shapes import Json, one_of, record, rows, text

_OPS = "operations"
_HEADERS = ("ETag", "Cache-Control", "Vary")


def schemas() -> Json:
    return {}


def operations() -> Operations:
    unready = record({"error": text(), "reasons": rows(text())})
    return {
        ("GET", "/healthz"): Operation(
            _OPS, "Whether the daemon lives", {200: answering("It does.", record({"status": one_of(["ok"])}))}
        ),
        ("GET", "/readyz"): Operation(
            _OPS,
            "Whether requests should come here",
            {
                200: answering("They should.", record({"status": one_of(["ready"])})),
                503: answering("They should not now.", unready),
            },
        ),
        ("GET", "/metrics"): Operation(
            _OPS, "Figures for Prometheus", {200: answering("In its text format.", text(), media="text/plain")}
        ),
        ("GET", "/openapi.json"): Operation(
            _OPS,
            "This description",
            {
                200: answering("OpenAPI 3.1.", record({"openapi": text(), "info": record({}), "paths": record({})}), *_HEADERS),
                304: answering("The reader has it.", None, *_HEADERS),
            },
            parameters=(known(),),
        ),
    }
