"""A payment that was recorded by mistake: taken back, and shown as what it was."""

from datetime import date

import pytest

from milepost.finance import chart_of_accounts as chart
from milepost.plumbing.errors import Refusal
from milepost.servicing.agreements.operations import NoSuchAmount
from milepost.servicing.payments import queries
from milepost.servicing.payments.models import Payment
from milepost.servicing.payments.operations import reverse_receipt
from milepost.servicing.payments.states import PaymentState
from tests.support import money
from tests.support.money import AT, CLERK, TODAY, new_agreement

pytestmark = pytest.mark.django_db


def take_back(payment_id: int, key: str = "mistake") -> None:
    reverse_receipt(payment_id=payment_id, reason="another customer's", key=key, actor=CLERK, at=AT, on=TODAY)


def test_a_payment_that_never_came_pays_nothing_and_says_that_it_was_a_mistake():
    running = new_agreement()
    running.due(1)
    paid = running.pay(298_05, date(2026, 7, 10)).payment_id
    take_back(paid)
    take_back(paid)
    assert Payment.objects.get(id=paid).state == PaymentState.REVERSED
    assert running.balances()[chart.DUE_FROM_CUSTOMER] == 298_05
    assert (running.standing.paid_total, running.standing.arrears_since) == (0, date(2026, 7, 10))
    view = queries.history(running.id, on=TODAY, show="all", page=1)
    item = view.years[0].items[0]
    assert (item.title, item.kind, item.tag_text, item.parts) == ("Recorded by mistake", "mistake", "Not a payment", ())
    assert item.note == (
        "We recorded this by mistake: no such card reached us. It does not count towards your agreement."
    )
    assert (view.total.paid, view.years[0].summary) == (0, "0 payments, £0.00")
    for show in ("paid", "returned"):
        assert queries.history(running.id, on=TODAY, show=show, page=1).years == ()
    assert money.total() == 0


def test_a_payment_that_came_back_or_was_reversed_is_not_reversed():
    running = new_agreement()
    paid = running.pay(10_00, date(2026, 7, 10)).payment_id
    running.bounce(paid, date(2026, 7, 12))
    with pytest.raises(Refusal, match="has not come back"):
        take_back(paid)
    other = running.pay(10_00, date(2026, 7, 10)).payment_id
    take_back(other)
    with pytest.raises(Refusal, match="can be reversed"):
        take_back(other, key="again")
    with pytest.raises(Refusal, match="recorded by mistake"):
        running.bounce(other, date(2026, 7, 12))


@pytest.mark.parametrize("amount", [0, -1, 2**31, 2**63, 10**30, True, "12"])
def test_an_amount_that_cannot_be_is_refused(amount: int):
    with pytest.raises(NoSuchAmount):
        new_agreement().pay(amount, date(2026, 7, 10))
    assert not Payment.objects.exists()
