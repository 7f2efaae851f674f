"""Where the daemon of this machine is and which token it takes, found without reading the settings as the daemon does."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watchd.app.whereabouts import url_of
from watchd.store.hook_token import stored_hook_token
from watchd.store.state_dir import is_owned

_DATABASE = "watchd.db"


def found(env: Mapping[str, str], source: str) -> tuple[str | None, str | None]:
    """(URL, hook token) of the daemon on this machine's state directory; None for what is not to be found."""
    file = _config(env)
    directory = _state_dir(env, file)
    token = file.get("hook_token")
    if directory is None:
        return None, token if isinstance(token, str) else None
    # what a daemon that was killed left behind may by now be anybody's address, and it is not for them to get the token
    url = url_of(directory) if is_owned(directory) else None
    return url, token if isinstance(token, str) else stored_hook_token(directory / _DATABASE, source)


def _config(env: Mapping[str, str]) -> dict[str, Any]:
    """The settings file; empty when there is none that can be read: the daemon is the one to complain."""
    named = env.get("WATCHD_CONFIG")
    folder = _first(env.get("CONFIGURATION_DIRECTORY")) or _of_user(env, "XDG_CONFIG_HOME", ".config")
    path = Path(named).expanduser() if named else folder / "watchd.toml" if folder else None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path is not None else {}
    except (OSError, ValueError):
        return {}


def _state_dir(env: Mapping[str, str], file: Mapping[str, Any]) -> Path | None:
    set_by_hand = env.get("WATCHD_STATE_DIR") or file.get("state_dir")
    if isinstance(set_by_hand, str) and set_by_hand:
        return Path(set_by_hand).expanduser()
    return _first(env.get("STATE_DIRECTORY")) or _of_user(env, "XDG_STATE_HOME", ".local/state")


def _first(folders: str | None) -> Path | None:
    first = (folders or "").partition(":")[0]
    return Path(first) if first else None


def _of_user(env: Mapping[str, str], name: str, below_home: str) -> Path | None:
    base = Path(env.get(name, ""))
    if base.is_absolute():
        return base / "watchd"
    home = env.get("HOME", "")
    return Path(home) / below_home / "watchd" if home else None
