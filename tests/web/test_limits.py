"""What is too large, too slow or cut off, sent by hand."""

import asyncio
import json

import pytest

from tests.web.fakes import House
from tests.web.wire import chunked, request, talk
from watchd.web.ports import Limits
from watchd.web.server import make_app, serve

SMALL = json.dumps({"event": "library.new"}).encode()
BOUNDARY = "----------0123456789abcdef"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def form(payload: bytes, picture: int = 0, *, close: bool = True) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="payload"\r\nContent-Type: application/json\r\n\r\n'.encode()
    thumb = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="thumb"; filename="thumb.jpg"\r\n\r\n'.encode()
    end = f"\r\n--{BOUNDARY}--\r\n".encode() if close else b""
    return head + payload + (thumb + b"\xff" * picture if picture else b"") + end


@pytest.mark.parametrize("path", ["/hooks/plex", "/trakt/scrobble/start"])
async def test_a_body_of_20_megabytes_is_a_413(house: House, path: str) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0, lingering_seconds=0.2) as port:
        reply = await talk(port, request(path, b" " * 20_000_000))
    assert reply.status == 413
    assert json.loads(reply.body)["error"]
    assert house.recording.raws == []
    source = "plex" if "plex" in path else "trakt"
    assert house.count("watchd_events_rejected_total", source=source, reason="too_large") == 1


@pytest.mark.parametrize("content_type", ["application/json", MULTIPART])
async def test_a_chunked_body_of_20_megabytes_is_a_413(house: House, content_type: str) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0, lingering_seconds=0.2) as port:
        sent = request(
            "/hooks/plex", chunked(1_000_000, 20), Content_Length="", Transfer_Encoding="chunked", Content_Type=content_type
        )
        reply = await talk(port, sent)
    assert reply.status == 413
    assert house.recording.raws == []


async def test_a_form_may_be_larger_than_a_document(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0, lingering_seconds=0.2) as port:
        form_reply = await talk(port, request("/hooks/plex", form(SMALL, 5_000_000), Content_Type=MULTIPART))
        bare_reply = await talk(port, request("/hooks/plex", SMALL + b" " * 5_000_000))
        padded = await talk(port, request("/hooks/plex", form(SMALL + b" " * 2_000_000), Content_Type=MULTIPART))
    assert (form_reply.status, bare_reply.status, padded.status) == (200, 413, 413)


async def test_a_compressed_body_counts_by_what_it_becomes(house: House) -> None:
    bomb = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        reply = await talk(port, request("/hooks/plex", bomb + b"not deflate at all", Content_Encoding="gzip"))
    assert reply.status == 400


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.99])
async def test_a_form_that_is_cut_off_is_a_400(house: House, cut: float) -> None:
    whole = form(SMALL, 2_000)
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        reply = await talk(port, request("/hooks/plex", whole[: int(len(whole) * cut)], Content_Type=MULTIPART))
    assert reply.status == 400
    assert json.loads(reply.body)["reason"] in {"torn_multipart", "not_json"}
    assert len(house.recording.raws) == 1


async def test_a_body_that_dawdles_is_a_408(house: House) -> None:
    house.limits = Limits(seconds=0.05)
    async with serve(make_app(house.ports()), "127.0.0.1", 0, lingering_seconds=0.2) as port:
        reply = await talk(port, request("/hooks/plex", SMALL, Content_Length="5000"))
    assert reply.status == 408
    assert "connection: close" in reply.head.lower()
    assert house.recording.raws == []


async def test_a_body_shorter_than_announced_keeps_nothing_and_harms_nobody(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request("/hooks/plex", SMALL, Content_Length="5000"))
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        reply = await talk(port, request("/hooks/plex", SMALL))
    assert reply.status == 200
    assert len(house.recording.raws) == 1


async def test_a_body_longer_than_announced_is_refused(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        reply = await talk(port, request("/hooks/plex", SMALL + b"GARBAGE", Content_Length=str(len(SMALL))))
    assert reply.status == 400
    assert house.recording.raws == []


async def test_torn_chunks_are_a_400(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        reply = await talk(port, request("/hooks/plex", b"zz\r\n{}\r\n", Content_Length="", Transfer_Encoding="chunked"))
    assert reply.status == 400


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    ],
)
async def test_a_head_that_dawdles_is_cut_off(house: House, start: bytes) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0, head_seconds=0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(start)
        async with asyncio.timeout(5):
            with pytest.raises(ConnectionError):
                await never_answered(reader)
        writer.close()


async def never_answered(reader: asyncio.StreamReader) -> None:
    """Reads to the end, which must come without a byte: as a reset, or as an end that counts as one."""
    assert await reader.read() == b""
    raise ConnectionResetError


async def test_a_head_in_pieces_is_answered_and_its_connection_kept(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0, head_seconds=0.3) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in (b"\r\nGET /healthz HT", b"TP/1.1\r\nHost: 127.0.0.1\r", b"\n\r", b"\n"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(0.4)  # past the limit: a connection that has had its first head is not cut off
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
        writer.close()
        await writer.wait_closed()


async def test_stopping_does_not_wait_for_idle_connections(house: House) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        connections[0][1].write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        await connections[0][0].readuntil(b"}")
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 1
    for _, writer in connections:
        writer.close()


async def test_a_garbled_request_line_tells_no_secret(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    async with serve(make_app(house.ports()), "127.0.0.1", 0) as port:
        reply = await talk(port, b"GET /hooks/plex?token=very-secret HTTP/9.x\r\n\r\n")
    assert reply.status == 400
    captured = capfd.readouterr()
    assert "very-secret" not in captured.out + captured.err
    assert "Traceback" not in captured.out + captured.err
