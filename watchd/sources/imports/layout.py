"""Which member of Trakt's data export is which page of what, under any of the names it has had."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from watchd.sources.imports.archive import Member

OURS = "watchd"
ERRORS = "_errors"
_DOUBLED = re.compile(r"^(ratings|watched|collection|hidden|comments|notes|network|user)-\1-")
_PAGE = re.compile(r"^(?P<base>.+?)-(?P<page>[0-9]{1,6})$")
_LIST = re.compile(r"^lists-list-(?P<id>[0-9]{1,18})(?:-(?P<rest>.*))?$")

_HIDDEN = tuple(
    f"hidden-{where}"
    for where in ("calendar", "progress-watched", "progress-watched-reset", "progress-collected", "recommendations", "dropped")
)
_NOTES = tuple(
    f"notes-{of}" for of in ("movies", "shows", "seasons", "episodes", "people", "activities", "collection_items", "ratings")
)
SECTIONS = {
    "user-profile": "profile",
    "user-stats": "stats",
    "lists-watchlist": "watchlist",
    "lists-lists": "lists",
    "lists-favorites": "favorites",
    "watched-playback": "playback",
    "collection-movies": "collection_movies",
    "collection-episodes": "collection_episodes",
    **{f"ratings-{kind}": "ratings" for kind in ("movies", "shows", "seasons", "episodes")},
    **{f"comments-{kind}": "comments" for kind in ("movies", "shows", "seasons", "episodes", "lists")},
    "likes-comments": "likes_comments",
    "likes-lists": "likes_lists",
    **dict.fromkeys(_HIDDEN, "hidden"),
    **dict.fromkeys(_NOTES, "notes"),
}
"""What goes into the library, by the name of the file."""
KINDS = {name: name.partition("-")[2].replace("-", "_") for name in (*_HIDDEN, *_NOTES)}
"""What the rows of a file go by, where that is not their own type: where something is hidden, what a note is on."""
HISTORY = "watched-history"
LEFT_OUT = {
    "user-settings": "personal data, not read",
    "user-last-activities": "of no use here",
    "user-saved-filters": "of no use here",
    "watched-movies": "only totals: the history is what counts",
    "watched-shows": "only totals: the history is what counts",
    "collection-shows": "the same as the episodes collected",
    "lists-collaborations": "lists of others",
}
_LEFT_OUT_KINDS = {"network": "of other people, not read"}
_NOT_JSON = "no file of the export: it is not JSON"
_TWICE = "stands in the archive twice, under another spelling: not read"
_SURE = (HISTORY, "ratings-", "lists-watchlist", "collection-", "watched-movies", "watched-shows")


@dataclass(frozen=True, slots=True)
class Page:
    """A member: which file of the export it is a page of (`base`), and which page. `left_out` says why it is not imported.

    `kind` is what its rows go by where their own type does not say it.
    """

    member: Member
    base: str
    number: int = 0
    section: str | None = None
    left_out: str | None = None
    kind: str | None = None


def pages(members: Iterable[Member]) -> list[Page]:
    """All members in the order in which they are read: what the library goes by first, each file by its pages."""
    there = list(members)
    found = [Page(one, "", left_out=_NOT_JSON) for one in there if not one.name.lower().endswith(".json")]
    named: dict[str, Member] = {}
    for name, member in _normal(there):
        if name in named:
            found.append(Page(member, "", left_out=_TWICE))
        else:
            named[name] = member
    found += [_page(member, name) for name, member in named.items() if not _LIST.match(name)]
    found += _lists({name: member for name, member in named.items() if _LIST.match(name)})
    return sorted(found, key=lambda page: (page.base != "watchd", page.base, page.number, page.member.name))


def is_of_trakt(found: Iterable[Page]) -> bool:
    """Whether there is a file of which Trakt's export alone has the name."""
    return any(page.base.startswith(_SURE) for page in found)


def _normal(members: list[Member]) -> list[tuple[str, Member]]:
    """Names without their folders' slashes, the one folder around all, and words doubled by the older layout."""
    paths = [(member.name.lower().split("/"), member) for member in members if member.name.lower().endswith(".json")]
    common = len(paths) > 0 and all(len(path) > 1 for path, _ in paths) and len({path[0] for path, _ in paths}) == 1
    if common and paths[0][0][0] in {"watched", "ratings", "lists", "collection", "hidden", "user", "comments"}:
        common = False
    named = []
    for path, member in paths:
        name = "-".join(path[1:] if common else path).removesuffix(".json")
        named.append((_DOUBLED.sub(r"\1-", name), member))
    return named


def _page(member: Member, name: str) -> Page:
    base, number = _numbered(name)
    if base in SECTIONS:
        return Page(member, base, number, SECTIONS[base], kind=KINDS.get(base))
    if base in {HISTORY, ERRORS, OURS} or base.startswith(f"{OURS}-"):
        return Page(member, base, number)
    return Page(member, base, number, left_out=_known(base) or "not a file of the export")


def _numbered(name: str) -> tuple[str, int]:
    """The name of a file and which page of it this is; 0 where it is not numbered."""
    match = _PAGE.fullmatch(name)
    if match is None or _known(name) is not None:
        return name, 0
    paged = _known(match["base"]) is not None or name.startswith(f"{OURS}-")
    return (match["base"], int(match["page"])) if paged else (name, 0)


def _known(name: str) -> str | None:
    """What is to be done with a file of that name; None for an unknown one."""
    if name in SECTIONS or name in {HISTORY, ERRORS, OURS}:
        return ""
    if name in LEFT_OUT:
        return LEFT_OUT[name]
    kind, _, rest = name.partition("-")
    return _LEFT_OUT_KINDS.get(kind) if rest and not rest.rpartition("-")[2].isdigit() else None


def _lists(named: dict[str, Member]) -> list[Page]:
    """Pages of the lists' items: a number behind is a page only where another page of the same name stands beside it.

    A slug may end in digits itself, and may have changed since the list was named.
    """
    by_stem = defaultdict[str, list[str]](list)
    for name in named:
        match = _PAGE.fullmatch(name)
        by_stem[match["base"] if match is not None and _LIST.match(match["base"]) else name].append(name)
    found = []
    for name, member in named.items():
        match, told = _PAGE.fullmatch(name), _LIST.fullmatch(name)
        stem = match["base"] if match is not None and _LIST.match(match["base"]) else None
        paged = stem is not None and (stem in named or len(by_stem[stem]) > 1)
        base, number = (stem, int(match["page"])) if paged and match is not None and stem is not None else (name, 0)
        found.append(Page(member, base, number, f"list:{told['id']}" if told is not None else None))
    return found
