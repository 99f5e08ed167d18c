"""Whether what is kept of agreements is what their transfers say: one statement for a range of them."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from milepost.finance import chart_of_accounts as chart
from milepost.finance.calendars import FOREVER
from milepost.finance.entries import Event
from milepost.servicing.ledger import queries as ledger

EVERYTHING = 2**63 - 1
ACCOUNTS = (chart.PRINCIPAL, chart.FEES_RECEIVABLE, chart.DUE_FROM_CUSTOMER, chart.DEFAULT_SUMS, chart.CUSTOMER_CREDIT)
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
    """Something that should be equal and is not; minor units, or a count."""

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


# One row an agreement: what is kept, what the transfers come to (b), and what the schedule says (c). `due_rows` is how
# many rows have fallen due: those before the next, or all. Each check then is one line below.
GATHERED = f"""
    WITH b AS ({ledger.balances_of_books_sql(ACCOUNTS, ASKINGS)}),
    kept AS (
        SELECT a.id, a.reference, s.agreement_id IS NOT NULL AS stands, s.status, s.due_total, s.paid_total,
               s.principal_outstanding, s.arrears_since, c.agreement_id IS NOT NULL AS planned,
               c.principal, c.interest, c.fees, c.reason,
               CASE WHEN s.next_due = %(forever)s THEN cardinality(c.principal)
                    ELSE s.next_number - c.first_number END AS due_rows
        FROM agreements_agreement a
        LEFT JOIN agreements_standing s ON s.agreement_id = a.id AND s.agreement_id >= %(low)s
             AND s.agreement_id < %(high)s
        LEFT JOIN agreements_schedule c ON c.agreement_id = a.id AND c.version = s.schedule_version
             AND c.agreement_id >= %(low)s AND c.agreement_id < %(high)s
        WHERE a.id >= %(low)s AND a.id < %(high)s
    )
    SELECT coalesce(kept.reference, 'book ' || b.book), kept.id IS NOT NULL AS known, kept.stands, kept.planned,
           kept.status, kept.reason, kept.due_total, kept.paid_total, kept.principal_outstanding,
           kept.arrears_since = %(forever)s AS up_to_date, plan.due, plan.left_principal, plan.left_fees,
           coalesce(b.a1200, 0), coalesce(b.a1220, 0), coalesce(b.a1250, 0), coalesce(b.a1260, 0),
           coalesce(b.a2100, 0), coalesce(b.asked, 0), kept.id
    FROM b FULL JOIN kept ON kept.id = b.book
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(p + i + f) FILTER (WHERE n <= kept.due_rows), 0) AS due,
               coalesce(sum(p) FILTER (WHERE n > kept.due_rows), 0) AS left_principal,
               coalesce(sum(f) FILTER (WHERE n > kept.due_rows), 0) AS left_fees
        FROM unnest(kept.principal, kept.interest, kept.fees) WITH ORDINALITY AS r (p, i, f, n)
    ) plan ON true
"""
CHECKS = """
    SELECT g.reference, c.what, c.expected, c.found FROM ({gathered}) AS g (
        reference, known, stands, planned, status, reason, due_total, paid_total, principal_outstanding, up_to_date,
        due, left_principal, left_fees, a1200, a1220, a1250, a1260, a2100, asked, id
    ), LATERAL (VALUES
        ('books without an agreement', 1, 0, g.known),
        ('standing of the agreement', 1, 0, NOT g.known OR g.stands),
        ('schedule in force', 1, 0, NOT g.known OR NOT g.stands OR g.planned),
        ('principal (1200) against the standing', g.principal_outstanding, g.a1200,
         g.a1200 = g.principal_outstanding),
        ('principal (1200) against the schedule', g.left_principal, g.a1200,
         g.a1200 = g.left_principal OR g.status <> 'LIVE' OR g.asked > 0),
        ('fees receivable (1220) against the schedule', g.left_fees, g.a1220,
         g.a1220 = g.left_fees OR g.status <> 'LIVE' OR g.asked > 0),
        ('due in all (standing) against the schedule', g.due, g.due_total, g.due_total = g.due OR g.status <> 'LIVE'),
        ('due from customer (1250) against unpaid dues', greatest(0, g.due_total - g.paid_total), g.a1250,
         g.a1250 BETWEEN greatest(0, g.due_total - g.paid_total)
                     AND greatest(0, g.due_total - g.paid_total) + g.asked),
        ('customer credit (2100) against what is paid ahead', least(0, g.due_total - g.paid_total), g.a2100,
         g.a2100 = least(0, g.due_total - g.paid_total)),
        ('default sums (1260) below nought', 0, g.a1260, g.a1260 >= 0),
        ('arrears since a date, though nothing is overdue (or the reverse)', (g.due_total > g.paid_total)::int,
         (NOT g.up_to_date)::int, g.up_to_date = (g.due_total <= g.paid_total) OR g.status <> 'LIVE'),
        ('customer credit (2100) without a customer', 1, 0, g.a2100 = 0 OR EXISTS (
            SELECT FROM agreements_party p WHERE p.agreement_id = g.id AND p.role = 'BORROWER'))
    ) AS c (what, expected, found, holds)
    WHERE c.holds IS FALSE ORDER BY g.id, c.what
"""


def breaks(within: Range) -> list[Break]:
    """What does not tie in these agreements' books: principal, dues, fees, credit and default sums."""
    with connection.cursor() as cursor:
        cursor.execute(CHECKS.format(gathered=GATHERED), {"low": within.low, "high": within.high, "forever": FOREVER})
        return [Break(*row) for row in cursor.fetchall()]
