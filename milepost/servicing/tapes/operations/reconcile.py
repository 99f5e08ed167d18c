"""The reconciliation: what the file says, what we make it, the difference, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import ClassVar

from milepost.plumbing import formats
from milepost.servicing.tapes.operations.tally import Tally
from milepost.servicing.tapes.queries import FindingLine, RejectionLine
from milepost.servicing.tapes.states import FindingKind, Outcome

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, as the file has it and as the ledger does. Minor units, or a count."""

    what: str
    file: int
    ours: int
    why: str
    is_money: bool = True

    @property
    def difference(self) -> int:
        return self.ours - self.file


@dataclass(frozen=True, slots=True)
class MonthLine:
    """Principal at the end of a month, over all agreements: the file's balances and the ledger's account."""

    month: str
    file: int
    ledger: int


@dataclass(frozen=True, slots=True)
class Report:
    """The reconciliation report of one import."""

    NOT_TOLD: ClassVar[str] = "since when is on the tape, and how much is overdue is not"

    book: str
    movements: str
    format: str
    currency: str
    as_of: date
    dry_run: bool
    resumed_chunks: int
    rows: dict[Outcome, int]
    rows_read: int
    movement_rows: dict[str, int]
    movements_read: int
    lines: tuple[Line, ...]
    months: tuple[MonthLine, ...]
    rolled: int
    months_checked: int
    explained: int
    break_count: int
    recoveries: int
    recovery_months: int
    in_arrears: int
    arrears_balance: int
    """What the agreements in arrears owe in all: principal, and what is overdue where the tape tells it."""
    overdue: int
    statuses: dict[str, int]
    assumptions: tuple[str, ...]
    finding_counts: dict[FindingKind, int]
    breaks: tuple[FindingLine, ...]
    explanations: tuple[FindingLine, ...]
    notes: tuple[FindingLine, ...]
    rejections: tuple[RejectionLine, ...]
    files: tuple[tuple[str, int], ...]
    """Rejects files and how many rows each has."""
    breaks_file: str
    """Lists every break; empty where there is none."""
    break_rows: int
    """How many that file has: all, or for a dry run, which keeps nothing, the first."""
    report_file: str
    seconds: float

    @property
    def rejected(self) -> int:
        """Rejected rows of both files."""
        return self.rows[Outcome.REJECTED] + self.movement_rows.get(Outcome.REJECTED, 0)

    @property
    def movements_are_empty(self) -> bool:
        """A movements file was given that has a header and no row."""
        return bool(self.movements) and not self.movements_read

    @property
    def counts_tie(self) -> bool:
        """Every row read ended somewhere."""
        return self.rows_read == sum(self.rows.values()) and self.movements_read == sum(self.movement_rows.values())

    @property
    def months_tie(self) -> bool:
        """The ledger's principal account is the file's, month by month."""
        return all(month.file == month.ledger for month in self.months)

    @property
    def everything_is_explained(self) -> bool:
        """No difference between file and ledger is left without a reason."""
        return self.counts_tie and self.months_tie and all(not line.difference or line.why for line in self.lines)

    @property
    def changed_nothing(self) -> bool:
        """The same content came again."""
        return not self.rows[Outcome.IMPORTED] and not self.rows[Outcome.UPDATED] and bool(self.rows[Outcome.UNCHANGED])

    @property
    def share_rolled(self) -> str:
        """The part of the months that roll forward on the file's own figures."""
        return f"{100 * self.rolled / self.months_checked:.2f}" if self.months_checked else "100.00"

    @property
    def share_explained(self) -> str:
        """With charge-offs and cleared overpayments, which the file explains."""
        done = self.rolled + self.explained
        return f"{100 * done / self.months_checked:.2f}" if self.months_checked else "100.00"


def month_lines(total: Tally, as_of: date) -> tuple[MonthLine, ...]:
    """File and ledger at the end of each month. An agreement that left the file keeps its last balance in both."""
    names = sorted(set(total.file_months) | set(total.ledger_months))
    if not total.file_months:
        return ()
    running = accumulate(total.ledger_months[name] for name in names)
    return tuple(
        MonthLine(name, total.file_months[name], held)
        for name, held in zip(names, running, strict=True)
        if name in total.file_months
    )


def sum_lines(total: Tally, dry_run: bool) -> tuple[Line, ...]:
    """The totals that must agree."""
    differences = total.sums[f"amount_{FindingKind.DIFFERENCE}"]
    opening = [Line("Opening balance, all agreements", total.sums["opening"], total.sums["opening"], "")]
    if dry_run:
        return (
            *opening,
            Line(
                "Closing balance, as read (a dry run posts nothing)", total.sums["closing"], total.sums["closing"], ""
            ),
        )
    count = total.sums[f"found_{FindingKind.DIFFERENCE}"]
    differ = "1 agreement differs" if count == 1 else f"{count:,} agreements differ"
    why = f"{differ}, listed below" if differences else ""
    return (
        *opening,
        Line("Closing balance, all agreements, against the ledger’s principal account", total.sums["closing"],
        total.sums["ledger"], why),
    )  # fmt: skip


def words(report: Report) -> str:
    """The report as text for a terminal."""
    taken_in = f"Format {report.format}, taken in up to {formats.day(report.as_of)}"
    rate = (
        f", {(report.rows_read + report.movements_read) / report.seconds:,.0f} rows a second" if report.seconds else ""
    )
    lines = [
        f"Reconciliation of {report.book}" + (f" with {report.movements}" if report.movements else ""),
        taken_in + (" (dry run: nothing was written)" if report.dry_run else ""),
        "",
        *_counts(report),
        "",
        *_sums(report),
        *_months(report),
        "",
        "  Assumed:",
        *(f"  - {assumption}" for assumption in report.assumptions),
        "",
        *_rejections(report),
        f"  Took {report.seconds:,.1f} s{rate}.",
        f"  The whole report: {report.report_file}",
    ]
    return "\n".join(lines)


def _counts(report: Report) -> Iterator[str]:
    yield f"  Rows read         {report.rows_read:>12,}   movements read   {report.movements_read:>12,}"
    if report.movements_are_empty:
        yield f"  {report.movements} holds a header and no movement: the book was taken in as it stands by itself."
    for outcome in Outcome:
        moved = report.movement_rows.get(outcome, 0)
        yield f"  {outcome.capitalize():<17} {report.rows[outcome]:>12,}   {outcome.lower():<16} {moved:>12,}"
    if later := report.movement_rows.get("LATER", 0):
        yield f"  {'':<17} {'':>12}   after that day   {later:>12,}"
    if report.changed_nothing:
        yield "  This content was taken in before: nothing was changed."
    if report.resumed_chunks:
        done = "1 chunk was" if report.resumed_chunks == 1 else f"{report.resumed_chunks:,} chunks were"
        yield f"  Went on after an interruption: {done} done already."


def _sums(report: Report) -> Iterator[str]:
    def money(amount: int) -> str:
        return formats.money(amount, report.currency)

    for line in report.lines:
        yield f"  {line.what}"
        yield f"    file says {money(line.file)}, we make it {money(line.ours)}, difference {money(line.difference)}"
        if line.difference:
            yield f"    {line.why or 'NOT EXPLAINED'}"
    states = (f"{count:,} {status.lower().replace('_', ' ')}" for status, count in sorted(report.statuses.items()))
    yield f"  Agreements now: {', '.join(states)}"
    if report.in_arrears:
        overdue = f"of which {money(report.overdue)} is overdue" if report.overdue else report.NOT_TOLD
        yield f"  In arrears: {report.in_arrears:,}, with balances of {money(report.arrears_balance)}, {overdue}."


def _months(report: Report) -> Iterator[str]:
    def money(amount: int) -> str:
        return formats.money(amount, report.currency)

    if report.months:
        tied = sum(month.file == month.ledger for month in report.months)
        yield ""
        yield f"  Principal at the end of each month: file and ledger agree in {tied} of {len(report.months)} months."
        yield (
            f"  Previous balance less principal is the balance in {report.rolled:,} of "
            f"{report.months_checked:,} months ({report.share_rolled} %);"
        )
        yield (
            f"  with {report.explained:,} charge-offs and cleared overpayments in {report.share_explained} %."
            + (f" The other {_are(report.break_count)} corrected and listed:" if report.break_count else "")
        )
    for found in report.breaks[:MOST_SHOWN]:
        yield f"    {found.on}  {found.reference:<24} {money(found.amount):>14}  {found.reason}"
    if report.break_count > MOST_SHOWN:
        yield f"    and {report.break_count - MOST_SHOWN:,} more"
    if report.breaks_file:
        how_many = "All" if report.break_rows == report.break_count else f"The first {report.break_rows:,} of"
        yield f"  {how_many} {report.break_count:,} breaks are in {report.breaks_file}."
    if report.recovery_months:
        income = money(report.recoveries)
        yield f"  Recoveries and proceeds after charge-offs: {income} in {report.recovery_months:,} months."


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count:,} are"


def _rejections(report: Report) -> Iterator[str]:
    for rejection in report.rejections[:MOST_SHOWN]:
        place = f"{rejection.file.lower()} line {rejection.line}, {rejection.column or 'the row'}"
        yield f"  Rejected {place}: {rejection.value[:60]!r} {rejection.reason}"
    for path, count in report.files:
        rows, them = ("row is", "it") if count == 1 else ("rows are", "them")
        yield f"  {count:,} rejected {rows} in {path}: correct {them} there and import that file."
