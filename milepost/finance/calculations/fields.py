"""What a request may hold: each type reads a JSON value exactly, or refuses it with its path, and says its JSON Schema.

A request is declared once, from these types; the validator, the schemas and the reference page all come from that.
Every bound is part of the type, so that an absurd value is refused before anything is computed with it.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn, Protocol

from milepost.finance.money import FinanceError

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LARGEST = "9999999.99"
_LONGEST_QUOTED = 40


class Shape(Protocol):
    """One kind of JSON value."""

    @property
    def words(self) -> str:
        """What it is, for the reference page."""
        ...

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema (draft 2020-12)."""
        ...


class Type(Shape, Protocol):
    """One kind of JSON value that a request may hold."""

    def read(self, value: object, at: str) -> Any:
        """The value as finance has it. Raises FinanceError with the path `at`."""
        ...


def refuse(code: str, at: str, message: str) -> NoReturn:
    """Say what is wrong, where, and what to do."""
    raise FinanceError(code, at, message)


def _text(value: object, at: str, example: str) -> str:
    if not isinstance(value, str):
        refuse("wrong_type", at, f'must be a string, such as "{example}"')
    return value


class _Written:
    """A string of one form, whose length is bounded before it is looked at."""

    def __init__(self, pattern: str, example: str, longest: int) -> None:
        self.pattern = re.compile(pattern, re.ASCII)
        self.example = example
        self.longest = longest

    def match(self, value: object, at: str) -> str | None:
        """The text where it is of the form, None where it is not. Raises FinanceError for what is no string."""
        text = _text(value, at, self.example)
        return text if len(text) <= self.longest and self.pattern.fullmatch(text) else None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.pattern.pattern}$"}


class _Decimal(_Written):
    """A number written as a string: why one is refused."""

    def refuse(self, text: object, at: str, places: str, most: str) -> NoReturn:
        short = text[:_LONGEST_QUOTED] if isinstance(text, str) else ""
        if re.fullmatch(r"[+-]?(nan|inf|infinity)", short, re.IGNORECASE):
            refuse("not_finite", at, f'must be a finite number, such as "{self.example}"')
        if re.fullmatch(r"-[0-9]+(\.[0-9]*)?", short):
            refuse("negative", at, "must not be negative")
        if re.fullmatch(r"[0-9]+\.[0-9]{3,}", short) and len(short.partition(".")[2]) > int(
            places.rsplit(maxsplit=1)[-1]
        ):
            refuse("too_many_decimals", at, f"must have {places} decimals")
        if re.fullmatch(r"[0-9]+(\.[0-9]*)?", short) and Decimal(short) > Decimal(most):
            refuse("too_large", at, f"must not exceed {most}")
        refuse("invalid", at, f'must be written like "{self.example}", without signs, spaces or needless noughts')


class Amount(_Decimal):
    """Money with exactly two decimals -> minor units; up to ten million less a penny."""

    def __init__(self, *, least: int = 0) -> None:
        above = r"(?!0\.00)" if least else ""
        super().__init__(above + r"(0|[1-9][0-9]{0,6})\.[0-9]{2}", "298.05", 10)
        self.least = least
        self.words = "money above nought" if least else "money"

    def read(self, value: object, at: str) -> int:
        text = self.match(value, at)
        if text is None:
            if value == "0.00":
                refuse("too_small", at, "must be above nought")
            self.refuse(value, at, "exactly 2", LARGEST)
        return int(text.replace(".", ""))


class Percentage(_Decimal):
    """A decimal number of up to ten places -> Decimal; `most` is a power of ten."""

    def __init__(self, most: int = 10_000, words: str = "percentage") -> None:
        figures = len(str(most)) - 1
        super().__init__(
            rf"({most}(\.0{{1,10}})?|(0|[1-9][0-9]{{0,{figures - 1}}})(\.[0-9]{{1,10}})?)", "8.9", figures + 12
        )
        self.most = most
        self.words = f"{words}, 0 to {most}"

    def read(self, value: object, at: str) -> Decimal:
        text = self.match(value, at)
        if text is None:
            self.refuse(value, at, "at most 10", str(self.most))
        return Decimal(text)


class Time(_Written):
    """Years or months as an exact fraction -> Fraction."""

    def __init__(self, *, words: str = "time", signed: bool = False, below_one: bool = False) -> None:
        super().__init__(("-?" if signed else "") + "(0|[1-9][0-9]{0,8})(/[1-9][0-9]{0,8})?", "1/12", 20)
        self.words = words
        self.below_one = below_one

    def read(self, value: object, at: str) -> Fraction:
        text = self.match(value, at)
        if text is None:
            short = str(value)[:_LONGEST_QUOTED]
            if re.fullmatch(r"-[0-9/]+", short):
                refuse("negative", at, "must not be negative")
            refuse("invalid", at, 'must be an exact fraction of whole numbers, such as "1/12", "13/365" or "2"')
        time = Fraction(text)
        if self.below_one and time >= 1:
            refuse("out_of_range", at, "must be less than 1")
        return time


class Day(_Written):
    """An ISO date -> date; years 1900 to 2899, or 1980 to 2099 where the bank holidays count."""

    def __init__(self, *, working: bool = False) -> None:
        years = "(19[89][0-9]|20[0-9]{2})" if working else "(19|2[0-8])[0-9]{2}"
        super().__init__(years + "-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "2026-04-17", 10)
        self.words = "date, 1980 to 2099" if working else "date"
        self.years = "1980 to 2099" if working else "1900 to 2899"

    def read(self, value: object, at: str) -> date:
        text = self.match(value, at)
        if text is None:
            if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", str(value)[:_LONGEST_QUOTED]):
                refuse("out_of_range", at, f"must lie in the years {self.years}")
            refuse("invalid_date", at, "must be a date written YYYY-MM-DD")
        try:
            return date.fromisoformat(text)
        except ValueError:
            refuse("invalid_date", at, "there is no such day: that month is shorter")

    def schema(self) -> dict[str, Any]:
        return super().schema() | {"format": "date"}


class Digits(_Written):
    """A number whose digits matter, leading noughts included -> str."""

    def __init__(self, count: int, example: str) -> None:
        super().__init__(f"[0-9]{{{count}}}", example, count)
        self.words = f"{count} digits"

    def read(self, value: object, at: str) -> str:
        text = self.match(value, at)
        if text is None:
            refuse("invalid", at, f"must be {self.words} without spaces or dashes")
        return text


class Whole:
    """A whole number, written without quotes and without decimals -> int."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self.words = f"whole number, {least} to {most}"

    def read(self, value: object, at: str) -> int:
        if type(value) is not int:  # true and 48.0 are not counts
            refuse("wrong_type", at, "must be a whole number, without quotes or decimals")
        if not self.least <= value <= self.most:
            refuse("out_of_range", at, f"must be from {self.least} to {self.most}")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Truth:
    """true or false."""

    words = "true or false"

    def read(self, value: object, at: str) -> bool:
        if not isinstance(value, bool):
            refuse("wrong_type", at, "must be true or false, without quotes")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Name:
    """A name of the caller's own: printable, not blank, at most 60 characters -> str."""

    words = "name"
    longest = 60

    def read(self, value: object, at: str) -> str:
        text = _text(value, at, "AGR1")
        if not 1 <= len(text) <= self.longest:
            refuse("out_of_range", at, f"must have 1 to {self.longest} characters")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


class Choice:
    """One of some words, told exactly -> str."""

    def __init__(self, *names: str) -> None:
        self.names = tuple(map(str, names))
        self.words = " \\| ".join(f"`{name}`" for name in names)

    def read(self, value: object, at: str) -> str:
        text = _text(value, at, self.names[0])
        if text not in self.names:
            refuse("unknown_choice", at, f"must be {' or '.join(self.names)}")
        return text

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.names)} if len(self.names) > 1 else {"const": self.names[0]}


class WholeOr:
    """A whole number, or one of some words."""

    def __init__(self, whole: Whole, choice: Choice) -> None:
        self.whole, self.choice = whole, choice
        self.words = f"{whole.words}, or {choice.words}"

    def read(self, value: object, at: str) -> int | str:
        if isinstance(value, str):
            return self.choice.read(value, at)
        return self.whole.read(value, at)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.whole.schema(), self.choice.schema()]}


class ListOf:
    """A list with its bounds -> list."""

    def __init__(self, item: Type, *, least: int = 0, most: int) -> None:
        self.item, self.least, self.most = item, least, most
        self.words = f"list of {least} to {most}: {item.words}" if least else f"list of up to {most}: {item.words}"

    def read(self, value: object, at: str) -> list[Any]:
        if not isinstance(value, list):
            refuse("wrong_type", at, "must be a list, in square brackets")
        if len(value) < self.least:
            refuse("missing", at, f"must hold at least {self.least}")
        if len(value) > self.most:
            refuse("too_many", at, f"must hold at most {self.most}")
        return [self.item.read(item, f"{at}[{place}]") for place, item in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema(), "minItems": self.least, "maxItems": self.most}


def require_object(value: object, at: str) -> dict[str, Any]:
    """A JSON object with each of its fields once. Raises FinanceError."""
    if not isinstance(value, dict):
        refuse("wrong_type", at, "must be an object, in curly brackets")
    twice = getattr(value, "repeated", None)
    if twice is not None:
        refuse("repeated", inside(at, twice), "is given twice: give it once")
    return value


def inside(at: str, name: object) -> str:
    """The path of a field within an object, with an endless name cut short."""
    short = str(name)[:_LONGEST_QUOTED]
    return f"{at}.{short}" if at else short


class MapOf:
    """An object whose field names are the caller's own -> dict."""

    def __init__(self, item: Type, *, least: int = 0, most: int) -> None:
        self.item, self.least, self.most = item, least, most
        self.words = f"object of {least} to {most} names: {item.words}"

    def read(self, value: object, at: str) -> dict[str, Any]:
        given = require_object(value, at)
        if not self.least <= len(given) <= self.most:
            refuse("missing" if len(given) < self.least else "too_many", at, f"must name {self.least} to {self.most}")
        return {
            Name().read(name, inside(at, name)): self.item.read(item, inside(at, name)) for name, item in given.items()
        }

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": Name().schema(),
            "additionalProperties": self.item.schema(),
            "minProperties": self.least,
            "maxProperties": self.most,
        }


class Field:
    """One field of an object: its type, what it means, and whether it may be left out."""

    def __init__(self, type_: Type, meaning: str, *, optional: bool = False) -> None:
        self.type, self.meaning, self.optional = type_, meaning, optional


class Object:
    """An object of exactly these fields -> dict, those left out being absent."""

    words = "object"

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields

    def read(self, value: object, at: str = "") -> dict[str, Any]:
        given = require_object(value, at)
        for name in given:
            if name not in self.fields:
                refuse("unknown_field", inside(at, name), f"is not a field here: use {', '.join(self.fields)}")
        for name, field in self.fields.items():
            if name not in given and not field.optional:
                refuse("missing", inside(at, name), f"is needed: {field.meaning}")
        return {
            name: field.type.read(given[name], inside(at, name)) for name, field in self.fields.items() if name in given
        }

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                name: field.type.schema() | {"description": field.meaning} for name, field in self.fields.items()
            },
            "required": [name for name, field in self.fields.items() if not field.optional],
            "additionalProperties": False,
        }
