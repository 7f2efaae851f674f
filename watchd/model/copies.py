"""Copies of frozen dataclasses that differ in some fields."""

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace
else:
    from dataclasses import fields

    @cache
    def _shape(kind: type) -> tuple[Any, dict[str, int]]:
        names = [field.name for field in fields(kind)]
        return attrgetter(*names), {name: place for place, name in enumerate(names)}

    def replace(thing: Any, /, **changes: object) -> Any:
        """What `dataclasses.replace` does, in half the time: a hook makes some ten such copies.

        For dataclasses with more than one field, all of them arguments of `__init__`.
        """
        read, places = _shape(thing.__class__)
        values = list(read(thing))
        for name, value in changes.items():
            values[places[name]] = value
        return thing.__class__(*values)


__all__ = ["replace"]
