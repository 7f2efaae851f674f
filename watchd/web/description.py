"""The description of every address in OpenAPI 3.1, put together from the route table."""

from collections.abc import Iterable, Mapping

from watchd import __version__
from watchd.web.middleware import Route
from watchd.web.schemas import described, schemas
from watchd.web.schemas.operations import Operation, headers, refused
from watchd.web.schemas.shapes import Json
from watchd.web.tokens import Scope

_ABOUT = (
    "A local-first scrobble and now-watching daemon. Reads over the loopback interface need no token unless something stands "
    "in between; elsewhere they do. Every GET answers HEAD, every path OPTIONS, and an unknown method 405 with Allow."
)
_SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic", "description": "The token is the password; the user is anything."},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "address": {"type": "apiKey", "in": "query", "name": "token", "description": "Never for the admin's token."},
}
_COMMON = {401: "Unauthorized", 403: "Forbidden", 500: "Failed", 503: "Unavailable"}
_IN_PATH = ("{token}", "{apikey}")


def document(routes: Iterable[Route]) -> Json:
    """OpenAPI 3.1 of all routes that are described."""
    known = described()
    paths: dict[str, Json] = {}
    for route in routes:
        operation = known.get((route.method, route.path))
        if operation is not None:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "watchd",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {"schemas": schemas(), "responses": _refusals(), "headers": headers(), "securitySchemes": _SCHEMES},
    }


def _operation(route: Route, operation: Operation) -> Json:
    told: Json = {
        "operationId": f"{route.method.lower()}{_name(route.path)}",
        "tags": [operation.tag],
        "summary": operation.summary,
        "security": _security(route),
        "responses": _responses(route.scope, operation),
    }
    if operation.parameters:
        told["parameters"] = list(operation.parameters)
    if operation.body is not None:
        told["requestBody"] = operation.body
    return told


def _name(path: str) -> str:
    return "".join(f"_{part.strip('{}').replace('.', '_').replace('-', '_')}" for part in path.split("/") if part)


def _security(route: Route) -> list[Mapping[str, list[str]]]:
    """Which tokens it takes, each for `scope`; an empty object where none may be needed."""
    if route.scope is Scope.NONE:
        return []
    scope = Scope.READ if route.scope is Scope.CARD else route.scope
    names = ("bearer", "key", "basic") if scope is Scope.ADMIN else ("bearer", "key", "basic", "address")
    ways: list[Mapping[str, list[str]]] = [{name: [str(scope)]} for name in names]
    free = scope is Scope.READ or any(part in route.path for part in _IN_PATH)
    return [{}, *ways] if free else ways


def _responses(scope: Scope, operation: Operation) -> Json:
    common = (500,) if scope is Scope.NONE else tuple(_COMMON)
    found: dict[int, Json] = {status: {"$ref": f"#/components/responses/{_COMMON[status]}"} for status in common}
    found |= {status: refused(why) for status, why in operation.refusals.items()}
    found |= operation.answers
    return {str(status): found[status] for status in sorted(found)}


def _refusals() -> Json:
    return {
        "Unauthorized": refused("A token is needed, or this one is not known.", "WWW-Authenticate"),
        "Forbidden": refused("The token, the host name or the page the request comes from does not allow this."),
        "Failed": refused("An error nobody foresaw."),
        "Unavailable": refused("The store cannot be used now: try again.", "Retry-After"),
    }
