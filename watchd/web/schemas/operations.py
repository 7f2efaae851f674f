"""One operation of the API, and the parameters and answers that many have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from watchd.web.schemas.shapes import Json, named, text, whole

NO_ACCOUNT = "There is no such account."
BODY = {408: "The body took too long to arrive.", 413: "The body is too large."}

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """`answers` are response objects by status, `refusals` the reasons of those that answer an error alone."""

    tag: str
    summary: str
    answers: Mapping[int, Json]
    refusals: Mapping[int, str] = field(default_factory=dict)
    parameters: tuple[Json, ...] = ()
    body: Json | None = None


Operations = dict[tuple[str, str], Operation]


def answering(about: str, shape: Json | None = None, *headers: str, media: str = JSON) -> Json:
    """A response; `headers` are names of components."""
    told: Json = {"description": about}
    if headers:
        told["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    if shape is not None:
        told["content"] = {media: {"schema": shape}}
    return told


def refused(about: str, *headers: str) -> Json:
    return answering(about, named("Error"), *headers)


def query(name: str, shape: Json, about: str, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "description": about, "required": required, "schema": shape}


def in_path(name: str, shape: Json, about: str) -> Json:
    return {"name": name, "in": "path", "description": about, "required": True, "schema": shape}


def taking(shape: Json, about: str, example: object = None, *, required: bool = True, media: tuple[str, ...] = (JSON,)) -> Json:
    """A request's body; `example` is one in JSON."""
    content: dict[str, Json] = {kind: {"schema": shape} for kind in media}
    if example is not None:
        content[JSON]["example"] = example
    return {"description": about, "required": required, "content": content}


def known() -> Json:
    """The ETag one has."""
    about = "The ETag of what one has; 304 when it is still that."
    return {"name": "If-None-Match", "in": "header", "description": about, "schema": text(maxLength=300)}


def user() -> Json:
    return query(
        "user",
        text(minLength=1, maxLength=100, examples=["me"]),
        "The name of an account; without it the default one is meant.",
    )


def number_in_path(about: str, example: int = 1) -> Json:
    return in_path("id", whole(minimum=1, maximum=10**18 - 1, examples=[example]), about)


def limit(most: int, default: int) -> Json:
    return query("limit", whole(minimum=1, maximum=most, default=default), "How many at most.")


PAGING = ("X-Pagination-Page", "X-Pagination-Limit", "X-Pagination-Page-Count", "X-Pagination-Item-Count")


def headers() -> Json:
    """All headers an answer may have, as components."""
    texts = {
        "ETag": "A strong one, made of the content.",
        "Cache-Control": "How long caches may keep it.",
        "Vary": "Which request headers the answer depends on.",
        "Allow": "The methods of this path.",
        "WWW-Authenticate": "How to come with a token.",
        "Location": "Where the picture is.",
    }
    pages = {
        "X-Pagination-Page": "Which page this is.",
        "X-Pagination-Limit": "How many rows a page has at most.",
        "X-Pagination-Page-Count": "How many pages there are.",
        "X-Pagination-Item-Count": "How many rows there are on all pages.",
    }
    found: Json = {name: {"description": about, "schema": text()} for name, about in texts.items()}
    found["Retry-After"] = {"description": "After how many seconds to try again.", "schema": whole(minimum=0)}
    return found | {name: {"description": about, "schema": whole(minimum=0)} for name, about in pages.items()}
