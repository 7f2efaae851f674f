"""`watchd test-hook`: a sample of a source goes the whole way through the running daemon; nothing is recorded."""

import argparse
import http.client
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from watchd.app.whereabouts import url_of
from watchd.cli.api import ApiError, stored_token
from watchd.cli.printed import say
from watchd.cli.samples import PAYLOADS, TITLE, YEAR, Sample, Who, sample, spoken
from watchd.errors import SettingsError
from watchd.settings import Settings, load
from watchd.store.state_dir import is_owned

_SECONDS = 10.0
_NO_URL = "The URL must begin with http:// or https:// and name a host"
_MENDS = {
    400: "The daemon does not understand its own sample: please report this.",
    401: "The token is not the daemon's: `watchd hooks` prints the right one; set WATCHD_HOOK_TOKEN here as the daemon has it.",
    404: "Nothing takes hooks at that address: is there a proxy in between, or a path missing?",
    503: "The daemon could not write to its database: is the disk full?",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", choices=tuple(PAYLOADS), help="whose sample to send")
    parser.add_argument("--account", metavar="NAME", help="speak as somebody of this account, and expect it to be theirs")
    parser.add_argument("--user", metavar="NAME", help="speak as this user")
    parser.add_argument("--url", help="the address the media center is given, to test that too; else the running daemon's own")
    parser.add_argument("--token", help="the token the media center is given; else the one `watchd hooks` prints")


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    running = url_of(settings.state_dir) if is_owned(settings.state_dir) else None
    url = arguments.url or running
    if url is None:
        print("watchd is not running: start `watchd run`, then test again", file=sys.stderr)
        return 1
    token = arguments.token or (
        settings.hook_token.get_secret_value() if settings.hook_token else stored_token(settings, "hook")
    )
    if not (token.isascii() and token.isprintable()):
        raise ApiError("that is no token: `watchd hooks` prints the right one")
    who = speaker(settings, arguments.source, arguments.account, arguments.user)
    say(f"Sent to {url.rstrip('/')}{_path(arguments.source)}: {TITLE} ({YEAR}) starts; {spoken(arguments.source, who)}")
    try:
        status, told = posted(url, arguments.source, sample(arguments.source, who, token))
    except ApiError as error:
        say(str(error))
        return 1
    say("\n".join(verdict(status, told, arguments.account)))
    return 0 if recorded(told, arguments.account) else 1


def speaker(settings: Settings, source: str, account: str | None, user: str | None) -> Who:
    """Somebody whose event an account admits by its lists: that of the name, else the first; SettingsError for no such."""
    test = Who()
    people = [one for one in settings.accounts if account is None or one.name.casefold() == account.casefold()]
    if account is not None and settings.accounts and not people:
        raise SettingsError(f"there is no account '{account}' in [[accounts]]")
    if not people:
        return Who(user=user or test.user, account=account)
    chosen = people[0]
    return Who(
        user=user or _listed(chosen.users, source, test.user),
        player=_listed(chosen.players, source, test.player),
        server=_listed(chosen.servers, source, test.server),
        library=_listed(chosen.libraries, source, test.library),
        account=account,
    )


def _listed(names: tuple[str, ...], source: str, otherwise: str) -> str:
    """The first name of a list that is meant for this source."""
    for entry in names:
        prefix, colon, name = entry.partition(":")
        if colon and prefix.strip().casefold() in PAYLOADS:
            if prefix.strip().casefold() == source and name.strip() != "*":
                return name.strip()
        elif entry.strip() != "*":
            return entry.strip()
    return otherwise


def _path(source: str) -> str:
    return "/trakt/scrobble/start" if source == "trakt" else f"/hooks/{source}"


def posted(url: str, source: str, sent: Sample) -> tuple[int, Mapping[str, Any]]:
    """Post a sample as a rehearsal; ApiError when nothing of ours answers."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ApiError(_NO_URL) from error
    kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}.get(parts.scheme)
    if kind is None or not parts.hostname:
        raise ApiError(_NO_URL)
    path = f"{parts.path.rstrip('/')}{_path(source)}{sent.query}{'&' if sent.query else '?'}dry=1"
    connection = kind(parts.netloc.rpartition("@")[2], timeout=_SECONDS)
    try:
        connection.request("POST", path, sent.body, dict(sent.headers))
        answer = connection.getresponse()
        told = json.loads(answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise ApiError(f"Nothing answers there ({error}): wrong host or port, or the daemon listens elsewhere") from error
    except ValueError as error:
        raise ApiError("What answers there is not watchd: wrong host or port, or a proxy in between") from error
    finally:
        connection.close()
    return answer.status, told if isinstance(told, dict) else {}


def recorded(told: Mapping[str, Any], account: str | None) -> bool:
    """Whether the event would have been recorded, and for the account that was named."""
    would = told.get("would")
    if not isinstance(would, dict):
        return False
    return account is None or str(would.get("account")).casefold() == account.casefold()


def verdict(status: int, told: Mapping[str, Any], account: str | None) -> Iterator[str]:
    """What became of the sample, in words."""
    would = told.get("would")
    if isinstance(would, dict):
        yield f"Understood: {would['action']} of {would['title'] or 'what is playing'}"
        yield f"It would be recorded for account {would['account']}"
        if not recorded(told, account):
            yield f"That is not account {account}: see its lists in [[accounts]]"
        yield f"This was a rehearsal: no play was recorded and Trakt hears nothing; its trace is event {told.get('id')}"
        yield "The media center must reach that address too: play something there, then look: watchd explain event:last"
        return
    reason = told.get("error") or told.get("reason") or "no reason given"
    yield f"Answered {status}: {told.get('status') or 'not taken'}: {reason}"
    if status in _MENDS:
        yield _MENDS[status]
    elif told.get("status") == "refused":
        yield "Nobody's event: add its user or player to an account in [[accounts]] and restart, or test with --user NAME."
        yield "Or give the media center an account's own token (watchd hooks SOURCE --account NAME) and test with --token."
    if told.get("id"):
        yield f"Its trace is kept: watchd explain event:{told['id']}"
