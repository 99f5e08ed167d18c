"""The reconciliation report as a page that needs nothing else: BOOK.report.html."""

from collections.abc import Iterable
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from milepost.plumbing import formats
from milepost.plumbing.lender import current as lender
from milepost.servicing.tapes import queries
from milepost.servicing.tapes.operations import write_breaks
from milepost.servicing.tapes.operations.order import Order
from milepost.servicing.tapes.operations.planned import Found
from milepost.servicing.tapes.operations.reconcile import Report, month_lines, sum_lines
from milepost.servicing.tapes.operations.tally import Tally
from milepost.servicing.tapes.operations.write_rejects import Rejects, beside
from milepost.servicing.tapes.states import FileKind, FindingKind, Outcome

MOST_BREAKS = 5_000
MOST_LISTED = 500
BREAKS = frozenset({FindingKind.BREAK, FindingKind.DIFFERENCE})
EXPLANATIONS = frozenset({FindingKind.CHARGED_OFF, FindingKind.CREDIT_CLEARED})
NOTES = frozenset(FindingKind) - BREAKS - EXPLANATIONS


def write(
    *, order: Order, tape_id: int, as_of: date, total: Tally, read: tuple[int, int], seconds: float, resumed: int,
    rejects: Rejects, found: list[tuple[str, Found]],
) -> Report:  # fmt: skip
    """Draw up the report of an import that has ended, write it beside the book, and answer it."""

    def listed(kinds: frozenset[FindingKind], limit: int | None = None) -> Iterable[queries.FindingLine]:
        if tape_id:
            return queries.findings(tape_id, kinds, limit)
        lines = [queries.FindingLine(reference, *one) for reference, one in found if one.kind in kinds]
        return sorted(lines, key=lambda line: (line.on, line.reference))[:limit]

    breaks_path = beside(order.book, order.out, "breaks.csv")
    break_rows = write_breaks.write(path=breaks_path, breaks=listed(BREAKS))
    path = beside(order.book, order.out, "report.html")
    kept = [queries.RejectionLine(FileKind(row[0]), *row[1:6]) for row in rejects.collected[:MOST_LISTED]]
    report = Report(
        book=order.book.name,
        movements=order.movements.name if order.movements else "",
        format=order.form.title or order.form.name,
        currency=lender().currency,
        as_of=as_of,
        dry_run=order.dry_run,
        resumed_chunks=resumed,
        rows={outcome: total.rows[outcome] for outcome in Outcome},
        rows_read=read[0],
        movement_rows={name: count for name, count in total.movements.items() if count},
        movements_read=read[1],
        lines=sum_lines(total, order.dry_run),
        months=() if order.dry_run else month_lines(total, as_of),
        rolled=total.sums["rolled"],
        months_checked=total.sums["months"],
        explained=total.sums["explained"],
        break_count=total.sums["breaks"] + total.sums[f"found_{FindingKind.DIFFERENCE}"],
        recoveries=total.sums["recoveries"],
        recovery_months=total.sums["recovery_months"],
        in_arrears=total.sums["arrears"],
        arrears_balance=total.sums["arrears_balance"],
        overdue=total.sums["overdue"],
        statuses=dict(total.statuses),
        assumptions=order.form.assumptions,
        finding_counts={kind: total.sums[f"found_{kind}"] for kind in FindingKind if total.sums[f"found_{kind}"]},
        breaks=tuple(listed(BREAKS, MOST_BREAKS)),
        explanations=tuple(listed(EXPLANATIONS, MOST_LISTED)),
        notes=tuple(listed(NOTES, MOST_LISTED)),
        rejections=tuple(queries.first_rejections(tape_id, MOST_LISTED) if tape_id else kept),
        files=tuple((str(file), count) for file, count in rejects.written.items()),
        breaks_file=str(breaks_path) if break_rows else "",
        break_rows=break_rows,
        report_file=str(path),
        seconds=seconds,
    )
    path.write_text(_page(report), encoding="utf-8")
    return report


def _page(report: Report) -> str:
    environment = Environment(
        loader=PackageLoader("milepost.servicing.tapes", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(formats.FILTERS)
    environment.filters["money"] = lambda minor: formats.money(minor, report.currency)
    return environment.get_template("tapes/report.html").render(report=report, lender=lender(), outcomes=list(Outcome))
