"""Whether every payment is in the ledger and every receipt of the ledger is a payment: one statement for a range."""

from django.db import connection

from milepost.finance.calendars import FOREVER
from milepost.servicing.agreements.queries import checking
from milepost.servicing.agreements.queries.checking import Break, Range
from milepost.servicing.ledger import queries as ledger

# A month of a tape that only moved between principal and interest has transfers but no payment: it came to nought.
CHECKS = f"""
    SELECT g.book, c.what, c.expected, c.found FROM (
        SELECT coalesce(p.agreement_id, m.book) AS book, coalesce(p.id, m.source) AS number, p.id IS NOT NULL AS kept,
               CASE WHEN p.state = 'REVERSED' THEN 0 ELSE p.amount END AS amount, p.state = 'RETURNED' AS back,
               CASE WHEN p.state <> 'REVERSED' THEN p.received_on END AS received_on, p.returned_on,
               coalesce(m.came, 0) AS came, coalesce(m.went, 0) AS went, m.came_on, m.went_on
        FROM (SELECT id, agreement_id, amount, state, received_on, returned_on FROM payments_payment
              WHERE agreement_id >= %(low)s AND agreement_id < %(high)s) p
        FULL JOIN ({ledger.money_of_sources_sql()}) m ON m.book = p.agreement_id AND m.source = p.id
    ) g CROSS JOIN LATERAL (VALUES
        ('payment ' || g.number || ': its transfers into clearing or bank', g.amount, g.came, g.came = g.amount),
        ('payment ' || g.number || ': its transfers back', CASE WHEN g.back THEN g.amount ELSE 0 END, g.went,
         g.went = CASE WHEN g.back THEN g.amount ELSE 0 END),
        ('payment ' || g.number || ': its day', to_char(g.received_on, 'YYYYMMDD')::int,
         to_char(g.came_on, 'YYYYMMDD')::int, g.came_on = g.received_on),
        ('payment ' || g.number || ': the day it came back', to_char(g.returned_on, 'YYYYMMDD')::int,
         to_char(coalesce(g.went_on, %(forever)s), 'YYYYMMDD')::int,
         NOT g.kept OR g.returned_on = coalesce(g.went_on, %(forever)s)),
        ('transfers of a payment that is not there, number ' || g.number, 0, g.came - g.went,
         g.kept OR g.came = 0 AND g.went = 0)
    ) AS c (what, expected, found, holds)
    WHERE (g.came, g.went, g.came_on, g.went_on) IS DISTINCT FROM (  -- first, since almost every payment ties
              g.amount, CASE WHEN g.back THEN g.amount ELSE 0 END, g.received_on,
              nullif(g.returned_on, %(forever)s))
          AND c.holds IS FALSE ORDER BY g.book, g.number, c.what
"""


def breaks(within: Range) -> list[Break]:
    """What does not tie between these agreements' payments and their transfers."""
    with connection.cursor() as cursor:
        cursor.execute(CHECKS, {"low": within.low, "high": within.high, "forever": FOREVER})
        rows = cursor.fetchall()
    whose = checking.named({row[0] for row in rows})
    return [Break(whose[book], what, int(expected or 0), int(found or 0)) for book, what, expected, found in rows]
