"""Trakt's methods as a table: which there are, how each is asked, and whether a call fits the one it is for."""

import csv
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import unquote

from watchd.errors import WatchdError

VERBS = ("GET", "POST", "PUT", "DELETE")
PAGING = ("page", "limit")
_ANYWHERE = frozenset({"images", "colors", "streaming_ids"})
"""Levels of detail that every method takes which takes any."""

_ALIKE = 0.6


class NotAMethod(WatchdError):
    """A call that fits no method of Trakt, or not in this way; the text says what would."""


@dataclass(frozen=True, slots=True)
class Method:
    """A row of the table.

    `optional`: how many placeholders at the end may be left out. `auth` and `pagination` are none, optional or required;
    `vip` is empty, only, enhanced (more for those who pay) or limited (not for every app). `since` is empty for what has been
    there all along, else when it was first seen; `renamed_to` is the path that has taken its place.
    """

    verb: str
    path: str
    optional: int
    auth: str
    pagination: str
    extended: frozenset[str]
    vip: str
    since: str
    renamed_to: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))

    def fits(self, path: tuple[str, ...]) -> bool:
        """Whether a concrete path is one of this method's."""
        parts = self.parts
        if not len(parts) - self.optional <= len(path) <= len(parts):
            return False
        return all(_placeholder(mine) or mine == theirs for mine, theirs in zip(parts, path, strict=False))

    def nearness(self, path: tuple[str, ...]) -> tuple[int, int]:
        """Of several that fit, the one with the most words of its own is meant, then the one that leaves out the least."""
        parts = self.parts
        return sum(not _placeholder(part) for part in parts), len(path) - len(parts)


def _placeholder(part: str) -> bool:
    return part.startswith("{")


@cache
def methods() -> tuple[Method, ...]:
    """The whole table, by path; read once."""
    text = resources.files("watchd.clients").joinpath("trakt_methods.csv").read_text(encoding="utf-8")
    return tuple(_method(row) for row in csv.DictReader(text.splitlines()))


def _method(row: Mapping[str, str]) -> Method:
    return Method(
        verb=row["method"],
        path=row["path"],
        optional=int(row["optional"]),
        auth=row["auth"],
        pagination=row["pagination"],
        extended=frozenset(filter(None, row["extended"].split("|"))),
        vip=row["vip"],
        since=row["since"],
        renamed_to=row["renamed_to"],
    )


def listed(word: str = "") -> list[Method]:
    """The methods whose verb or path holds a word."""
    wanted = word.casefold()
    return [method for method in methods() if wanted in f"{method.verb} {method.path}".casefold()]


def find(verb: str, path: str) -> Method:
    """The method of a concrete path such as `users/me/history`; NotAMethod when there is none."""
    if verb not in VERBS:
        raise NotAMethod(f"{verb} is not a verb of Trakt's; there are: {', '.join(VERBS)}")
    if "?" in path or "#" in path:
        raise NotAMethod("give the path without a query: its fields are arguments of their own")
    parts = tuple(path.strip("/").split("/"))
    if any(unquote(part) in {"", ".", ".."} for part in parts):
        raise NotAMethod(f"{path} is no path of Trakt's")
    if parts[0] == "oauth":
        raise NotAMethod("tokens are dealt with by `watchd login` and `watchd logout` alone")
    if any(part.startswith("{") or part.endswith("}") for part in parts):
        raise NotAMethod(f"put a value in the place of each {{…}} in {path}")
    fitting = [method for method in methods() if method.fits(parts)]
    same_verb = [method for method in fitting if method.verb == verb]
    if same_verb:
        return max(same_verb, key=lambda method: method.nearness(parts))
    if fitting:
        raise NotAMethod(f"{path} is not asked with {verb} but with {', '.join(sorted({method.verb for method in fitting}))}")
    near = _near(verb, parts)
    hint = f"; near it are {', '.join(near)}" if near else ""
    raise NotAMethod(f"Trakt has no method {verb} {path}{hint}: `watchd trakt --list` shows all")


def _near(verb: str, parts: tuple[str, ...]) -> list[str]:
    """The paths of that verb whose words are like those given, most alike first."""
    found: list[tuple[float, int, str]] = []
    for method in methods():
        words = [(mine, theirs) for mine, theirs in zip(method.parts, parts, strict=False) if not _placeholder(mine)]
        alike = [difflib.SequenceMatcher(None, mine, theirs).ratio() for mine, theirs in words]
        if method.verb == verb and alike and min(alike) >= _ALIKE:
            found.append((-sum(alike), abs(len(method.parts) - len(parts)), method.path))
    return [path for _, _, path in sorted(found)[:3]]


def check(
    method: Method, *, logged_in: bool, params: Mapping[str, str], extended: Iterable[str] = (), every_page: bool = False
) -> None:
    """NotAMethod when a call would not do for its method, so that it is not sent in vain."""
    name = f"{method.verb} {method.path}"
    if method.auth == "required" and not logged_in:
        raise NotAMethod(f"{name} needs a login at Trakt: run `watchd login`")
    paged = [field for field in PAGING if field in params]
    if method.pagination == "none" and (paged or every_page):
        raise NotAMethod(f"{name} does not come in pages: leave out {', '.join(paged) or 'the wish for all of them'}")
    for field in paged:
        if not (params[field].isascii() and params[field].isdigit() and int(params[field]) > 0):
            raise NotAMethod(f"{field} is a number from 1 on")
    levels = method.extended | _ANYWHERE if method.extended else frozenset[str]()
    unknown = sorted(set(extended) - levels)
    if unknown:
        known = f"there are {', '.join(sorted(levels))}" if levels else "it knows none"
        raise NotAMethod(f"{name} has no level of detail {', '.join(unknown)}; {known}")
