"""Bodies as they may be stored: bounded, and without secrets and addresses."""

import re

LIMIT = 16 * 1024
_MARK = "…".encode()
_VALUE = re.compile(
    rb"""[\w-]{0,40}+                         # the rest of the name: token_type, X-Plex-Token
    (?: \\{0,8}"\s{0,8}:\s{0,8}
        ( "(?:[^"\\]|\\.)*"?                # a JSON string, perhaps cut off
        | \\{1,8}"[^"\\]*                   # a string within a string
        | \[[^\]]*\]? | \{[^}]*\}?          # a list or an object
        | [^\s,}\]"]+ )                     # a number or word
    | = ( [^&"\s\\]+ ) )                    # part of an address or a form""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_KEY = re.compile(rb"[_-]?key" + _VALUE.pattern, _VALUE.flags)
_PATH = re.compile(rb'([^"\s\\]+)')
_SOUGHT = (
    ("token", _VALUE),
    ("passw", _VALUE),
    ("secret", _VALUE),
    ("api", _KEY),
    ("authorization", _VALUE),
    ("cookie", _VALUE),
    ("publicaddress", _VALUE),
    ("remoteendpoint", _VALUE),
    ("plex.tv/users/", _PATH),  # the address of an avatar identifies the account
)


def redacted(text: str) -> str:
    """At most `LIMIT` bytes of `text`, the values of telling names replaced.

    Searched word by word: one expression over all of them takes longer than everything else about a hook.
    """
    data = text[:LIMIT].encode("utf-8", "replace")[:LIMIT]
    lowered = data.lower().decode("latin-1")  # byte for byte, for words are found faster in text
    spans: list[tuple[int, int]] = []
    for word, value in _SOUGHT:
        at = lowered.find(word)
        while at >= 0:
            match = value.match(data, at + len(word))
            if match is not None:
                spans.append(match.span(match.lastindex or 0))
            at = lowered.find(word, match.end() if match is not None else at + len(word))
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            quoted = data[start : start + 1] == b'"'
            pieces += [data[at:start], b'"' + _MARK + b'"' if quoted else _MARK]
        at = max(at, end)
    pieces.append(data[at:])
    return b"".join(pieces)[:LIMIT].decode("utf-8", "ignore").replace("\x00", " ")
