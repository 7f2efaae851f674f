"""Where values come from: environment, then systemd's credentials, then `watchd.toml`; the first that has one decides."""

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from watchd.errors import SettingsError
from watchd.settings.files import config_file, default_state_dir, read_credentials, read_toml
from watchd.settings.model import NESTING, PREFIX, Settings

ALIASES = {
    "TRAKT_API_KEY": "WATCHD_TRAKT__CLIENT_ID",
    "TRAKT_USERNAME": "WATCHD_TRAKT__USERNAME",
    "TMDB_API_KEY": "WATCHD_TMDB__API_KEY",
}
NOT_SETTINGS = frozenset({"WATCHD_CONFIG", "WATCHD_REQUIRE_REAL"})


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; SettingsError with one line that names the setting and the mend when that cannot be done."""
    env = os.environ if env is None else env
    toml = config_file(env)
    table = read_toml(toml) if toml is not None else {}
    credentials, from_credentials = _by_setting(read_credentials(env, _ours), "credential {}")
    variables, from_variables = _by_setting(env, "{}")
    values = _merged(_merged(table, _nested(credentials)), _nested(variables))
    if "state_dir" not in values:
        values["state_dir"] = default_state_dir(env)
    try:
        return Settings(**values)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        line = _explain(faults[0], {**from_credentials, **from_variables}, f"{{}} in {toml}")
        more = f" ({len(faults) - 1} more after this one)" if len(faults) > 1 else ""
        raise SettingsError(line + more) from None  # the cause may quote a value


def _settings(model: type[BaseModel] = Settings, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every setting and group by its path, with what it accepts."""
    for name, field in model.model_fields.items():
        here = (*path, name)
        yield here, field.description or ""
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _settings(field.annotation, here)


def _environment_name(path: Iterable[str]) -> str:
    return PREFIX + NESTING.join(path).upper()


GROUPS = frozenset(path[:-1] for path, _ in _settings())
NAMES = frozenset(_environment_name(path) for path, _ in _settings() if path not in GROUPS)


def _ours(name: str) -> bool:
    upper = name.upper()
    return upper.startswith(PREFIX) or upper in ALIASES


def _by_setting(texts: Mapping[str, str], form: str) -> tuple[dict[str, str], dict[str, str]]:
    """The texts that are settings, and how their sender called them, both by the setting's environment name.

    An empty text is none: that is how compose files pass on what is not set.
    """
    values: dict[str, str] = {}
    names: dict[str, str] = {}
    for given, text in texts.items():
        upper = given.upper()
        name = ALIASES.get(upper, upper)
        if not _ours(given) or name in NOT_SETTINGS or not text:
            continue
        if name not in NAMES:
            raise SettingsError(f"{form.format(given)}: there is no such setting; {_guess(name, NAMES)}")
        if upper in ALIASES and name in values:
            continue
        values[name] = text
        names[name] = form.format(given)
    return values, names


def _guess(wrong: str, right: Iterable[str]) -> str:
    close = difflib.get_close_matches(wrong, sorted(right), n=1)
    return f"did you mean {close[0]}?" if close else "remove it"


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): text for name, text in values.items()}
    return source()


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        known = merged.get(name)
        merged[name] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _explain(fault: ErrorDetails, names: Mapping[str, str], in_file: str) -> str:
    """One line of a fault. pydantic's own words are left out: they may quote the value."""
    path = tuple(str(part) for part in fault["loc"])
    if not path:
        return str(fault["ctx"]["error"]) if "ctx" in fault else fault["msg"]
    name = names.get(_environment_name(path)) or in_file.format(".".join(path))
    if fault["type"] == "extra_forbidden":
        siblings = (".".join(known) for known, _ in _settings())
        return f"{name}: there is no such setting; {_guess('.'.join(path), siblings)}"
    return f"{name} has no usable value: give {dict(_settings()).get(path, 'another')}"
