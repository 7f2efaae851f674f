"""Searching: how a title is folded for it, by which pieces it is found, and how well it answers a query.

The index knows pieces of one to three letters of each title without its spaces, so that it finds what is inside a word, in
scripts without spaces too. What it offers is then judged by `tier` against the whole title.
"""

import unicodedata

from watchd.rules.media import fold

LONGEST_QUERY = 200
_LONGEST_TITLE = 200
_MOST_PIECES = 8
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

    __slots__ = ("_short", "_words", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._short = _squeezed(text)
        self._words = text.split()

    def expressions(self) -> list[str]:
        """What the index is asked: everything first, then, should that be too much, what begins better than the rest."""
        pieces = self._pieces()
        start = self._short[:3]
        marks = ["s", "w"]
        if len(self._short) <= 3:
            marks.insert(0, "x")
        return [_all(pieces), *(_all([_token(mark, start), *pieces]) for mark in marks)]

    def _pieces(self) -> list[str]:
        """Enough of the query's pieces to leave few titles to judge, spread over it."""
        found: dict[str, None] = {}
        for word in self._words:
            size = min(3, len(word))
            found |= {_token("", word[at : at + size]): None for at in range(len(word) - size + 1)}
        every = list(found)
        if len(every) <= _MOST_PIECES:
            return every
        return [every[number * (len(every) - 1) // (_MOST_PIECES - 1)] for number in range(_MOST_PIECES)]

    def tier(self, title: str) -> int | None:
        """How well a folded title answers, 0 being best; None when it does not."""
        text, short, whole = self.text, self._short, _squeezed(title)
        if whole == short:
            return EXACT
        if whole.startswith(short):
            return PREFIX
        if f" {text} " in f" {title} ":
            return WORDS
        if f" {text}" in title or (short in whole and _at_a_word(short, title)):
            return WORD_START
        if text in title:
            return INSIDE
        if all(f" {word}" in f" {title}" for word in self._words):
            return WORD_STARTS
        return PIECES if all(word in title for word in self._words) else None


def _all(pieces: list[str]) -> str:
    return " AND ".join(pieces)


def _at_a_word(short: str, title: str) -> bool:
    """Whether the query without spaces begins where a word of the title does: `walle` in `the wall e story`."""
    words = title.split()
    return any("".join(words[at:]).startswith(short) for at in range(1, len(words)))
