"""What to paste into which media center, and whether it can reach us there."""

import re
import textwrap
from collections.abc import Iterator
from urllib.parse import urlsplit

from watchd.cli.setups import SETUPS, Setup
from watchd.cli.setups.setup import Place
from watchd.settings import Listen

_WIDTH = 118
_CODE = re.compile(r"`([^`]+)`")
_FIRM = "\u00a0"


def base_url(url: str, public_url: str | None) -> str:
    """The address to give to others: the public one where it is set."""
    return public_url or url


def advice(url: str, token: str, listen: Listen, public_url: str | None) -> str:
    """All URLs in short: what `watchd hooks` prints, and `watchd run` on a terminal."""
    base = base_url(url, public_url)
    place = Place(base, token)
    lines = ["", f"watchd listens at {url}", ""]
    for name, setup in SETUPS.items():
        lines += [f"{setup.title} ({name}): {setup.brief}", f"  {place.filled(setup.address)}", ""]
    lines += [
        "How to set one of them up, with everything to paste:  watchd hooks plex  (or any other name in brackets)",
        "",
        *_wrapped("Where the URL has no token, the source sends it in a header, usually this one:"),
        f"  Authorization: Bearer {token}",
        "",
        *_wrapped(
            "If a player is connected to Trakt in another way too (Trakt's own Plex webhook or sync, script.trakt, a Trakt "
            "plugin), turn that off: Trakt would record every play twice."
        ),
        "",
        f"The card: {base}/api/watching",
        "",
    ]
    return "\n".join([*lines, *_reach(listen, public_url, base)])


def details(name: str, url: str, token: str, listen: Listen, public_url: str | None) -> str:
    """Everything about one source (a key of `SETUPS`): where, how, what to paste, what to turn off."""
    base = base_url(url, public_url)
    return "\n".join([*_setup(name, SETUPS[name], Place(base, token)), *_reach(listen, public_url, base)])


def _setup(name: str, setup: Setup, place: Place) -> Iterator[str]:
    yield f"{setup.title}: {setup.brief}"
    yield ""
    yield "URL"
    yield f"  {place.filled(setup.address)}"
    yield ""
    yield "How"
    for number, step in enumerate(setup.steps, 1):
        yield from _wrapped(place.filled(step), f"  {number}. ", "     ")
    yield ""
    for caption, template in setup.templates:
        yield from _wrapped(f"{caption}:")
        yield ""
        yield place.filled(template)
    if setup.know:
        yield "Good to know"
        for text in setup.know:
            yield from _wrapped(place.filled(text), "  - ", "    ")
        yield ""
    yield "Turn off, or Trakt records every play twice"
    yield from _wrapped(setup.also, "  ", "  ")
    yield ""
    yield f"To see whether it would work:  watchd test-hook {name}"
    yield ""


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Lines of a text; what stands in backticks is to be copied, and so stays on one line."""
    text = _CODE.sub(lambda match: match[1].replace(" ", _FIRM), text)
    lines = textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_FIRM, " ") for line in lines]


def _reach(listen: Listen, public_url: str | None, base: str) -> list[str]:
    """The warning for a listener that other hosts cannot reach."""
    if not listen.loopback:
        if public_url is None and urlsplit(base).hostname in ("127.0.0.1", "::1"):
            return ["From another host, put this machine's name or address in place of 127.0.0.1.", ""]
        return []
    if public_url is not None:
        return []
    return [
        "These addresses work on this machine only. If the media center runs on another host, or in a container, listen on",
        f"the network and restart:  WATCHD_LISTEN=0.0.0.0:{listen.port or 7373} watchd run",
        "",
    ]
