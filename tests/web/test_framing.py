"""Finding the document in a body."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchd.errors import MalformedPayload
from watchd.web.framing import EMPTY, document, loads

HEAD = b'--b\r\nContent-Disposition: form-data; name="payload"\r\n\r\n'


def reason(body: bytes, content_type: str = "") -> str:
    with pytest.raises(MalformedPayload) as refusal:
        document(body, content_type)
    return refusal.value.reason


@pytest.mark.parametrize(
    "body, content_type",
    [
        (b'{"a":1}', ""),
        (b'\xef\xbb\xbf\r\n {"a":1}', "text/plain"),
        (HEAD + b'{"a":1}\r\n--b--\r\n', "multipart/form-data; boundary=b"),
        (HEAD + b'{"a":1}\r\n--b--', 'Multipart/Form-Data; charset=x; BOUNDARY="b"'),
        (HEAD + b'{"a":1}\r\n--b--\r\n', "text/plain"),
        (b"preamble\r\n" + HEAD + b'{"a":1}\r\n--b--\r\nepilogue', "multipart/form-data; boundary=b"),
        (
            b'--b\r\ncontent-disposition: form-data; filename="name.json"; name=data\r\nX: y\r\n\r\n{"a":1}\r\n--b--',
            "multipart/x; boundary=b",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="thumb"\r\n\r\n\xff\xd8\r\n' + HEAD + b'{"a":1}\r\n--b--',
            "multipart/form-data; boundary=b",
        ),
        (HEAD + b'\xef\xbb\xbf{"a":1}\r\n--b--\r\n', "multipart/form-data; boundary=b"),
        (b"payload=%7B%22a%22%3A1%7D&x=1", "application/x-www-form-urlencoded"),
        (b"data=%7B%22a%22:1}", "text/plain"),
        (b'data={"a":1}', "application/x-www-form-urlencoded"),
    ],
)
def test_the_document_is_found(body: bytes, content_type: str) -> None:
    assert loads(document(body, content_type)) == {"a": 1}


@pytest.mark.parametrize(
    "body, content_type, expected",
    [
        (HEAD + b'{"a":1}', "multipart/form-data; boundary=b", "torn_multipart"),
        (HEAD + b'{"a":1}\r\n--b\r\n', "multipart/form-data; boundary=b", "torn_multipart"),
        (HEAD[:-2], "multipart/form-data; boundary=b", "torn_multipart"),
        (HEAD + b'{"a":1}\r\n--b--\r\n', "multipart/form-data; boundary=other", "torn_multipart"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", "no_payload"),
        (
            b'--b\r\nContent-Disposition: form-data; name="thumb"\r\n\r\nx\r\n--b--',
            "multipart/form-data; boundary=b",
            "no_payload",
        ),
        (b"--b\r\nX: y\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b", "no_payload"),
        (b"--b\r\n" * 1000 + b"\r\n--b--", "multipart/form-data; boundary=b", "torn_multipart"),
        (HEAD + b"\xff\xfe\r\n--b--\r\n", "multipart/form-data; boundary=b", "not_utf8"),
        (b"--", "", "torn_multipart"),
        (b"an=other=1&what ever=2", "application/x-www-form-urlencoded", "not_json"),
        (b"payload=%FF", "application/x-www-form-urlencoded", "not_utf8"),
        (b"payload=%E9t%E9", "application/x-www-form-urlencoded", "not_utf8"),
        (b"a=1&" * 1000, "application/x-www-form-urlencoded", "not_json"),
        ('{"a": "\u00e9"}'.encode("latin-1"), "application/json; charset=latin-1", "not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "application/json; charset=utf-16", "not_utf8"),
        ('{"a": 1}'.encode("utf-16-le"), "application/json", "not_utf8"),
        ('{"a": 1}'.encode("utf-16-be"), "application/json", "not_utf8"),
        ('{"a": 1}'.encode("utf-32"), "application/json", "not_utf8"),
        (b"null", "application/json", "not_json"),
    ],
)
def test_a_body_without_one_is_refused(body: bytes, content_type: str, expected: str) -> None:
    assert reason(body, content_type) == expected


@pytest.mark.parametrize(
    "body, content_type",
    [
        (b"", ""),
        (b" \r\n\t", "application/json"),
        (b"\xef\xbb\xbf\n", "text/plain"),
        (b"", "multipart/form-data; boundary=b"),
        (HEAD + b" \r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (b"payload=", "application/x-www-form-urlencoded"),
        (b"data=%20%0A", "application/x-www-form-urlencoded"),
    ],
)
def test_what_a_template_rendered_to_nothing_is_an_empty_body(body: bytes, content_type: str) -> None:
    assert reason(body, content_type) == EMPTY


def test_json_that_was_not_encoded_for_its_form_is_taken_as_it_is() -> None:
    assert loads(document(b'data={"a":"Tom & Jerry + 100%25"}', "")) == {"a": "Tom & Jerry + 100%25"}
    assert loads(document(b'payload={"a"%3A1}&x=1', "")) == {"a": 1}


def test_a_form_that_is_itself_the_payload_becomes_an_object_of_text() -> None:
    body = b"NotificationType=PlaybackStart&ItemType=Movie&Name=S%C3%A9rie+%26+Co&Played=True&Year="
    expected = {
        "NotificationType": "PlaybackStart",
        "ItemType": "Movie",
        "Name": "S\u00e9rie & Co",
        "Played": "True",
        "Year": "",
    }
    assert loads(document(body, "application/x-www-form-urlencoded")) == expected


@given(
    body=st.binary(max_size=300), content_type=st.sampled_from(["", "multipart/form-data; boundary=b", "multipart/x", "a/b"])
)
def test_any_bytes_give_text_or_a_refusal(body: bytes, content_type: str) -> None:
    try:
        assert isinstance(document(body, content_type), str)
    except MalformedPayload as refusal:
        reasons = {"empty_body", "not_json", "not_utf8", "torn_multipart", "no_payload"}
        if refusal.reason not in reasons:
            raise


@given(text=st.text(max_size=60))
def test_any_text_is_json_or_refused(text: str) -> None:
    try:
        json.dumps(loads(text))
    except MalformedPayload as refusal:
        if refusal.reason != "not_json":
            raise
