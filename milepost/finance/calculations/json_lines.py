"""One line of text -> one request, or the reason why it is none. Bounded in size and depth, and strict as JSON is."""

import json
from typing import Any, NoReturn

from milepost.finance.calculations.fields import refuse

LONGEST_LINE = 5_000_000
_LONGEST_NUMBER = 20
_WITH_DECIMALS = object()
"""Stands where a request holds a number with decimals or without end: wrong wherever it is, whatever its value."""


class Repeating(dict[str, Any]):
    """An object that gives a field twice, which JSON leaves open and money must not."""

    repeated: str


def read(line: bytes) -> Any:
    """The JSON value of a line.

    Raises FinanceError, with an empty field, where it is longer than five million bytes, not UTF-8 or not JSON. What a
    request may not hold is left for its kind to refuse with its path: a repeated field, a number without end.
    """
    if len(line) > LONGEST_LINE:
        refuse_length()
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        refuse("invalid_utf8", "", f"must be UTF-8: byte {error.start + 1} of the line is not")
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_number, parse_constant=_number
        )
    except RecursionError:
        refuse("too_deep", "", "is nested too deeply: no request has more than four levels")
    except ValueError as error:
        where = f" (character {error.pos + 1}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        refuse("invalid_json", "", f"must be one JSON object on one line{where}")


def refuse_length() -> NoReturn:
    """Say that a line is too long."""
    refuse("too_long", "", f"must not be longer than {LONGEST_LINE:,} bytes: split the requests, one a line")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeating = Repeating(found)
    seen: set[str] = set()
    repeating.repeated = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return repeating


def _whole(text: str) -> int:
    """A whole number; one of very many digits only as a number that is too large for anything."""
    return int(text[: _LONGEST_NUMBER + 1])


def _number(text: str) -> object:
    return _WITH_DECIMALS
