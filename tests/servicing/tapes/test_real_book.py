"""The real book: 2,895 car loans from public filings, kept out of the repository; skipped where it is absent."""

import csv
import gzip
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from milepost.finance import chart_of_accounts as chart
from milepost.servicing.agreements.models import Agreement, Schedule, Standing
from milepost.servicing.agreements.states import Status
from milepost.servicing.payments.models import Payment
from tests.support.tapes import Tapes, counts

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
LOANS, MONTHS = DATA / "abs-ee-2019-loans.csv", DATA / "abs-ee-2019-performance.csv.gz"

pytestmark = pytest.mark.skipif(
    not (LOANS.exists() and MONTHS.exists()),
    reason=f"the real book is not in {DATA}: public filings, kept out of the repository",
)


def file_balances() -> dict[tuple[str, str], int]:
    """What the file itself says, read without any of our code: number and month to the balance in cents."""
    balances = {}
    with LOANS.open(newline="") as file:
        for row in csv.DictReader(file):
            balances[row["assetNumber"], "2019-08"] = cents(row["reportingPeriodActualEndBalanceAmount"])
    with gzip.open(MONTHS, "rt", newline="") as packed:
        for row in csv.DictReader(packed):
            key = row["assetNumber"], row["reportingPeriodEndingDate"][:7]
            balances[key] = cents(row["reportingPeriodActualEndBalanceAmount"] or "0")
    return balances


def cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def ledger_balances() -> dict[str, dict[str, int]]:
    """The principal account at the end of each month in which it moved."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.origin_reference, to_char(t.effective_on, 'YYYY-MM'),
                   sum(sum(CASE WHEN t.debit = %s THEN t.amount ELSE -t.amount END))
                       OVER (PARTITION BY a.id ORDER BY to_char(t.effective_on, 'YYYY-MM'))
            FROM ledger_transfer t JOIN agreements_agreement a ON a.id = t.book
            WHERE %s IN (t.debit, t.credit) GROUP BY a.id, a.origin_reference, to_char(t.effective_on, 'YYYY-MM')
            """,
            [chart.PRINCIPAL, chart.PRINCIPAL],
        )
        for number, month, balance in cursor.fetchall():
            found[number][month] = int(balance)
    return found


def test_the_real_book_ties_to_its_file_month_by_month(dollar_tapes: Tapes):
    report = dollar_tapes.take_in(LOANS, MONTHS)
    assert counts(report) == (2895, 0, 0, 0)
    assert report.movement_rows == {"IMPORTED": 92_379}
    assert report.everything_is_explained
    assert report.months_tie
    assert len(report.months) == 47
    assert report.lines[0].file == 38_182_928_31
    assert report.lines[1].file == report.lines[1].ours == 4_767_955_95
    # The file's own figures roll forward in 99.74 %, with the charge-offs and cleared overpayments it shows in 99.85 %.
    assert (report.months_checked, report.rolled, report.explained, report.break_count) == (95_274, 95_028, 107, 139)
    assert (report.rolled + report.explained) / report.months_checked >= 0.9977
    assert len(report.breaks) == 139
    assert all(line.reason for line in report.breaks)

    ours = ledger_balances()
    held: dict[str, int] = {}
    differences = 0
    for (number, month), balance in sorted(file_balances().items()):
        held[number] = ours[number].get(month, held.get(number, 0))
        differences += held[number] != balance
    assert differences == 0

    assert dict(Standing.objects.values_list("status").order_by().distinct().values_list("status",
    "status")).keys() == {
        Status.LIVE, Status.SETTLED, Status.CHARGED_OFF, Status.TRANSFERRED,
    }  # fmt: skip
    live = Standing.objects.filter(status=Status.LIVE)
    assert live.count() == 1_091
    assert not live.filter(due_total__gt=0).exists()
    schedules = dict(Schedule.objects.values_list("agreement_id", "principal"))
    assert all(sum(schedules[row.agreement_id]) == row.principal_outstanding for row in live)
    assert Agreement.objects.filter(terms__number_of_instalments=73).count() < 50
    assert Payment.objects.filter(imported=False).count() == 0

    again = dollar_tapes.take_in(LOANS, MONTHS)
    assert counts(again) == (0, 0, 2895, 0)
    assert again.changed_nothing
