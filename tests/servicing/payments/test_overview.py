"""The overview's figures: what is next, what is owed two ways, and what came lately."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.finance.terms import RateConvention, Terms
from milepost.servicing.agreements import access
from milepost.servicing.agreements.operations import NewVehicle
from milepost.servicing.agreements.states import Status
from milepost.servicing.payments import queries
from milepost.servicing.payments.queries.views import OverviewView
from tests.support.agreements import TODAY, Made, make, priya_terms

pytestmark = pytest.mark.django_db
FINCH = NewVehicle(registration="LX25 KCD", make="Averley", model="Finch 1.2 S", annual_mileage=8000)


def hire_purchase(**changes: object) -> Terms:
    words: dict[str, object] = {
        "amount_of_credit": 12_000_00,
        "number_of_instalments": 48,
        "rate_convention": RateConvention.NOMINAL,
        "annual_percent": Decimal("8.9"),
        "drawdown_date": date(2025, 6, 10),
        "apr_percent": Decimal("9.3"),
    }
    return Terms(**{**words, **changes})  # type: ignore[arg-type]


def see(made: Made, on: date = TODAY) -> OverviewView:
    mine = access.agreements_of(made.user_id)
    return queries.overview(mine=mine, agreement_id=made.id, user_id=made.user_id, last_sign_in="", on=on)


def test_priya_sees_what_her_agreement_prints() -> None:
    view = see(make(priya_terms(), product="PCP", reference="7034118255", vehicle=FINCH, account_ending="4821"))
    assert view.given_name == "Priya"
    assert (view.head.grouped, view.head.product_name) == ("7034\u00a01182\u00a055", "Personal contract purchase")
    assert (view.head.vehicle.registration, view.head.vehicle.description) == ("LX25 KCD", "Averley Finch 1.2 S")
    assert (view.head.tag_kind, view.head.tag_text) == ("ok", "Up to date")
    assert view.next is not None
    assert (view.next.amount, view.next.due, view.next.account_ending) == (363_30, date(2026, 12, 14), "4821")
    assert view.left_to_pay == 19_305_80
    assert view.left_words == "26 payments of £363.30, then £9,850.00 and a £10.00 fee"
    assert view.settlement_estimate == 17_222_04
    assert view.settlement_good_until == date(2026, 12, 20)
    assert (view.payments_made, view.payments_count, view.months_left) == (21, 47, 26)
    assert view.plot is not None
    assert (view.plot.balance, view.plot.balloon, view.plot.y_labels[0]) == (16_986_08, 9_850_00, "£24k")
    assert next((line.title, line.on, line.amount) for line in view.recent) == (
        "Direct Debit",
        date(2026, 11, 14),
        363_30,
    )


def test_the_next_payment_says_how_much_is_interest() -> None:
    view = see(make(priya_terms(), product="PCP"))
    assert view.next is not None
    assert view.next.principal + view.next.interest == 363_30
    assert view.next.interest == 107_78


def test_a_missed_payment_is_said_with_its_date_and_the_balance_keeps_it() -> None:
    terms = hire_purchase()
    up_to_date = see(make(terms))
    schedule_paid = [(date(2025, 7, 10), 298_05 * 16)]
    behind = see(make(terms, paid=schedule_paid))
    assert behind.head.tag_text == "1 payment behind"
    assert (behind.overdue, behind.overdue_count, behind.arrears_since) == (298_05, 1, date(2026, 11, 10))
    assert behind.left_to_pay == up_to_date.left_to_pay + 298_05
    assert behind.plot is not None
    assert up_to_date.plot is not None
    assert behind.plot.balance == up_to_date.plot.balance + 298_05
    assert behind.settlement_estimate == (up_to_date.settlement_estimate or 0) + 298_05


def test_what_is_paid_ahead_makes_the_next_payment_smaller() -> None:
    view = see(make(hire_purchase(), paid=[(date(2025, 7, 10), 298_05 * 17 + 100_00)]))
    assert view.next is not None
    assert (view.next.due, view.next.amount) == (date(2026, 12, 10), 198_05)
    assert view.next.principal + view.next.interest + view.next.fee == 198_05


def test_a_settled_agreement_owes_nothing_and_says_why_there_is_no_estimate() -> None:
    view = see(make(hire_purchase(), status=Status.SETTLED))
    assert (view.left_to_pay, view.next, view.overdue, view.settlement_estimate) == (0, None, 0, None)
    assert view.head.tag_text == "Settled"
    assert "ended" in view.settlement_reason


def test_an_instalment_due_today_is_next_and_not_overdue() -> None:
    terms = hire_purchase()
    view = see(make(terms, paid=[(date(2025, 7, 10), 298_05 * 16)], on=date(2026, 11, 10)), on=date(2026, 11, 10))
    assert view.next is not None
    assert (view.next.due, view.overdue) == (date(2026, 11, 10), 0)


def test_a_joint_customer_sees_the_same_agreement() -> None:
    made = make(hire_purchase(), joint=True)
    assert made.joint_user_id is not None
    assert [item.id for item in access.agreements_of(made.joint_user_id)] == [made.id]


def test_the_number_of_statements_does_not_depend_on_the_book() -> None:
    first = make(hire_purchase())
    mine = access.agreements_of(first.user_id)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.overview(mine=mine, agreement_id=first.id, user_id=first.user_id, last_sign_in="", on=TODAY)
        return len(captured)

    alone = count()
    for _ in range(5):
        make(hire_purchase())
    assert count() == alone == 4


def test_someone_elses_agreement_is_as_if_it_did_not_exist() -> None:
    hers, his = make(hire_purchase()), make(hire_purchase())
    assert access.agreement_of(hers.user_id, hers.reference) == hers.id
    for reference in (his.reference, "7034118255", "7034118256", "nonsense", ""):
        with pytest.raises(access.NotYours):
            access.agreement_of(hers.user_id, reference)


def test_the_estimate_falls_as_time_passes() -> None:
    made = make(priya_terms(), product="PCP")
    now, later = see(made), see(made, TODAY + timedelta(days=20))
    assert now.settlement_estimate
    assert later.settlement_estimate
    assert later.settlement_estimate != now.settlement_estimate


def test_what_was_paid_on_the_day_it_fell_due_is_not_asked_for_again() -> None:
    on = date(2026, 11, 10)
    unpaid = see(make(hire_purchase(), paid=[(date(2025, 7, 10), 298_05 * 16)], on=on), on=on)
    paid = see(make(hire_purchase(), paid=[(date(2025, 7, 10), 298_05 * 17)], on=on), on=on)
    assert unpaid.settlement_estimate
    assert paid.settlement_estimate == unpaid.settlement_estimate - 298_05
