"""Finding the JSON document within a body, whatever framing it comes in and whatever its content type claims."""

import json
import re
from typing import NoReturn
from urllib.parse import parse_qs

from watchd.errors import MalformedPayload

FIELDS = (b"payload", b"data")
EMPTY = "empty_body"
_BOM = b"\xef\xbb\xbf"
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,200})"|([^\s;",]{1,200}))', re.IGNORECASE)
_NAME = re.compile(rb'[;\s]name\s*=\s*(?:"([^"]*)"|([^;\s]+))', re.IGNORECASE)
_HEAD = 8192
_MOST_PARTS = 32
_MOST_FIELDS = 512
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


def document(body: bytes, content_type: str) -> str:
    """The text of the JSON document within a body: bare, as a part of a multipart form, or as a field of an encoded one.

    MalformedPayload with reason `EMPTY` when there is nothing in it: a template may have rendered to nothing.
    """
    start = body.removeprefix(_BOM).lstrip()
    if start[:1] in (b"{", b"["):
        return _decoded(start)
    boundary = _BOUNDARY.search(content_type) if content_type[:10].lower() == "multipart/" else None
    if start and (boundary is not None or start.startswith(b"--")):
        mark = (boundary[1] or boundary[2]).encode("utf-8", "surrogateescape") if boundary else start.partition(b"\r\n")[0][2:]
        text = _decoded(_part(body if boundary else start, mark).removeprefix(_BOM))
    else:
        text = _field(start) if start else ""
    if not text.strip():
        raise MalformedPayload(EMPTY, "the body is empty")
    return text


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    if "\0" in text[:4]:  # UTF-16 and UTF-32 without a mark: every other byte of ASCII is zero
        raise _not_utf8()
    return text


def _not_utf8() -> MalformedPayload:
    return MalformedPayload("not_utf8", "the body is not UTF-8: have the sender encode it so")


def _part(body: bytes, boundary: bytes) -> bytes:
    """The part that holds the payload; what else there is, a picture for one, is passed over unread."""
    mark = b"\r\n--" + boundary
    body = b"\r\n" + body
    end = body.rfind(mark + b"--")
    if end < 0:
        raise MalformedPayload("torn_multipart", "the multipart body does not end with its boundary")
    at = body.find(mark)
    for _ in range(_MOST_PARTS):
        if at >= end:
            raise MalformedPayload("no_payload", "the multipart body has no part called payload or data")
        start, following = at + len(mark), body.find(mark, at + len(mark))
        blank = body.find(b"\r\n\r\n", start, min(start + _HEAD, following))
        if blank >= 0 and _field_name(body[start:blank]) in FIELDS:
            return body[blank + 4 : following]
        at = following
    raise MalformedPayload("torn_multipart", "the multipart body has too many parts")


def _field_name(head: bytes) -> bytes | None:
    for line in head.split(b"\r\n"):
        if line[:20].lower() == b"content-disposition:":
            match = _NAME.search(line)
            return match[1] or match[2] if match else None
    return None


def _field(data: bytes) -> str:
    """The field of a form that holds the payload; without such a field the form itself is it, its values as text."""
    text = _decoded(data)
    if (bare := _unencoded(text)) is not None:
        return bare
    try:
        fields = parse_qs(text, errors="strict", max_num_fields=_MOST_FIELDS, keep_blank_values=True)
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except ValueError as error:
        raise MalformedPayload("not_json", "the body is neither JSON nor a form") from error
    for name in map(bytes.decode, FIELDS):
        if name in fields:
            return fields[name][0].removeprefix("\ufeff")
    if "=" in text and all(map(_KEY.fullmatch, fields)):
        return json.dumps({name: values[0] for name, values in fields.items()})
    raise MalformedPayload("not_json", "the body is neither JSON nor a form")


def _unencoded(text: str) -> str | None:
    """What follows `data=` where a script wrote the JSON as it is, so that an ampersand or a plus sign in it is only that."""
    name, _, value = text.partition("=")
    if name.encode() not in FIELDS or not value.startswith("{"):
        return None
    try:
        loads(value)
    except MalformedPayload:
        return None
    return value


def loads(text: str) -> object:
    """The value a JSON document stands for; whatever is wrong with it is a MalformedPayload."""
    try:
        value: object = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise MalformedPayload("too_deep", "the JSON is nested too deeply") from error
    except ValueError as error:
        raise MalformedPayload("not_json", "the body is not JSON") from error
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
