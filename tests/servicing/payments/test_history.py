"""What she has paid, and where each payment went."""

from datetime import date

import pytest

from milepost.plumbing import references
from milepost.servicing.agreements.states import Status
from milepost.servicing.payments import queries
from tests.support.agreements import TODAY, make, priya_terms

pytestmark = pytest.mark.django_db


def test_every_payment_says_how_much_was_interest() -> None:
    made = make(priya_terms(), product="PCP")
    view = queries.history(made.id, on=TODAY, show="all", page=1)
    newest = view.years[0].items[0]
    assert (newest.title, newest.on, newest.amount) == ("Direct Debit", date(2026, 11, 14), 363_30)
    assert [(part.label, part.amount) for part in newest.parts] == [
        ("Off what you borrowed", 253_91),
        ("Interest", 109_39),
    ]
    assert newest.parts_note == "Payment 21 of 47. Balance after it: £16,986.08."
    assert newest.reference == references.reference("PY", made.payments[-1])


def test_the_years_add_up_to_the_whole() -> None:
    view = queries.history(make(priya_terms(), product="PCP").id, on=TODAY, show="all", page=1)
    assert [total.label for total in view.totals] == ["2026", "2025"]
    assert view.total.paid == sum(total.paid for total in view.totals) == 21 * 363_30
    assert view.total.principal == 21_995_00 - 16_986_08
    assert view.total.principal + view.total.interest == view.total.paid


def test_a_payment_over_several_instalments_names_them() -> None:
    made = make(priya_terms(), product="PCP", paid=[(date(2025, 5, 20), 363_30 * 2 + 50_00)])
    item = queries.history(made.id, on=TODAY, show="all", page=1).years[0].items[0]
    assert item.parts_note.startswith("Payments 1 to 3 of 47.")


def test_what_comes_next_moves_off_weekends() -> None:
    view = queries.history(make(priya_terms(), product="PCP").id, on=TODAY, show="all", page=1)
    assert [(one.due, one.collected_on, one.note) for one in view.then] == [
        (date(2027, 1, 14), date(2027, 1, 14), ""),
        (date(2027, 2, 14), date(2027, 2, 15), "The 14th is a Sunday"),
        (date(2027, 3, 14), date(2027, 3, 15), "The 14th is a Sunday"),
    ]


def test_one_payment_is_found_only_on_its_own_agreement() -> None:
    hers, his = make(priya_terms(), product="PCP"), make(priya_terms(), product="PCP")
    assert queries.payment(hers.id, hers.payments[0], on=TODAY) is not None
    assert queries.payment(hers.id, his.payments[0], on=TODAY) is None


def test_no_payments_yet_is_an_empty_history_and_not_an_error() -> None:
    view = queries.history(make(priya_terms(), product="PCP", paid=[]).id, on=TODAY, show="paid", page=9)
    assert (view.years, view.total.paid, view.page) == ((), 0, 1)


def test_a_settlement_pays_what_was_borrowed_and_only_the_interest_to_its_day() -> None:
    made = make(
        priya_terms(), product="PCP", status=Status.SETTLED,
        paid=[*((date(2025, 3 + month, 14), 363_30) for month in range(3)), (date(2025, 6, 20), 21_400_00)],
    )  # fmt: skip
    view = queries.history(made.id, on=TODAY, show="all", page=1)
    settlement = view.years[0].items[0]
    assert view.total.principal == 21_995_00
    assert sum(part.amount for part in settlement.parts) == 21_400_00
    assert settlement.parts_note.startswith("This payment settled your agreement.")
