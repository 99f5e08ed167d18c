"""Movements that belong to no agreement of the book."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import connection

from milepost.servicing.tapes.formats.mapping import Columns
from milepost.servicing.tapes.operations.take_in_chunk import Rejection
from milepost.servicing.tapes.states import FileKind, Outcome

MOST = 100_000
"""Rejected one by one up to here; beyond it the file is plainly another book's, and one line says how many."""


@dataclass(slots=True)
class Orphans:
    """Movements without an agreement: how many of which fate, and the rejected rows."""

    counts: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)


def orphans(columns: Columns | None) -> Orphans:
    """Those of agreements that were taken in before are left alone; the others are rejected."""
    found = Orphans()
    if columns is None:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.line, m.reference, m.fault, m.cells, t.agreement_id IS NOT NULL
            FROM tape_movement m LEFT JOIN tapes_takenin t ON t.reference = m.reference AND m.fault = ''
            WHERE NOT EXISTS (SELECT 1 FROM tape_book b WHERE b.reference = m.reference AND b.reference <> '')
            ORDER BY m.line
            """
        )
        while rows := cursor.fetchmany(5_000):
            for line, reference, fault, cells, is_held in rows:
                if is_held:
                    found.counts[Outcome.UNCHANGED] += 1
                    continue
                found.counts[Outcome.REJECTED] += 1
                reason = fault or ("belongs to no agreement of the book" if reference else "is needed and missing")
                if len(found.rejections) < MOST:
                    found.rejections.append(
                        (FileKind.MOVEMENTS, line, reference, columns.column("reference"), reference, reason, cells)
                    )
    if found.counts[Outcome.REJECTED] > MOST:
        more = found.counts[Outcome.REJECTED] - MOST
        found.rejections.append(
            (FileKind.MOVEMENTS, 0, "", columns.column("reference"), "", f"and {more:,} more like these", "")
        )
    return found
