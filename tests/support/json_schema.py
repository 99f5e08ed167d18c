"""Judges a value by a JSON Schema: the keywords that our schemas use, and no others, in the words of the standard."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

Schema = dict[str, Any]
NOTES = {"$schema", "title", "description"}


def valid(value: object, schema: Schema) -> bool:
    """Whether the value is valid. Raises KeyError for a keyword that is not known here."""
    return all(KEYWORDS[word](value, part, schema) for word, part in schema.items() if word not in NOTES)


def _is(value: object, name: str) -> bool:
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "null":
        return value is None
    return isinstance(value, {"object": dict, "array": list, "string": str, "boolean": bool}[name])


def _date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _same(value: object, other: object) -> bool:
    return type(value) is type(other) and value == other


def _of(kind: Any, judge: Callable[[Any, Any, Schema], bool]) -> Callable[[Any, Any, Schema], bool]:
    """A keyword says nothing of values of other types."""
    return lambda value, part, schema: (
        not isinstance(value, kind) or isinstance(value, bool) or judge(value, part, schema)
    )


KEYWORDS: dict[str, Callable[[Any, Any, Schema], bool]] = {
    "type": lambda value, part, _: _is(value, part),
    "enum": lambda value, part, _: any(_same(value, one) for one in part),
    "const": lambda value, part, _: _same(value, part),
    "pattern": _of(str, lambda value, part, _: re.search(part.removesuffix("$") + r"\Z", value, re.ASCII) is not None),
    "format": lambda value, part, _: _date(value),
    "minLength": _of(str, lambda value, part, _: len(value) >= part),
    "maxLength": _of(str, lambda value, part, _: len(value) <= part),
    "minimum": _of(int, lambda value, part, _: value >= part),
    "maximum": _of(int, lambda value, part, _: value <= part),
    "items": _of(list, lambda value, part, _: all(valid(item, part) for item in value)),
    "minItems": _of(list, lambda value, part, _: len(value) >= part),
    "maxItems": _of(list, lambda value, part, _: len(value) <= part),
    "properties": _of(
        dict, lambda value, part, _: all(valid(value[name], one) for name, one in part.items() if name in value)
    ),
    "required": _of(dict, lambda value, part, _: all(name in value for name in part)),
    "additionalProperties": _of(
        dict,
        lambda value, part, schema: all(
            part is not False and valid(item, part)
            for name, item in value.items()
            if name not in schema.get("properties", {})
        ),
    ),
    "propertyNames": _of(dict, lambda value, part, _: all(valid(name, part) for name in value)),
    "minProperties": _of(dict, lambda value, part, _: len(value) >= part),
    "maxProperties": _of(dict, lambda value, part, _: len(value) <= part),
    "anyOf": lambda value, part, _: any(valid(value, one) for one in part),
    "oneOf": lambda value, part, _: sum(valid(value, one) for one in part) == 1,
}
