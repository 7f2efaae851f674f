"""`watchd hooks`: the URLs with their token, ready to paste."""

import argparse

from watchd.app.whereabouts import url_of
from watchd.cli.api import stored_token
from watchd.cli.hook_urls import advice
from watchd.settings import load
from watchd.store.state_dir import is_owned


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    settings = load()
    token = settings.hook_token.get_secret_value() if settings.hook_token else stored_token(settings, "hook")
    host, port = settings.listen
    shown = f"[{host}]" if ":" in host else host or "127.0.0.1"
    running = url_of(settings.state_dir) if is_owned(settings.state_dir) else None
    url = running or f"http://{shown}:{port}"
    print(advice(url, token, settings.listen, settings.public_url))
    return 0
