"""Counts and sums of an import: kept with every chunk, added up for the report."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from milepost.finance.calendars import FOREVER
from milepost.servicing.tapes.operations.planned import Planned
from milepost.servicing.tapes.states import Outcome


@dataclass(slots=True)
class Tally:
    """What became of rows, and what they add up to. Amounts in minor units."""

    rows: Counter[str] = field(default_factory=Counter)
    """Book rows by outcome."""
    movements: Counter[str] = field(default_factory=Counter)
    """Movement rows by outcome, and LATER: dated after the day up to which the tape is taken in."""
    sums: Counter[str] = field(default_factory=Counter)
    file_months: Counter[str] = field(default_factory=Counter)
    """The file's balances at the end of each month."""
    ledger_months: Counter[str] = field(default_factory=Counter)
    """By how much the principal account moved in each month."""
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, planned: Planned, outcome: Outcome, movements: int) -> None:
        """Count one agreement that stands as planned."""
        self.rows[outcome] += 1
        self.movements[outcome] += movements
        self.sums.update(planned.sums)
        self.file_months.update(planned.months)
        standing = planned.standing
        self.statuses[standing.status] += 1
        if standing.arrears_since != FOREVER:
            overdue = standing.due_total - standing.paid_total
            balance = standing.principal_outstanding + overdue
            self.sums.update(arrears=1, arrears_balance=balance, overdue=overdue)
        for found in planned.findings:
            self.sums[f"found_{found.kind}"] += 1
            self.sums[f"amount_{found.kind}"] += found.amount

    def update(self, other: "Tally") -> None:
        """Add another tally to this one."""
        for mine, theirs in zip(self._parts(), other._parts(), strict=True):
            mine.update(theirs)

    def frozen(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return dict(zip(_NAMES, map(dict, self._parts()), strict=True))

    @classmethod
    def thawed(cls, frozen: dict[str, Any]) -> "Tally":
        """Read back what `frozen` gave."""
        return cls(*(Counter(frozen.get(name, {})) for name in _NAMES))

    def _parts(self) -> tuple[Counter[str], ...]:
        return (self.rows, self.movements, self.sums, self.file_months, self.ledger_months, self.statuses)


_NAMES = ("rows", "movements", "sums", "file_months", "ledger_months", "statuses")
