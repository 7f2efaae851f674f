"""A zip from somebody else, read member by member into memory: nothing is unpacked, nothing it says of itself is believed."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from watchd.errors import WatchdError

MOST_MEMBERS = 10_000
LARGEST_MEMBER = 32 * 1024 * 1024
LARGEST_WHOLE = 1024 * 1024 * 1024
_SURE = 8 * 1024 * 1024
_RATIO = 100
_PIECE = 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_JUNK = ("__MACOSX/", "__macosx/")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class NotAnImport(WatchdError):
    """The file as a whole cannot be imported; the text says why."""


class BadMember(WatchdError):
    """One member cannot be read; the others may be fine."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member that may be read, by its name as it stands in the archive."""

    name: str
    info: zipfile.ZipInfo


class Archive:
    """An open zip. `members` are those that may be read, `refused` the others by the reason."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._left = LARGEST_WHOLE
        infos = [info for info in file.infolist() if not _is_junk(info.filename)]
        if len(infos) > MOST_MEMBERS:
            raise NotAnImport(f"the archive has more than {MOST_MEMBERS} members")
        twice = _twice([info.filename for info in infos])
        self.members: list[Member] = []
        self.refused: list[tuple[str, str]] = []
        for info in infos:
            reason = "stands in the archive twice" if info.filename in twice else _refusal(info)
            if reason is None:
                self.members.append(Member(info.filename, info))
            else:
                self.refused.append((info.filename, reason))

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator["Archive"]:
        """Open a zip for the time of the block; NotAnImport when it is none."""
        try:
            file = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise NotAnImport("the file is no zip archive that can be read") from error
        with file:
            yield cls(file)

    def read(self, member: Member) -> bytes:
        """The bytes of a member, counted as they come; BadMember when they are not what they should be."""
        pieces, size = list[bytes](), 0
        try:
            with self._file.open(member.info) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    self._left -= len(piece)
                    if size > LARGEST_MEMBER:
                        raise BadMember(f"is larger than {LARGEST_MEMBER // _PIECE} MiB")
                    if size > _SURE and size > _RATIO * max(1, member.info.compress_size):
                        raise BadMember("is packed suspiciously well")
                    if self._left < 0:
                        raise NotAnImport("the archive is too large unpacked")
                    pieces.append(piece)
        except _BROKEN as error:
            raise BadMember("is damaged") from error
        if size != member.info.file_size:
            raise BadMember("is not as long as the archive says")
        return b"".join(pieces)


def _is_junk(name: str) -> bool:
    last = name.rstrip("/").rpartition("/")[2]
    return name.endswith("/") or name.startswith(_JUNK) or last.startswith("._") or last in {".DS_Store", "Thumbs.db"}


def _twice(names: list[str]) -> set[str]:
    seen, twice = set[str](), set[str]()
    for name in names:
        (twice if name in seen else seen).add(name)
    return twice


def _refusal(info: zipfile.ZipInfo) -> str | None:
    name = info.filename
    # What the directory says raw: zipfile cuts names at a NUL and turns foreign separators.
    if "\\" in info.orig_filename or "\0" in info.orig_filename or name.startswith("/") or ".." in name.split("/"):
        return "has a name that leads elsewhere"
    if info.flag_bits & 0x1:
        return "is encrypted"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    if info.compress_type not in _METHODS:
        return "is packed in an unusual way"
    if info.file_size > LARGEST_MEMBER:
        return f"is larger than {LARGEST_MEMBER // _PIECE} MiB"
    if name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        return "is an archive itself"
    return None
