"""The schedule page: every row by year, with what has become of it."""

from datetime import date
from itertools import groupby

from milepost.servicing.agreements.queries.loading import load
from milepost.servicing.agreements.queries.reading import Reading, money
from milepost.servicing.agreements.queries.views import ScheduleRow, ScheduleView, ScheduleYear

TEXTS = {
    "PAID": "Paid",
    "PART_PAID": "Part paid",
    "MISSED": "Not paid",
    "NEXT": "Next",
    "TO_COME": "To come",
    "FINAL": "Final payment",
    "NOT_NEEDED": "Not needed",
}
SHOWN = {"all": None, "to-come": {"MISSED", "PART_PAID", "NEXT", "TO_COME", "FINAL"}, "paid": {"PAID", "PART_PAID"}}


def schedule(agreement_id: int, *, on: date, show: str) -> ScheduleView:
    """The schedule of an agreement. `show` is all, to-come or paid; anything else is taken as all."""
    reading = Reading(load([agreement_id])[0], on)
    show = show if show in SHOWN else "all"
    rows = _rows(reading)
    wanted = SHOWN[show]
    shown = [row for row in rows if wanted is None or row.status in wanted]
    plan = reading.loaded.schedule
    return ScheduleView(
        head=reading.head(),
        show=show,
        years=tuple(_year(year, tuple(group), on) for year, group in groupby(shown, key=lambda row: row.due.year)),
        total_interest=sum(plan.interest),
        total_principal=sum(plan.principal),
        total_fees=sum(plan.fees),
        total=plan.total(),
        paid_count=sum(row.status == "PAID" for row in rows),
        to_come_count=sum(row.status in ("NEXT", "TO_COME", "FINAL") for row in rows),
        final_payment=reading.balloon,
        final_on=plan.due(len(plan) - 1) if reading.balloon else None,
        final_is_optional=reading.loaded.product == "PCP",
        starts_after_import=not reading.loaded.as_signed,
        as_of=on,
    )


def _rows(reading: Reading) -> list[ScheduleRow]:
    plan, first = reading.loaded.schedule, reading.loaded.first_number
    balances = plan.balances()
    rows = []
    for row in range(len(plan)):
        status = _status(reading, row)
        is_final = bool(reading.balloon) and row == len(plan) - 1
        rows.append(
            ScheduleRow(
                number=first + row,
                due=plan.due(row),
                status=status,
                status_text=TEXTS[status],
                interest=plan.interest[row],
                principal=plan.principal[row],
                fee=plan.fees[row],
                balance=balances[row],
                payment=plan.amount_due(row),
                is_next=status == "NEXT",
                note=_note(reading, row, is_final),
            )
        )
    return rows


def _status(reading: Reading, row: int) -> str:
    left = reading.left_by_row[row]
    if left == 0:
        return "PAID"
    if not reading.is_live:
        return "NOT_NEEDED"
    if row == reading.next_row:
        return "NEXT"
    if row < reading.rows_due:
        return "PART_PAID" if left < reading.loaded.schedule.amount_due(row) else "MISSED"
    return "FINAL" if reading.balloon and row == len(reading.cumulative) - 1 else "TO_COME"


def _note(reading: Reading, row: int, is_final: bool) -> str:
    plan = reading.loaded.schedule
    words = []
    if row < plan.advance:
        words.append("Paid in advance")
    if is_final:
        optional = "Optional final payment" if reading.loaded.product == "PCP" else "Final payment"
        words.append(optional if reading.balloon_row_apart else f"{optional} of {money(reading.balloon)} included")
    if plan.fees[row]:
        words.append(f"includes a {money(plan.fees[row])} fee" if words else f"Includes a {money(plan.fees[row])} fee")
    left = reading.left_by_row[row]
    if reading.is_live and 0 < left < plan.amount_due(row):
        words.append(f"{money(left)} still to pay")
    return ", ".join(words)


def _year(year: int, rows: tuple[ScheduleRow, ...], on: date) -> ScheduleYear:
    total = sum(row.payment for row in rows)
    paid = sum(row.status == "PAID" for row in rows)
    behind = sum(row.status in ("MISSED", "PART_PAID") for row in rows)
    words = [f"{len(rows)} payment{'s' if len(rows) > 1 else ''}, {money(total)}"]
    if paid == len(rows):
        words.append("all paid")
    elif paid:
        words.append(f"{paid} paid")
    if behind:
        words.append(f"{behind} not paid")
    return ScheduleYear(year=year, summary=", ".join(words), is_open=year == on.year, rows=rows)
