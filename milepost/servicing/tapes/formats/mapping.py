"""A format: which column feeds which of our fields. Read from TOML, so that a lender maps its own file without code."""

import codecs
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field as dataclass_field
from enum import StrEnum
from pathlib import Path
from typing import Any

from milepost.servicing.tapes.formats import source, tables, values

FOLDER = Path(__file__).parent


class Meaning(StrEnum):
    """What a movements file says about an agreement."""

    BALANCES = "BALANCES"
    """Balances and what was collected month by month: the truth up to its last month, nothing falls due before."""
    TERMS = "TERMS"
    """Payments alone: what fell due is worked out again from the terms."""


PERSON = (
    "customer", "title", "given_name", "family_name", "birth_date", "email", "phone", "address_1", "address_2",
    "address_3", "town", "postcode",
)  # fmt: skip
VEHICLE = (
    "make", "model", "body", "registration", "vin", "is_new", "first_registered", "year", "cash_price",
    "annual_mileage", "excess_mileage",
)  # fmt: skip
TERMS = (
    "product", "currency", "agreed_on", "drawdown_date", "first_due_date", "due_day", "maturity_date",
    "amount_of_credit",
    "number_of_instalments", "advance_instalments", "rate_convention", "annual_percent", "apr_percent", "instalment",
    "final_instalment", "balloon", "balloon_month", "deposit", "part_exchange", "acceptance_fee",
    "acceptance_fee_with", "option_fee", "settled_on",
)  # fmt: skip
OF_LIFE = frozenset({"birth_date", "joint_birth_date", "first_registered"})
"""Dates that may lie long before any agreement."""
MONTH = (
    "period_begin", "period_end", "opening_balance", "closing_balance", "principal_paid", "interest_paid", "total_paid",
    "recovered", "proceeds", "zero_balance", "zero_balance_date", "days_past_due",
)  # fmt: skip
BOOK = frozenset({
    "reference", *TERMS, *PERSON, *(f"joint_{field}" for field in PERSON), *VEHICLE, *MONTH, "remaining_term",
    "interest_paid_through", "account_ending", "account_holder", "principal_outstanding",
})  # fmt: skip
MOVEMENTS = frozenset({"reference", *MONTH, "remaining_term", "paid_on", "amount", "method", "returned_on"})


class FormatWrong(Exception):
    """A format file cannot be used; the message names the key and says what it should hold."""


@dataclass(frozen=True, slots=True)
class Field:
    """One of our fields: the columns that may feed it (the first found wins), how to read it, and its default."""

    name: str
    columns: tuple[str, ...]
    read: values.Reader
    options: values.Options
    required: bool
    default: Any


@dataclass(frozen=True, slots=True)
class Format:
    """How another system writes its tapes."""

    name: str
    title: str
    meaning: Meaning
    currency: str
    """ISO 4217, or empty where a column gives it."""
    encoding: str
    missing: frozenset[str]
    assumptions: tuple[str, ...]
    book: tuple[Field, ...]
    movements: tuple[Field, ...]

    @property
    def dated(self) -> str:
        """The field that says when a movement was."""
        return "period_end" if self.meaning is Meaning.BALANCES else "paid_on"

    @property
    def signature(self) -> str:
        """Text that is the same for the same format in every process."""
        fields = [
            (field.name, field.columns, field.read.__name__, repr(field.options), field.required, field.default)
            for field in (*self.book, *self.movements)
        ]
        return repr((self.name, str(self.meaning), self.currency, self.encoding, sorted(self.missing), fields))


class RowWrong(Exception):
    """A row cannot be taken in: which column, what it holds, why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(f"{column}: {value!r} {reason}")
        self.column = column
        self.value = value
        self.reason = reason


_UNKNOWN = object()
REMEMBERED = 20_000
"""Cells whose value is remembered, for each column: dates, codes and instalments come again and again."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One field and the place of its column in a file."""

    name: str
    place: int
    read: values.Reader
    options: values.Options
    required: bool
    default: Any
    memory: dict[str, Any] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """A format's fields bound to the header of one file."""

    header: tuple[str, ...]
    fields: tuple["Bound", ...]
    absent: tuple[tuple[str, Any], ...]
    missing: frozenset[str]
    reference_place: int

    def values(self, cells: Sequence[str]) -> dict[str, Any]:
        """The fields of one row. Raises RowWrong for the first cell that cannot be read."""
        row = dict(self.absent)
        for field in self.fields:
            cell = cells[field.place]
            value = field.memory.get(cell, _UNKNOWN)
            row[field.name] = self._value(field, cell) if value is _UNKNOWN else value
        return row

    def _value(self, field: "Bound", raw: str) -> Any:
        cell = values.unguarded(raw)
        if cell in self.missing:
            if field.required:
                raise RowWrong(self.header[field.place], cell, "is needed and missing")
            value = field.default
        else:
            try:
                value = field.read(cell, field.options)
            except values.Unreadable as error:
                raise RowWrong(self.header[field.place], cell, str(error)) from None
            except (ValueError, ArithmeticError):  # what no reader foresaw is the cell's fault, not the book's
                raise RowWrong(self.header[field.place], cell, "cannot be read") from None
        if len(field.memory) < REMEMBERED and len(raw) <= 40:
            field.memory[raw] = value
        return value

    def reference(self, cells: Sequence[str]) -> str:
        """The agreement's number as the rows of both files are matched by it; empty where it is missing."""
        if self.reference_place >= len(cells):
            return ""
        cell = values.unguarded(cells[self.reference_place])
        return "" if cell in self.missing else " ".join(cell.split())

    def column(self, name: str) -> str:
        """The file's own word for one of our fields."""
        return next((self.header[field.place] for field in self.fields if field.name == name), name)

    def cell(self, name: str, cells: Sequence[str]) -> str | None:
        """The text that the file holds for one of our fields; None where no column feeds it."""
        place = next((field.place for field in self.fields if field.name == name), len(cells))
        return values.unguarded(cells[place]) if place < len(cells) else None


def bind(fields: Iterable[Field], header: tables.Header, missing: frozenset[str], file_name: str) -> Columns:
    """Find each field's column. Raises Unusable naming the required columns that are absent, and what is close."""
    by_name = {tables.folded(column): place for place, column in enumerate(header.columns)}
    bound, absent, lacking = [], [], []
    reference_place = 0
    for field in fields:
        place = next((by_name[key] for column in field.columns if (key := tables.folded(column)) in by_name), None)
        if place is not None:
            bound.append(Bound(field.name, place, field.read, field.options, field.required, field.default))
            reference_place = place if field.name == "reference" else reference_place
        elif field.required:
            near = next((near for column in field.columns if (near := tables.closest(column, header.columns))), "")
            lacking.append(field.columns[0] + (f" (is {near!r} meant?)" if near else ""))
        else:
            absent.append((field.name, field.default))
    if lacking:
        shown = ", ".join(header.columns[:8]) + (", …" if len(header.columns) > 8 else "")
        raise source.Unusable(
            f"{file_name} lacks {'the column' if len(lacking) == 1 else 'these columns'}: {', '.join(lacking)}. "
            f"Its header begins: {shown}. Correct the header, or map your own columns with --mapping.",
            1,
        )
    return Columns(header.columns, tuple(bound), tuple(absent), missing, reference_place)


def names() -> list[str]:
    """The formats that come with Milepost."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def named(name: str) -> Format:
    """One of the formats that come with Milepost. Raises FormatWrong."""
    if name not in names():
        raise FormatWrong(f"There is no format {name!r}. There are: {', '.join(names())}.")
    return read(FOLDER / f"{name}.toml")


def read(path: Path) -> Format:
    """A format from its file; `based_on` takes over another's fields where the file does not say otherwise."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormatWrong(f"{path} cannot be read: {error}") from error
    if base := document.pop("based_on", None):
        if base not in names():
            raise FormatWrong(f"{path}: based_on names {base!r}; there are {', '.join(names())}.")
        below = tomllib.loads((FOLDER / f"{base}.toml").read_text(encoding="utf-8"))
        for part in _tables(document, path):
            document[part] = {**below.get(part, {}), **document.get(part, {})}
        document = {**below, **document}
    _tables(document, path)
    try:
        return _format(document)
    except FormatWrong as error:
        raise FormatWrong(f"{path}: {error}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise FormatWrong(f"{path}: a setting holds another kind of value than it should: {error}") from error


def _tables(document: dict[str, Any], path: Path) -> tuple[str, ...]:
    parts = ("book", "movements")
    for part in parts:
        if not isinstance(document.get(part, {}), dict):
            raise FormatWrong(f"{path}: {part} must be a table of fields, begun by a line [{part}].")
    return parts


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
        if b"a1,".decode(name) == "a1,":
            return name
    except (LookupError, UnicodeError):
        pass
    raise FormatWrong(f"encoding {name!r} is none that a CSV file can be read in; utf-8, cp1252 and latin-1 are some.")


def _format(document: dict[str, Any]) -> Format:
    known = {
        "name", "title", "meaning", "currency", "encoding", "missing", "dates", "months", "assumptions", "book",
        "movements",
    }  # fmt: skip
    for key in document:
        if key not in known:
            raise FormatWrong(f"there is no setting {key!r}; there are {', '.join(sorted(known))}.")
    try:
        meaning = Meaning(document.get("meaning", ""))
    except ValueError:
        raise FormatWrong(f"meaning must be one of {', '.join(Meaning)}.") from None
    general = values.Options(
        dates=tuple(document.get("dates", ("%Y-%m-%d",))), months=tuple(document.get("months", ("%Y-%m",)))
    )
    return Format(
        str(document.get("name", "")) or "own",
        str(document.get("title", "")),
        meaning,
        str(document.get("currency", "")).upper(),
        _encoding(str(document.get("encoding", "utf-8"))),
        frozenset({"", *map(str, document.get("missing", ()))}),
        tuple(document.get("assumptions", ())),
        _fields(document.get("book", {}), BOOK, "book", general),
        _fields(document.get("movements", {}), MOVEMENTS, "movements", general),
    )


def _fields(document: dict[str, Any], known: frozenset[str], part: str, general: values.Options) -> tuple[Field, ...]:
    found = []
    for name, setting in document.items():
        if name not in known:
            near = tables.closest(name, sorted(known))
            raise FormatWrong(f"{part}.{name} is none of our fields{f'; is {near} meant?' if near else '.'}")
        if setting is False:  # a format based on another does without this field
            continue
        found.append(_field(name, {"columns": setting} if isinstance(setting, str | list) else setting, part, general))
    if not any(field.name == "reference" and field.required for field in found) and found:
        raise FormatWrong(f"{part}.reference is missing, or not required.")
    return tuple(found)


def _field(name: str, setting: object, part: str, general: values.Options) -> Field:
    if not isinstance(setting, dict):
        raise FormatWrong(f"{part}.{name} must be a column, a list of columns, or a table of settings.")
    extra = set(setting) - {"columns", "read", "required", "default", "codes", "dates", "months", "longest"}
    if extra:
        raise FormatWrong(f"{part}.{name} has unknown settings: {', '.join(sorted(extra))}.")
    reader = values.READERS.get(str(setting.get("read", "text")))
    if reader is None:
        raise FormatWrong(f"{part}.{name}.read must be one of {', '.join(sorted(values.READERS))}.")
    columns = setting.get("columns", [])
    return Field(
        name,
        (columns,) if isinstance(columns, str) else tuple(map(str, columns)),
        reader,
        values.Options(
            tuple(setting.get("dates", general.dates)),
            tuple(setting.get("months", general.months)),
            {str(key).upper(): value for key, value in setting.get("codes", {}).items()},
            int(setting.get("longest", 0)),
            values.EARLIEST_OF_LIFE if name in OF_LIFE else values.EARLIEST,
        ),
        bool(setting.get("required", False)),
        setting.get("default"),
    )
