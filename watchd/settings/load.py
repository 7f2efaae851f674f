"""Where values come from: environment, then systemd's credentials, then `watchd.toml`; the first that has one decides."""

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from watchd.errors import SettingsError
from watchd.settings.files import config_file, default_state_dir, read_credentials, read_toml
from watchd.settings.model import NESTING, PREFIX, Settings

ALIASES = {
    "TRAKT_API_KEY": "WATCHD_TRAKT__CLIENT_ID",
    "TRAKT_USERNAME": "WATCHD_TRAKT__USERNAME",
    "TMDB_API_KEY": "WATCHD_TMDB__API_KEY",
}
NOT_SETTINGS = frozenset({"WATCHD_CONFIG", "WATCHD_REQUIRE_REAL", "WATCHD_URL"})

Path = tuple[str, ...]


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


def _group(annotation: object) -> type[BaseModel] | None:
    """The group that a setting is, or that its tables are."""
    kinds = (annotation, *get_args(annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _settings(model: type[BaseModel] = Settings, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every setting and group by its path, with what it accepts; the numbers of tables are left out."""
    for name, field in model.model_fields.items():
        here = (*path, name)
        yield here, field.description or ""
        if (group := _group(field.annotation)) is not None:
            yield from _settings(group, here)


def _environment_name(path: Iterable[str]) -> str:
    return PREFIX + NESTING.join(path).upper()


ACCEPTED = dict(_settings())
TABLES = tuple(name for name, field in Settings.model_fields.items() if get_args(field.annotation) and _group(field.annotation))
_GROUPS = frozenset(path[:-1] for path in ACCEPTED)
NAMES = {_environment_name(path): path for path in ACCEPTED if path not in _GROUPS and path[0] not in TABLES}


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
            raise SettingsError(
                f"{form.format(given)}: {_table_of(name) or f'there is no such setting; {_guess(name, NAMES)}'}"
            )
        if upper in ALIASES and name in values:
            continue
        values[name] = text
        names[name] = form.format(given)
    return values, names


def _guess(wrong: str, right: Iterable[str]) -> str:
    close = difflib.get_close_matches(wrong, sorted(right), n=1)
    return f"did you mean {close[0]}?" if close else "remove it"


def _table_of(name: str) -> str | None:
    """What to do about a variable that means settings which come in tables."""
    table = next((table for table in TABLES if (name + NESTING).startswith(_environment_name((table,)) + NESTING)), None)
    return None if table is None else f"this is no variable; write {ACCEPTED[table,]}, into watchd.toml"


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, text in values.items():
        *groups, last = NAMES[name]
        inner = nested
        for group in groups:
            inner = inner.setdefault(group, {})
        inner[last] = text
    return nested


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        known = merged.get(name)
        merged[name] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _explain(fault: ErrorDetails, names: Mapping[str, str], in_file: str) -> str:
    """One line of a fault. pydantic's own words are left out: they may quote the value."""
    place = fault["loc"]
    if not place:
        return str(fault["ctx"]["error"]) if "ctx" in fault else fault["msg"]
    path = tuple(part for part in place if isinstance(part, str))
    shown = ".".join(map(str, place))
    name = names.get(_environment_name(path)) or in_file.format(shown)
    if fault["type"] == "extra_forbidden":
        right = (_written(known, path[:-1], place[:-1]) for known in ACCEPTED)
        return f"{name}: there is no such setting; {_guess(shown, right)}"
    mend = ACCEPTED.get(path, "another")
    return f"{name} is missing: give {mend}" if fault["type"] == "missing" else f"{name} has no usable value: give {mend}"


def _written(setting: Path, group: Path, place: tuple[str | int, ...]) -> str:
    """A setting as the file has it: one of the same table is told with the table's number."""
    here = setting[: len(group)] == group
    return ".".join(map(str, (*place, *setting[len(group) :]) if here else setting))
