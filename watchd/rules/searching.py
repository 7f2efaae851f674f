"""Searching: how a title is folded for it, by which pieces it is found, and how well it answers a query.

The index knows pieces of one to three letters of each title without its spaces, so that it finds what is inside a word, in
scripts without spaces too. What it offers is then judged by `tier` against the whole title.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping

from watchd.rules.media import fold

LONGEST_QUERY = 200
_LONGEST_TITLE = 200
_MOST_PIECES = 8
FEW = 64
"""In so many titles a piece may be and be asked for alone: judging them costs less than asking for a second piece."""
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
EXACT, PREFIX, WORDS, WORD_START, INSIDE, WORD_STARTS, PIECES = range(7)


def folded(text: str | None) -> str:
    """A title or query without case, accents and punctuation; of one that is punctuation alone, that."""
    if not text:
        return ""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return fold(plain)[:_LONGEST_TITLE].strip() or _signs(plain)


def _signs(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] in "PS")[:_LONGEST_TITLE]


def _squeezed(title: str) -> str:
    return title.replace(" ", "")


def _token(kind: str, piece: str) -> str:
    """A piece as the index has it: hexadecimal, so that no tokenizer and no query syntax takes part in it."""
    return kind + piece.encode().hex()


def tokens(title: str) -> str:
    """All pieces of a folded title, in a fixed order; those that begin it or a word of it are marked besides."""
    text = _squeezed(title)
    found = {_token("", text[at : at + size]) for at in range(len(text)) for size in (1, 2, 3)}
    found |= {_token("s", text[:size]) for size in (1, 2, 3)}
    at = 0
    for word in title.split():
        found |= {_token("w", text[at : at + size]) for size in (1, 2, 3)}
        at += len(word)
    if len(text) <= 3:
        found.add(_token("x", text))
    return " ".join(sorted(found))


class Query:
    """A folded query; its text is empty when there is nothing in it to look for."""

    __slots__ = ("_as_word", "_at_word", "_short", "_words", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._short = _squeezed(text)
        self._words = text.split()
        self._at_word, self._as_word = f" {text}", f" {text} "

    def expressions(self, counts: Mapping[str, int] | None = None) -> Iterator[tuple[str, ...]]:
        """What the index is asked: everything first, then, should that be too much, what begins better than the rest.

        Each in one form or two: by few pieces, which gives more than is meant, then by all. `counts` tells in about how many
        titles a piece is, and lacks those that are in few.
        """
        pieces = self._pieces()
        few = self._fewest(pieces, counts or {})
        yield _forms([], few, pieces)
        start = self._short[:3]
        if len(self._short) <= 3:  # what begins so has all pieces
            yield from ((_token(mark, start),) for mark in "xsw")
        else:
            yield from (_forms([_token(mark, start)], few, pieces) for mark in "sw")

    def _pieces(self) -> dict[str, int]:
        """Enough of the query's pieces to leave few titles to judge, spread over it, with the word each is of."""
        found: dict[str, int] = {}
        for which, word in enumerate(self._words):
            size = min(3, len(word))
            found |= {_token("", word[at : at + size]): which for at in range(len(word) - size + 1)}
        if len(found) <= _MOST_PIECES:
            return found
        every = list(found)
        chosen = (every[number * (len(every) - 1) // (_MOST_PIECES - 1)] for number in range(_MOST_PIECES))
        return {piece: found[piece] for piece in chosen}

    def _fewest(self, pieces: Mapping[str, int], counts: Mapping[str, int]) -> list[str]:
        """The piece that is in the fewest titles; where these are many still, that of each word: those of one come together."""
        rarest = next((piece for piece in pieces if piece not in counts), None)
        if rarest is not None:
            return [rarest]
        ordered = sorted(pieces, key=counts.__getitem__)
        return list({pieces[piece]: piece for piece in reversed(ordered)}.values())[::-1]

    def tier(self, title: str) -> int | None:
        """How well a folded title answers, 0 being best; None when it does not."""
        short, whole = self._short, title.replace(" ", "")
        if whole.startswith(short):
            return EXACT if whole == short else PREFIX
        text = self.text
        if text in title:
            if self._at_word in title:
                return WORDS if self._as_word in f"{title} " else WORD_START
            return WORD_START if _at_a_word(short, title) else INSIDE
        if short in whole and _at_a_word(short, title):
            return WORD_START
        if all(f" {word}" in f" {title}" for word in self._words):
            return WORD_STARTS
        return PIECES if all(word in title for word in self._words) else None


def _forms(marks: list[str], few: list[str], every: Collection[str]) -> tuple[str, ...]:
    whole = " AND ".join([*marks, *every])
    return (whole,) if len(few) == len(every) else (" AND ".join([*marks, *few]), whole)


def _at_a_word(short: str, title: str) -> bool:
    """Whether the query without spaces begins where a later word of the title does: `walle` in `the wall e story`."""
    first, reach = " " + short[0], 2 * len(short)
    at = title.find(first)
    while at >= 0:
        if title[at + 1 : at + reach].replace(" ", "").startswith(short):
            return True
        at = title.find(first, at + 1)
    return False
