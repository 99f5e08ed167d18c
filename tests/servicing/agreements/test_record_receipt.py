"""Money that comes, in time and late."""

from datetime import date

import pytest

from milepost.finance import chart_of_accounts as chart
from milepost.servicing.agreements.states import Status
from milepost.servicing.payments.states import Method
from tests.support import money
from tests.support.money import journal, new_agreement

pytestmark = pytest.mark.django_db


def test_the_first_two_months_of_a_hire_purchase():
    running = new_agreement(money.hp_terms(acceptance_fee=150_00))
    running.due(1)
    running.pay(448_05, date(2026, 7, 10), Method.DIRECT_DEBIT)
    running.due(2)
    running.pay(298_05, date(2026, 8, 10), Method.DIRECT_DEBIT)
    running.bounce(running.payments[1], date(2026, 8, 13))
    running.charge(12_00, date(2026, 8, 13))
    received = running.pay(310_05, date(2026, 8, 20))
    assert (received.due, received.default_sums, received.credit) == (298_05, 12_00, 0)
    assert running.balances() == {
        chart.BANK: -12_000_00, chart.DD_CLEARING: 448_05, chart.CARD_CLEARING: 310_05, chart.PRINCIPAL: 11_580_35,
        chart.DEFERRED_FEE_INCOME: -150_00, chart.INTEREST_INCOME: -176_45, chart.DEFAULT_FEE_INCOME: -12_00,
    }  # fmt: skip
    standing = running.standing
    assert (standing.status, standing.next_number, standing.paid_total) == (Status.LIVE, 3, 746_10)


def test_a_late_payment_changes_what_followed_and_nothing_that_was_posted():
    running = new_agreement()
    running.dues(3)
    running.pay(500_00, date(2026, 9, 20))
    running.charge(12_00, date(2026, 8, 13))
    before = journal(running.id)
    running.pay(298_05, date(2026, 7, 10))
    assert set(before) < set(journal(running.id))
    assert running.balances(date(2026, 9, 30))[chart.DUE_FROM_CUSTOMER] == 3 * 298_05 - 798_05
    running.pay(298_05, date(2026, 8, 10))
    assert running.balances()[chart.CUSTOMER_CREDIT] == -(500_00 - 298_05 - 12_00)
    assert money.total() == 0
