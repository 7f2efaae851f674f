"""Bodies as they may be stored: bounded, and without secrets and addresses."""

import re

LIMIT = 16 * 1024
_MARK = "…".encode()
_WORDS = (
    b"token",
    b"passw",
    b"secret",
    b"api_key",
    b"apikey",
    b"api-key",
    b"authorization",
    b"cookie",
    b"publicaddress",
    b"remoteendpoint",
)
_VALUE = re.compile(
    rb"""[\w-]{0,40}+                               # the rest of the name: token_type, X-Plex-Token
    (?: \\{0,8}"\s{0,8}:\s{0,8} ( "(?:[^"\\]|\\.)*"?            # a JSON string, perhaps cut off
                    | \\{1,8}"[^"\\]*                   # a string within a string
                    | \[[^\]]*\]? | \{[^}]*\}?      # a list or an object
                    | [^\s,}\]"]+ )                 # a number or word
    | = ( [^&"\s\\]+ ) )                            # part of an address or a form""",
    re.VERBOSE | re.DOTALL,
)
_AVATAR = b"plex.tv/users/"  # what follows identifies the account
_PATH = re.compile(rb'([^"\s\\]+)')


def redacted(text: str) -> str:
    """At most `LIMIT` bytes of `text`, the values of telling names replaced.

    Searched word by word: one expression over all of them takes longer than everything else about a hook.
    """
    data = text[:LIMIT].encode("utf-8", "replace")[:LIMIT]
    lowered = data.lower()
    spans = [span for word in _WORDS for span in _found(data, lowered, word, _VALUE)]
    spans += _found(data, lowered, _AVATAR, _PATH)
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            quoted = data[start : start + 1] == b'"'
            pieces += [data[at:start], b'"' + _MARK + b'"' if quoted else _MARK]
        at = max(at, end)
    pieces.append(data[at:])
    return b"".join(pieces)[:LIMIT].decode("utf-8", "ignore").replace("\x00", " ")


def _found(data: bytes, lowered: bytes, word: bytes, value: re.Pattern[bytes]) -> list[tuple[int, int]]:
    spans = []
    at = lowered.find(word)
    while at >= 0:
        at += len(word)
        match = value.match(data, at)
        if match is not None:
            spans.append(match.span(match.lastindex or 0))
            at = match.end()
        at = lowered.find(word, at)
    return spans
