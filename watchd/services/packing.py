"""A zip written as Trakt writes its own: members of a page each, and nothing in them that the data does not say."""

import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice

PAGE = 250
_WHEN = (1980, 1, 1, 0, 0, 0)


class Pack:
    """An archive being written; names are without their ending, texts are JSON."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def one(self, name: str, text: str) -> None:
        """A member that is never paged."""
        info = zipfile.ZipInfo(f"{name}.json", _WHEN)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        info.create_system = 3
        self._archive.writestr(info, text.encode("utf-8", "surrogatepass"), compresslevel=6)

    def pages(self, base: str, rows: Iterable[str], *, numbered: bool = False) -> None:
        """Rows in members of a page each: one page has the bare name, unless `numbered`; without any rows it is empty."""
        paged = _by_page(iter(rows))
        first, second = next(paged, []), next(paged, None)
        if second is None and not numbered:
            self.one(base, f"[{','.join(first)}]")
            return
        for number, page in enumerate(chain([first], [] if second is None else [second], paged), 1):
            self.one(f"{base}-{number}", f"[{','.join(page)}]")


def _by_page(rows: Iterator[str]) -> Iterator[list[str]]:
    while page := list(islice(rows, PAGE)):
        yield page
