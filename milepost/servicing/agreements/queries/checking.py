"""Whether what is kept of agreements is what their transfers say: one statement for a range of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from milepost.finance import chart_of_accounts as chart
from milepost.finance.calendars import FOREVER
from milepost.finance.entries import Event
from milepost.servicing.agreements.models import Agreement
from milepost.servicing.ledger import queries as ledger

EVERYTHING = 2**63 - 1
ACCOUNTS = (chart.PRINCIPAL, chart.FEES_RECEIVABLE, chart.DUE_FROM_CUSTOMER, chart.DEFAULT_SUMS, chart.CUSTOMER_CREDIT)
OURS_FROM = ledger.LENDER_BOOKS.stop
ASKINGS = (
    Event.SETTLED_EARLY, Event.PART_SETTLED, Event.TERMINATED_VOLUNTARILY, Event.VEHICLE_KEPT,
    Event.EXCESS_MILEAGE_CHARGED,
)  # fmt: skip


class Range(NamedTuple):
    """Agreements by id, from `low` up to but without `high`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Break:
    """Something that should be equal and is not: minor units, a count, or a date as the number YYYYMMDD."""

    reference: str
    what: str
    expected: int
    found: int


def ranges(size: int) -> list[Range]:
    """All agreements' books in ranges of `size` agreements, without a gap between them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM agreements_agreement) numbered
            WHERE place %% %s = 1 ORDER BY id
            """,
            [size],
        )
        starts = [ledger.LENDER_BOOKS.stop, *(row[0] for row in cursor.fetchall()[1:])]
    return [Range(low, high) for low, high in zip(starts, [*starts[1:], EVERYTHING], strict=True)]


def _due(row: str) -> str:
    """SQL for the contractual due date of a row of the schedule, counted from 0 (finance.schedule.Schedule.due)."""
    month = f"date_trunc('month', g.first_due::timestamp) + make_interval(months => ({row} - g.advance)::int)"
    return f"""CASE WHEN {row} < g.advance THEN g.drawdown_date ELSE least(
        ({month} + make_interval(days => g.due_day - 1))::date, ({month} + interval '1 month')::date - 1) END"""


def _day(date: str) -> str:
    return f"to_char({date}, 'YYYYMMDD')::int"


# One row an agreement: what is kept, what the transfers come to (b), and what the schedule says (plan). `due_rows` is
# how many rows have fallen due, as the transfers say. `ours`: its books began here; otherwise an old system's balance
# is their beginning. Each check then is one line below.
GATHERED = f"""
    WITH b AS ({ledger.balances_of_books_sql(ACCOUNTS, ASKINGS)}),
    kept AS (
        SELECT a.id, a.reference, s.agreement_id IS NOT NULL AS stands, s.status, s.due_total, s.paid_total,
               s.principal_outstanding, s.arrears_since, s.next_number, s.next_due, s.next_amount, s.next_interest,
               c.agreement_id IS NOT NULL AS planned, c.principal, c.interest, c.fees, c.reason, c.first_number,
               c.drawdown_date, c.first_due, c.due_day, c.advance, c.effective_from,
               c.reason <> 'IMPORTED_BALANCE' AS ours, cardinality(c.principal) AS all_rows
        FROM agreements_agreement a
        LEFT JOIN agreements_standing s ON s.agreement_id = a.id AND s.agreement_id >= %(low)s
             AND s.agreement_id < %(high)s
        LEFT JOIN agreements_schedule c ON c.agreement_id = a.id AND c.version = s.schedule_version
             AND c.agreement_id >= %(low)s AND c.agreement_id < %(high)s
        WHERE a.id >= %(low)s AND a.id < %(high)s
    )
    SELECT kept.*, b.*, coalesce(kept.reference, 'book ' || b.book) AS named, kept.id IS NOT NULL AS known,
           b.book IS NOT NULL AS booked, fallen.due_rows, plan.*,
           fallen.due_rows < kept.all_rows AND coalesce(b.settled + b.terminated + b.returned + b.written_off, 0) = 0
               AND (kept.ours OR kept.status = 'LIVE') AS upcoming
    FROM (SELECT book, {", ".join(f"a{account}" for account in ACCOUNTS)}, last_due, first_due_on, last_due_on,
                 interest_due, weight, interest_weight, paid_out, brought, settled, terminated,
                 returned, written_off, asked FROM b) AS b FULL JOIN kept ON kept.id = b.book
    CROSS JOIN LATERAL (SELECT least(kept.all_rows, greatest(0, coalesce(b.last_due - kept.first_number + 1, 0)))
                        AS due_rows) fallen
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(p + i + f) FILTER (WHERE n <= fallen.due_rows), 0) AS due,
               coalesce(sum(i) FILTER (WHERE n <= fallen.due_rows), 0) AS due_interest,
               coalesce(sum((p + i + f) * (kept.first_number + n - 1)) FILTER (WHERE n <= fallen.due_rows), 0)
                   AS due_weight,
               coalesce(sum(i * (kept.first_number + n - 1)) FILTER (WHERE n <= fallen.due_rows), 0)
                   AS due_interest_weight,
               coalesce(sum(p) FILTER (WHERE n > fallen.due_rows), 0) AS left_principal,
               coalesce(sum(f) FILTER (WHERE n > fallen.due_rows), 0) AS left_fees, sum(p) AS opening
        FROM unnest(kept.principal, kept.interest, kept.fees) WITH ORDINALITY AS r (p, i, f, n)
    ) plan ON true
"""
# `unpaid` is 1250, `overdue` what is unpaid of instalments; a sum that another event asked for may be older than an
# instalment, so where there is one the paid total is only known to lie between two figures.
STANDS = f"""
    SELECT g.*, CASE WHEN g.upcoming THEN {_due("g.due_rows")} ELSE %(forever)s END AS comes_on,
           CASE WHEN g.upcoming THEN g.principal[g.due_rows + 1] + g.interest[g.due_rows + 1] + g.fees[g.due_rows + 1]
                ELSE 0 END AS comes,
           CASE WHEN g.upcoming THEN g.interest[g.due_rows + 1] ELSE 0 END AS comes_interest,
           g.due - g.unpaid - g.credit AS paid, {_due("0")} AS began_on, {_due("g.due_rows - 1")} AS fell_on,
           CASE WHEN g.due <= g.paid_total + g.credit THEN %(forever)s ELSE (
               SELECT {_due("(count(*) FILTER (WHERE reached <= g.paid_total + g.credit))")} FROM (
                   SELECT sum(p + i + f) OVER (ORDER BY n) AS reached
                   FROM unnest(g.principal, g.interest, g.fees) WITH ORDINALITY AS r (p, i, f, n)) totals
           ) END AS late_since
    FROM (SELECT gathered.*, coalesce(a1200, 0) AS owed, coalesce(a1220, 0) AS fees_owed, coalesce(a1250, 0) AS unpaid,
                 coalesce(a1260, 0) AS sums, coalesce(a2100, 0) AS credit, coalesce(asked, 0) AS asks
          FROM ({GATHERED}) gathered) g
"""
CHECKS = f"""
    SELECT g.named, c.what, c.expected, c.found FROM ({STANDS}) AS g, LATERAL (VALUES
        ('books without an agreement', 1, 0, g.known),
        ('standing of the agreement', 1, 0, NOT g.known OR g.stands),
        ('schedule in force', 1, 0, NOT g.known OR NOT g.stands OR g.planned),
        ('paid out (1200) against the schedule', g.opening, coalesce(g.paid_out, 0),
         NOT g.ours OR coalesce(g.paid_out, 0) = g.opening),
        ('books of an agreement that came with a balance', 1, 0, g.ours OR NOT g.booked OR g.brought > 0
         OR g.owed = 0 AND coalesce(g.written_off, 0) = 0),
        ('principal (1200) against the standing', g.principal_outstanding, g.owed, g.owed = g.principal_outstanding),
        ('principal (1200) against the schedule', g.left_principal, g.owed,
         g.owed = g.left_principal OR g.status <> 'LIVE' OR g.asks > 0 OR g.returned > 0 AND g.owed = 0),
        ('principal (1200) of an agreement that has ended', 0, g.owed,
         g.owed = 0 OR g.status IN ('LIVE', 'TRANSFERRED') OR NOT g.ours AND g.owed < 0),
        ('due from customer (1250) of an agreement that has ended', 0, g.unpaid,
         g.unpaid = 0 OR g.status NOT IN ('SETTLED', 'COMPLETED')),
        ('status: ended, though money or instalments are to come (or the reverse)', (g.status <> 'LIVE')::int,
         (g.status = 'LIVE')::int, NOT g.ours OR g.status IN ('TERMINATED', 'CHARGED_OFF')
         OR (g.status = 'LIVE') = (g.upcoming OR g.unpaid > 0)),
        ('status without the event that makes it', 1, 0, NOT g.ours OR CASE g.status
            WHEN 'SETTLED' THEN g.settled > 0 WHEN 'TERMINATED' THEN g.terminated > 0
            WHEN 'CHARGED_OFF' THEN g.written_off > 0 WHEN 'TRANSFERRED' THEN false
            WHEN 'COMPLETED' THEN g.returned > 0 OR g.settled + g.terminated = 0 ELSE true END),
        ('fees receivable (1220) against the schedule', g.left_fees, g.fees_owed,
         g.fees_owed = g.left_fees OR g.status <> 'LIVE' OR g.asks > 0),
        ('interest fallen due (4000) against the schedule', g.due_interest, coalesce(g.interest_due, 0),
         coalesce(g.interest_due, 0) = g.due_interest),
        ('all that fell due, times the instalments'' numbers', g.due_weight, coalesce(g.weight, 0),
         coalesce(g.weight, 0) = g.due_weight OR g.reason = 'RATE_CORRECTED'),
        ('interest fallen due, times the instalments'' numbers', g.due_interest_weight, coalesce(g.interest_weight, 0),
         coalesce(g.interest_weight, 0) = g.due_interest_weight OR g.reason = 'RATE_CORRECTED'),
        ('date of the first instalment that fell due', {_day("g.began_on")}, {_day("g.first_due_on")},
         g.first_due_on = g.began_on),
        ('date of the last instalment that fell due', {_day("g.fell_on")}, {_day("g.last_due_on")},
         g.last_due_on = g.fell_on),
        ('next instalment: number', g.first_number + least(g.due_rows, g.all_rows - 1), g.next_number,
         g.next_number = g.first_number + least(g.due_rows, g.all_rows - 1)),
        ('next instalment: date', {_day("g.comes_on")}, {_day("g.next_due")}, g.next_due = g.comes_on),
        ('next instalment: amount', g.comes, g.next_amount, g.next_amount = g.comes),
        ('next instalment: interest', g.comes_interest, g.next_interest, g.next_interest = g.comes_interest),
        ('due in all (standing) against the schedule', g.due, g.due_total,
         g.due_total BETWEEN g.due AND g.due + least(g.asks, g.unpaid)),
        ('paid in all (standing) against 1250 and 2100', g.paid, g.paid_total,
         g.paid_total BETWEEN g.paid AND g.paid + least(g.asks, g.unpaid)),
        ('due from customer (1250) below nought', 0, g.unpaid, g.unpaid >= 0),
        ('customer credit (2100) below nought', 0, g.credit, g.credit <= 0),
        ('customer credit (2100) beside money that is due', 0, g.credit, g.credit = 0 OR g.unpaid <= 0),
        ('default sums (1260) below nought', 0, g.sums, g.sums >= 0),
        ('arrears since', {_day("g.late_since")}, {_day("g.arrears_since")}, g.arrears_since = g.late_since
         OR NOT g.ours AND g.due_rows = 0 AND g.status = 'LIVE' AND g.arrears_since <= g.effective_from),
        ('customer credit (2100) without a customer', 1, 0, g.credit = 0 OR EXISTS (
            SELECT FROM agreements_party p WHERE p.agreement_id = g.id AND p.role = 'BORROWER'))
    ) AS c (what, expected, found, holds)
    WHERE c.holds IS FALSE ORDER BY g.id, c.what
"""


def breaks(within: Range) -> list[Break]:
    """What does not tie in these agreements' books: principal, dues, fees, credit, default sums, standing, status."""
    with connection.cursor() as cursor:
        cursor.execute(CHECKS, {"low": within.low, "high": within.high, "forever": FOREVER})
        return [Break(name, what, int(expected or 0), int(found or 0)) for name, what, expected, found in cursor]


def named(ids: Collection[int]) -> dict[int, str]:
    """Whose books these are, in words: the agreement's reference, or the book's number."""
    references = dict(Agreement.objects.filter(id__in=ids).values_list("id", "reference"))
    return {book: references.get(book) or f"book {book}" for book in ids}


def strays() -> list[Break]:
    """Books that are nobody's, and agreements whose numbers are the lender's own books: in no range of agreements."""
    books = [Break(f"book {book}", "books without an agreement", 1, 0) for book in ledger.stray_books()]
    outside = Agreement.objects.filter(Q(id__lt=OURS_FROM) | Q(id=EVERYTHING)).order_by("id")
    what = "agreement whose number is not one of an agreement"
    return books + [Break(reference, what, 1, 0) for reference in outside.values_list("reference", flat=True)]


def impossible(pairs: Collection[ledger.Pair]) -> list[Break]:
    """Books in which an event moved money between accounts, as none of its entries does."""
    if not pairs:
        return []
    found = ledger.books_of_pairs(pairs)
    whose = named({book for book, _, _ in found})
    return [
        Break(whose[book], f"{_event(event)} from {credit} to {debit}: no entry does that", 0, amount)
        for book, (event, debit, credit), amount in found
    ]


def _event(number: int) -> str:
    return Event(number).name if number in set(Event) else f"event {number}"
