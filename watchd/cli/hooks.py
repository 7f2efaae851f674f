"""`watchd hooks`: the URLs with their token, and what to set where, ready to paste."""

import argparse

from watchd.app.whereabouts import url_of
from watchd.cli import hook_tokens
from watchd.cli.api import stored_token
from watchd.cli.hook_urls import advice, details
from watchd.cli.printed import say
from watchd.cli.setups import SETUPS
from watchd.errors import StateError
from watchd.settings import Settings, load
from watchd.store import accounts, state_dir
from watchd.store.readonly import looked_into


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", choices=tuple(SETUPS), help="show everything about this one; without it, all URLs")
    parser.add_argument(
        "--account", metavar="NAME", help="with the account's own token, whose events are always that account's"
    )
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--new-token", action="store_true", help="make a token for this source alone, in the place of the last")
    change.add_argument("--revoke", action="store_true", help="take this source's own token away")
    change.add_argument("--tokens", action="store_true", help="list the sources that have a token of their own")


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    if arguments.tokens:
        say("\n".join(hook_tokens.table(settings)))
        return 0
    if arguments.source is None and (arguments.new_token or arguments.revoke):
        raise StateError("name the source whose token it is, such as: watchd hooks plex --new-token")
    if arguments.revoke:
        hook_tokens.revoke(settings, arguments.account, arguments.source)
        say(f"{arguments.source}'s own token opens nothing any more")
        return 0
    if arguments.new_token:
        token = hook_tokens.make(settings, arguments.account, arguments.source)
    else:
        token = _token(settings, arguments.account, arguments.source)
    host, port = settings.listen
    shown = f"[{host}]" if ":" in host else host or "127.0.0.1"
    running = url_of(settings.state_dir) if state_dir.is_owned(settings.state_dir) else None
    url = running or f"http://{shown}:{port}"
    if arguments.source is not None:
        print(details(arguments.source, url, token, settings.listen, settings.public_url))
    else:
        print(advice(url, token, settings.listen, settings.public_url))
    return 0


def _token(settings: Settings, account: str | None, source: str | None) -> str:
    """The source's own hook token, else the one of the household or of the account named; StateError when there is none."""
    if account is None:
        own = hook_tokens.stored(settings, source) if source is not None else None
        if own is not None:
            return own
        return settings.hook_token.get_secret_value() if settings.hook_token else stored_token(settings, "hook")
    served = {person.name.casefold() for person in settings.accounts}
    with looked_into(settings.state_dir / state_dir.DATABASE) as connection:
        everyone = [person for person in accounts.everyone(connection) if not served or person.name.casefold() in served]
        known = {person.name.casefold(): person for person in everyone}
        tokens = [token for token in accounts.api_tokens(connection) if token.scope == "hook"]
    person = known.get(account.casefold())
    if person is None:
        names = ", ".join(sorted(one.name for one in known.values()))
        raise StateError(f"there is no account '{account}'; there are: {names}")
    mine = [one for one in tokens if one.account_id == person.id and one.source in (None, source)]
    if not mine:
        raise StateError(f"account '{person.name}' has no hook token of its own; the one of `watchd hooks` serves everybody")
    return min(mine, key=lambda one: one.source is None).token
