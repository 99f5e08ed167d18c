"""Writes docs/reference/calculations.md and its JSON Schemas from the declarations of `milepost.finance.calculations`.

`python -m tests.finance.calculations.reference` rewrites them; a test fails when they are out of date.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from milepost.finance.calculations import KINDS, answer, kind
from milepost.finance.calculations.answers import REFUSED, Answer, Named, Rows
from milepost.finance.calculations.declaration import Kind
from milepost.finance.calculations.fields import DIALECT, ListOf, MapOf, Object
from milepost.finance.calculations.json_lines import LONGEST_LINE

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
COMMAND = "python -m tests.finance.calculations.reference"

INTRODUCTION = f"""\
# Calculations

    milepost calculate KIND

reads requests as JSON Lines on standard input, one a line, and writes one JSON line for each, in order. It needs no
database and no settings. The answers are a promise: a later version may add fields, and never changes or removes one.

    echo '{{"apr_percent": "9.3"}}' | milepost calculate apr-tolerance

| | |
|---|---|
| Money | a string with exactly two decimals: `"298.05"`; from `"0.00"` to `"9999999.99"`, in a few answers negative |
| Dates | `"2026-04-17"` |
| Percentages | a decimal string, up to ten decimals: `"8.9"` |
| Times | exact fractions of a year: `"1/12"`, `"13/365"`; in answers always as numerator/denominator in lowest terms |
| Counts | whole numbers without quotes |

A field that is not of the request, is missing, is given twice, or is not of its type is refused, and so is a figure
that cannot be computed. That line then holds an error, the others are still answered, and the exit status is 1:

    {{"error": {{"code": "missing", "field": "payments[1].amount", "message": "…"}}}}

`field` is the path of what is at fault, empty where it is the whole line. A line is at most {LONGEST_LINE:,} bytes; an
agreement has at most 600 instalments, an APR at most 2,000 cash flows on a side. An empty line is answered with an
error too, except at the very end. Every answer names its `engine`, the version of the rules. `rule` names the law
that was followed: `apr-tolerance`, `settlement` with dates, `compensatory-amount` and `compliance-clock` use numbers
that the law may change, and say since when the version used is in force; `voluntary-termination`, `default-interest`,
`appropriation` and `direct-debit-dates` name their rule without a date; the other kinds follow the agreement alone.

Amounts are rounded to the penny half up, unless said otherwise; rates are not rounded on the way.

JSON Schemas (draft 2020-12) of every request and answer are in [schemas](schemas). What they cannot say (that a date
follows another, that payments repay a credit) the answer says.
"""


def files() -> Iterator[tuple[Path, str]]:
    """Every file of the reference, and what it is to hold."""
    yield FOLDER / "calculations.md", page()
    for name in KINDS:
        declared = kind(name)
        either = {"anyOf": [declared.answer.schema(), REFUSED.schema()]}
        for part, schema in (("request", declared.request.schema()), ("response", either)):
            head = {"$schema": DIALECT, "title": f"{name} {part}", "description": declared.summary}
            yield FOLDER / "schemas" / f"{name}.{part}.json", json.dumps(head | schema, indent=2) + "\n"


def page() -> str:
    """The reference page."""
    return "\n".join([INTRODUCTION, *(line for name in KINDS for line in _section(kind(name)))]).rstrip() + "\n"


def _section(declared: Kind) -> Iterator[str]:
    yield from (f"## {declared.name}", "", declared.summary, "")
    forms = {"": declared.request} if isinstance(declared.request, Object) else declared.request.forms
    for form, request in forms.items():
        yield from (f"Request{', ' + form if form.startswith('with') else form and f' `{form}`'}:", "")
        yield from ("| Field | Is | Meaning |", "|---|---|---|", *_request_rows(request), "")
    yield from ("Answer:", "", "| Field | Is | Meaning |", "|---|---|---|", *_answer_rows(declared.answer), "")
    if declared.notes:
        yield from (declared.notes, "")
    if declared.rules:
        yield from ("How it is worked out:", "", declared.rules)
    for title, example in declared.examples.items():
        yield from (f"{title}:", "", "```json", _json(example), "```", "")
        yield from ("```json", _json(answer(declared.name, example)), "```", "")


def _request_rows(request: Object, path: str = "") -> Iterator[str]:
    for name, field in request.fields.items():
        words = field.type.words + (" (optional)" if field.optional else "")
        yield f"| `{path}{name}` | {words} | {field.meaning} |"
        inner = field.type.item if isinstance(field.type, (ListOf, MapOf)) else field.type
        if isinstance(inner, Object):
            yield from _request_rows(inner, f"{path}{name}{'[]' if isinstance(field.type, ListOf) else ''}.")


def _answer_rows(told: Answer, path: str = "") -> Iterator[str]:
    for name, given in told.fields.items():
        words = given.shape.words + (" (where it applies)" if given.optional else "")
        yield f"| `{path}{name}` | {words} | {given.meaning} |"
        if isinstance(given.shape, Answer):
            yield from _answer_rows(given.shape, f"{path}{name}.")
        elif isinstance(given.shape, Rows):
            yield from _answer_rows(given.shape.row, f"{path}{name}[].")
        else:
            assert not isinstance(given.shape, Named) or not isinstance(given.shape.shape, Answer)


def _json(value: dict[str, Any]) -> str:
    """One field a line; a list of objects one object a line."""
    return "{\n" + ",\n".join(f'  "{name}": {_value(part)}' for name, part in value.items()) + "\n}"


def _value(part: Any) -> str:
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return "[\n" + ",\n".join(f"    {json.dumps(row)}" for row in part) + "\n  ]"
    return json.dumps(part)


if __name__ == "__main__":
    for path, content in files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
