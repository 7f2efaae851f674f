"""The files and folders that settings come from, found as systemd and the XDG rules name them."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from watchd.errors import SettingsError

FILE = "watchd.toml"


def config_file(env: Mapping[str, str]) -> Path | None:
    """The file to read: the one that `WATCHD_CONFIG` names, else `watchd.toml` in the config directory if it is there."""
    if named := env.get("WATCHD_CONFIG"):
        return Path(named).expanduser()
    folder = _of_service(env, "CONFIGURATION_DIRECTORY") or _of_user(env, "XDG_CONFIG_HOME", ".config")
    if folder is None:
        return None
    path = folder / FILE
    try:
        path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{path} cannot be reached ({error.strerror}): give watchd the right to read it") from error
    return path


def default_state_dir(env: Mapping[str, str]) -> Path:
    folder = _of_service(env, "STATE_DIRECTORY") or _of_user(env, "XDG_STATE_HOME", ".local/state")
    if folder is None:
        raise SettingsError("WATCHD_STATE_DIR is not set and there is no home directory: give the path of a directory")
    return folder


def _of_service(env: Mapping[str, str], name: str) -> Path | None:
    first = env.get(name, "").partition(":")[0]
    return Path(first) if first else None


def _of_user(env: Mapping[str, str], name: str, below_home: str) -> Path | None:
    base = Path(env.get(name, ""))
    if base.is_absolute():
        return base / "watchd"
    home = env.get("HOME", "")
    return Path(home) / below_home / "watchd" if home else None


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}): mend its rights or the path in WATCHD_CONFIG"
        ) from error
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text: save it as such") from None  # the cause quotes the file
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at (line \d+, column \d+|end of document)", str(error))
        where = place[1] if place else "an unknown place"
        raise SettingsError(f"{path} is no valid TOML: look at {where}") from None  # the cause may quote the file


def read_credentials(env: Mapping[str, str], wanted: Callable[[str], bool]) -> dict[str, str]:
    """The wanted credentials of those that systemd hands over, by name; a newline at the end is not part of them."""
    folder = env.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return {}
    try:
        paths = sorted(path for path in Path(folder).iterdir() if wanted(path.name) and path.is_file())
    except OSError as error:
        raise SettingsError(f"CREDENTIALS_DIRECTORY cannot be read ({error.strerror}): mend its rights") from error
    return {path.name: _read_credential(path) for path in paths}


def _read_credential(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise SettingsError(f"credential {path.name} cannot be read ({error.strerror}): mend its rights") from error
    except UnicodeDecodeError:
        raise SettingsError(f"credential {path.name} is not UTF-8 text: write it again") from None  # the cause quotes it
