"""What one agreement of a tape will be, worked out from its rows before anything is written."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from milepost.finance.entries import Entry
from milepost.finance.schedule import Schedule
from milepost.servicing.agreements.operations import NewStanding, NewVehicle
from milepost.servicing.agreements.states import ScheduleReason
from milepost.servicing.tapes.formats.mapping import Columns
from milepost.servicing.tapes.states import FileKind, FindingKind

MOST_TIMES = 10
"""Policy: no payment or balance of an agreement is more than ten times what was lent; the real ones stay below 1.3."""


class Rejected(Exception):
    """An agreement is not taken in: the file, line and field at fault, what stands there, and why it cannot be.

    The field is ours until `as_written` has put the file's own column and text in its place.
    """

    def __init__(
        self, column: str, value: object, reason: str, *, file: FileKind = FileKind.BOOK, line: int = 0
    ) -> None:
        super().__init__(f"{column}: {value} {reason}")
        self.file = file
        self.line = line
        self.column = column
        self.value = "" if value is None else str(value)
        self.reason = reason

    def as_written(self, columns: Columns, cells: Sequence[str]) -> "Rejected":
        """The same in the words of the file: its column, and the text of its cell. A field it lacks stays as it is."""
        cell = columns.cell(self.column, cells)
        if cell is None:
            return self
        column = columns.column(self.column)
        return Rejected(column, cell, self.reason, file=self.file, line=self.line)


@dataclass(frozen=True, slots=True)
class Staged:
    """A row as it was read: its line, its cells, and what made it unreadable."""

    line: int
    cells: list[str]
    fault_column: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as the tape gives her; nameless where it gives nobody."""

    number: str = ""
    """Her number in the old system; people with the same number are the same person."""
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    email: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()
    town: str = ""
    postcode: str = ""


class Paid(NamedTuple):
    """A payment to write."""

    on: date
    amount: int
    method: str
    returned_on: date


class Posting(NamedTuple):
    """An entry to post. `payment` is the place of the payment that caused it, or -1: then `source` is its number."""

    on: date
    entry: Entry
    source: int
    payment: int = -1


class Found(NamedTuple):
    """Something for the report."""

    line: int
    on: date
    kind: FindingKind
    amount: int
    reason: str


@dataclass(slots=True)
class Planned:
    """One agreement, whole: every row it will be. Amounts in minor units."""

    line: int
    number: str
    """On the tape."""
    reference: str | None
    """Ours, where the tape's number is one of ours."""
    product: str
    terms: dict[str, Any]
    agreed_on: date
    ends_on: date
    apr_percent: str
    people: tuple[Person, ...]
    vehicle: NewVehicle
    account: tuple[str, str]
    """Last four digits and holder; empty without a Direct Debit."""
    schedule: Schedule
    schedule_reason: ScheduleReason
    effective_from: date
    first_number: int
    standing: NewStanding
    as_of: date
    payments: list[Paid] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    sums: Counter[str] = field(default_factory=Counter)
    """Opening and closing balance of the file, and what rolled forward."""
    months: Counter[str] = field(default_factory=Counter)
    """The file's closing balance at the end of each month, by YYYY-MM."""
    terms_hash: str = ""
    facts_hash: str = ""
    movement_marks: list[tuple[object, ...]] = field(default_factory=list)
    """What is compared of each movement, from which a longer history is known to begin like a shorter one."""
    movement_dates: list[date] = field(default_factory=list)
    """When each movement was, in the same order."""

    def movements_hash(self, count: int | None = None) -> str:
        """The fingerprint of the first `count` movements, or of all."""
        return hashlib.blake2b(repr(self.movement_marks[:count]).encode(), digest_size=16).hexdigest()


def shown(amount: int) -> str:
    """Minor units as a file writes them: -1234.50."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def fingerprint(parts: Iterable[object]) -> str:
    """32 hexadecimal digits that stand for these values."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(repr(part).encode())
        digest.update(b"\x1f")
    return digest.hexdigest()
