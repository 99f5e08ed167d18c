"""What an answer holds, told as JSON Schema and for the reference page; and how figures are written in it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from milepost.finance import ENGINE
from milepost.finance.calculations.fields import Shape


class Written:
    """A value of an answer, by the JSON Schema of its form."""

    def __init__(self, words: str, **form: Any) -> None:
        self.words, self.form = words, form

    def schema(self) -> dict[str, Any]:
        """Its form."""
        return dict(self.form)


class OrNull:
    """A value, or null where there is none."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.words = f"{shape.words}, or null"

    def schema(self) -> dict[str, Any]:
        """Either."""
        return {"anyOf": [self.shape.schema(), {"type": "null"}]}


class Given:
    """One field of an answer."""

    def __init__(self, shape: Shape, meaning: str, *, optional: bool = False) -> None:
        self.shape, self.meaning, self.optional = shape, meaning, optional


class Answer:
    """An object with at least these fields: later versions may add others, and never take one away."""

    words = "object"

    def __init__(self, fields: Mapping[str, Given]) -> None:
        self.fields = dict(fields)

    def schema(self) -> dict[str, Any]:
        """Its fields."""
        return {
            "type": "object",
            "properties": {
                name: given.shape.schema() | {"description": given.meaning} for name, given in self.fields.items()
            },
            "required": [name for name, given in self.fields.items() if not given.optional],
        }


class Rows:
    """A list of objects."""

    words = "list of objects"

    def __init__(self, row: Answer) -> None:
        self.row = row

    def schema(self) -> dict[str, Any]:
        """Its rows' fields."""
        return {"type": "array", "items": self.row.schema()}


class Named:
    """An object whose field names are the request's own."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.words = f"object of names: {shape.words}"

    def schema(self) -> dict[str, Any]:
        """Any names, one kind of value."""
        return {"type": "object", "additionalProperties": self.shape.schema()}


MONEY = Written("money", type="string", pattern=r"^[0-9]+\.[0-9]{2}$")
SIGNED_MONEY = Written("money, may be negative", type="string", pattern=r"^-?[0-9]+\.[0-9]{2}$")
DATE = Written("date", type="string", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", format="date")
FRACTION = Written("exact fraction", type="string", pattern="^-?[0-9]+/[0-9]+$")
NUMBER = Written("number", type="string", pattern=r"^-?[0-9]+(\.[0-9]+)?$")
COUNT = Written("whole number", type="integer")
TRUTH = Written("true or false", type="boolean")
TEXT = Written("text", type="string")
RULE = Given(TEXT, "the law followed, and since when that version of it is in force")
UNDATED_RULE = Given(TEXT, "the law or rule followed")
ENGINE_FIELD = Given(TEXT, "the version of the calculation rules that gave this answer")
REFUSED = Answer(
    {
        "error": Given(
            Answer(
                {
                    "code": Given(TEXT, "a stable word for the reason"),
                    "field": Given(TEXT, "the path of the field at fault; empty where the whole line is"),
                    "message": Given(TEXT, "what is wrong and what to do, in English"),
                }
            ),
            "why there is no answer",
        )
    }
)


def money(minor: int) -> str:
    """29805 -> "298.05"."""
    pounds, pence = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{pounds}.{pence:02d}"


def day(on: date) -> str:
    """ISO 8601."""
    return on.isoformat()


def fraction(value: Fraction) -> str:
    """Always as numerator/denominator, in lowest terms: "1/12", "0/1"."""
    return f"{value.numerator}/{value.denominator}"


def number(value: Decimal) -> str:
    """Without an exponent."""
    return f"{value:f}"


def with_engine(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, with the version of the rules that gave it."""
    return {**answer, "engine": ENGINE}
