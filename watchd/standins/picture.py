"""A small picture in one colour: a JPEG put together by hand, since the stand-in draws nothing else."""

import struct
import zlib

_QUANT = b"\x00" + b"\x08" * 64
_DC_CODES = bytes([0, 0, 0, 12] + [0] * 12)
_AC = b"\x10" + bytes([1] + [0] * 15) + b"\x00"


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def jpeg(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A baseline JPEG; each component is one level everywhere, so that all blocks but the first say "as before"."""
    red, green, blue = colour
    levels = (
        round(0.299 * red + 0.587 * green + 0.114 * blue) - 128,
        round(-0.1687 * red - 0.3313 * green + 0.5 * blue),
        round(0.5 * red - 0.4187 * green - 0.0813 * blue),
    )
    blocks = -(-width // 8) * -(-height // 8)
    bits = "".join(_block(min(max(level, -127), 127)) for level in levels) + _block(0) * 3 * (blocks - 1)
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"".join(bytes([n, 0x11, 0]) for n in (1, 2, 3))
    scan = b"\x03" + b"".join(bytes([n, 0]) for n in (1, 2, 3)) + b"\x00\x3f\x00"
    return (
        b"\xff\xd8"
        + _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + _segment(0xDB, _QUANT)
        + _segment(0xC0, frame)
        + _segment(0xC4, b"\x00" + _DC_CODES + bytes(range(12)))
        + _segment(0xC4, _AC)
        + _segment(0xDA, scan)
        + data
        + b"\xff\xd9"
    )


def _block(level: int) -> str:
    """The bits of one 8x8 block: the step of its level, then "nothing more". One level is one step of the quantizer."""
    size = abs(level).bit_length()
    value = level if level >= 0 else level + (1 << size) - 1
    return f"{size:04b}" + (f"{value:0{size}b}" if size else "") + "0"


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """The same as PNG, for logos."""

    def chunk(name: bytes, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))

    rows = (b"\x00" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
