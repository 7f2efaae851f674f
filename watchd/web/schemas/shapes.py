"""JSON Schema in few words."""

from collections.abc import Iterable, Mapping

Json = dict[str, object]


def text(about: str | None = None, **more: object) -> Json:
    return _typed("string", about, more)


def whole(about: str | None = None, **more: object) -> Json:
    return _typed("integer", about, more)


def number(about: str | None = None, **more: object) -> Json:
    return _typed("number", about, more)


def yes_no(about: str | None = None) -> Json:
    return _typed("boolean", about, {})


def moment(about: str | None = None) -> Json:
    """A moment as all of ours are written, in UTC."""
    return text(about, format="date-time")


def one_of(values: Iterable[object], about: str | None = None, **more: object) -> Json:
    return text(about, enum=[str(value) for value in values], **more)


def rows(item: Json, about: str | None = None, **more: object) -> Json:
    return _typed("array", about, {"items": item, **more})


def record(always: Mapping[str, Json], sometimes: Mapping[str, Json] | None = None, about: str | None = None) -> Json:
    """An object: members that are always there, others that may be, and perhaps more to come."""
    more: Json = {"properties": {**always, **(sometimes or {})}}
    if always:
        more["required"] = list(always)
    return _typed("object", about, more)


def table(values: Json, about: str | None = None) -> Json:
    """An object whose names are data."""
    return _typed("object", about, {"additionalProperties": values})


def maybe(shape: Json) -> Json:
    """The same, or null."""
    if "enum" in shape and isinstance(shape["enum"], list):
        return {**shape, "type": [shape["type"], "null"], "enum": [*shape["enum"], None]}
    if "type" in shape:
        return {**shape, "type": [shape["type"], "null"]}
    return {"anyOf": [shape, {"type": "null"}]}


def either(*shapes: Json) -> Json:
    return {"anyOf": list(shapes)}


def named(name: str) -> Json:
    """The component of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _typed(kind: str, about: str | None, more: Mapping[str, object]) -> Json:
    return {"type": kind, **({} if about is None else {"description": about}), **more}
