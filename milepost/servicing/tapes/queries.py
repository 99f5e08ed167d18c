"""What became of a tape's rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from milepost.servicing.tapes.models import Finding, Rejection
from milepost.servicing.tapes.states import FileKind, FindingKind

RejectionRow = tuple[str, int, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One line of the reconciliation report's lists; the amount is in minor units."""

    reference: str
    line: int
    on: date
    kind: FindingKind
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class RejectionLine:
    """One rejected row, as the report shows it."""

    file: FileKind
    line: int
    reference: str
    column: str
    value: str
    reason: str


def rejections(tape_id: int, kind: FileKind) -> Iterator[RejectionRow]:
    """The rejected rows of one file of a tape, in the file's order, streamed."""
    fields = ("file", "line", "reference", "column", "value", "reason", "cells")
    return (
        Rejection.objects.filter(tape_id=tape_id, file=kind).order_by("line", "id").values_list(*fields).iterator(2_000)
    )


def first_rejections(tape_id: int, limit: int) -> list[RejectionLine]:
    """The first rejected rows of a tape's book, and then of its movements."""
    rows = Rejection.objects.filter(tape_id=tape_id).order_by("file", "line", "id").values_list(
        "file", "line", "reference", "column", "value", "reason"
    )[:limit]  # fmt: skip
    return [RejectionLine(FileKind(row[0]), *row[1:]) for row in rows]


def findings(tape_id: int, kinds: frozenset[FindingKind], limit: int | None = None) -> Iterator[FindingLine]:
    """The findings of these kinds, or the first of them, by date and number, streamed."""
    rows = Finding.objects.filter(tape_id=tape_id, kind__in=kinds).order_by("on", "reference", "id").values_list(
        "reference", "line", "on", "kind", "amount", "reason"
    )[:limit]  # fmt: skip
    return (FindingLine(*row[:3], FindingKind(row[3]), *row[4:]) for row in rows.iterator(2_000))
