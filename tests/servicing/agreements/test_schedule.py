"""The schedule page: every row by year, with what has become of it."""

from datetime import date

import pytest

from milepost.finance.terms import Balloon, RateConvention, Terms
from milepost.servicing.agreements import queries
from milepost.servicing.agreements.states import Status
from tests.support.agreements import TODAY, make, priya_terms

pytestmark = pytest.mark.django_db


def test_priya_has_paid_twenty_one_of_forty_seven() -> None:
    made = make(priya_terms(), product="PCP")
    view = queries.schedule(made.id, on=TODAY, show="all")
    rows = [row for year in view.years for row in year.rows]
    assert (view.paid_count, view.to_come_count, len(rows)) == (21, 27, 48)
    assert (rows[20].status, rows[21].status, rows[22].status, rows[47].status) == ("PAID", "NEXT", "TO_COME", "FINAL")
    assert (rows[0].due, rows[0].interest, rows[0].principal) == (date(2025, 3, 14), 139_56, 223_74)
    assert rows[20].balance == 16_986_08
    assert (rows[47].payment, rows[47].note) == (9_860_00, "Optional final payment, includes a £10.00 fee")
    assert (view.final_payment, view.final_on, view.final_is_optional) == (9_850_00, date(2029, 2, 14), True)
    assert view.years[0].summary == "10 payments, £3,633.00, all paid"
    assert [year.is_open for year in view.years] == [False, True, False, False, False]
    assert view.total_principal == 21_995_00
    assert view.total == view.total_principal + view.total_interest + view.total_fees


@pytest.mark.parametrize(("show", "count"), [("all", 48), ("paid", 21), ("to-come", 27), ("whatever", 48)])
def test_it_can_be_narrowed(show: str, count: int) -> None:
    made = make(priya_terms(), product="PCP")
    view = queries.schedule(made.id, on=TODAY, show=show)
    assert sum(len(year.rows) for year in view.years) == count


def test_a_part_payment_shows_on_the_row_it_reached_and_the_next_ones_are_missed() -> None:
    made = make(priya_terms(), product="PCP", paid=[(date(2026, 9, 14), 363_30 * 18 + 100_00)])
    rows = [row for year in queries.schedule(made.id, on=TODAY, show="to-come").years for row in year.rows]
    assert [row.status for row in rows[:4]] == ["PART_PAID", "MISSED", "MISSED", "NEXT"]
    assert rows[0].note == "£263.30 still to pay"


def test_month_end_returns_to_its_day() -> None:
    terms = Terms(
        amount_of_credit=7_500_00, number_of_instalments=60, rate_convention=RateConvention.CONTRACT, instalment=147_42,
        drawdown_date=date(2026, 1, 31), due_day=31,
    )  # fmt: skip
    made = make(terms, product="PERSONAL_LOAN")
    rows = [row for year in queries.schedule(made.id, on=TODAY, show="all").years for row in year.rows]
    assert [row.due for row in rows[:3]] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_instalments_in_advance_stand_on_the_first_day() -> None:
    terms = Terms(
        amount_of_credit=15_000_00, number_of_instalments=36, rate_convention=RateConvention.CONTRACT,
        instalment=410_00, drawdown_date=date(2026, 3, 5), advance_instalments=3, balloon=Balloon(3_000_00, 34),
    )  # fmt: skip
    made = make(terms, product="LEASE_PURCHASE")
    rows = [row for year in queries.schedule(made.id, on=TODAY, show="all").years for row in year.rows]
    assert [(row.due, row.note) for row in rows[:3]] == [(date(2026, 3, 5), "Paid in advance")] * 3
    assert rows[0].interest == 0


def test_rows_that_a_settlement_made_needless_are_said_so() -> None:
    made = make(priya_terms(), product="PCP", status=Status.SETTLED)
    rows = [row for year in queries.schedule(made.id, on=TODAY, show="all").years for row in year.rows]
    assert {row.status for row in rows} == {"PAID", "NOT_NEEDED"}
