"""A return that was recorded by mistake: the payment stands, and may come back another time."""

from datetime import date

import pytest

from milepost.finance.calendars import FOREVER
from milepost.plumbing.errors import Refusal
from milepost.servicing.agreements.queries import checking
from milepost.servicing.payments.models import Payment
from milepost.servicing.payments.operations import reverse_return
from milepost.servicing.payments.states import PaymentState
from tests.support import money
from tests.support.money import AT, CLERK, TODAY, Running, new_agreement

pytestmark = pytest.mark.django_db


def keep(payment_id: int, key: str) -> None:
    reverse_return(payment_id=payment_id, reason="the bank's mistake", key=key, actor=CLERK, at=AT, on=TODAY)


def bounced() -> tuple[Running, int]:
    running = new_agreement()
    running.due(1)
    paid = running.pay(298_05, date(2026, 7, 10)).payment_id
    running.bounce(paid, date(2026, 7, 14))
    assert running.standing.arrears_since == date(2026, 7, 10)
    return running, paid


def test_the_payment_counts_again():
    running, paid = bounced()
    keep(paid, "kept")
    row = Payment.objects.get(id=paid)
    assert (row.state, row.returned_on) == (PaymentState.RECEIVED, FOREVER)
    assert (running.standing.paid_total, running.standing.arrears_since) == (298_05, FOREVER)
    with pytest.raises(Refusal, match="no return to reverse"):
        keep(paid, "kept again")


@pytest.mark.parametrize("day", [date(2026, 7, 14), date(2026, 7, 15)])
def test_it_may_come_back_again_on_that_day_or_another_and_so_on(day: date):
    running, paid = bounced()
    for turn in range(3):
        keep(paid, f"kept {turn}")
        assert running.standing.arrears_since == FOREVER
        running.bounce(paid, day)
        assert (running.standing.paid_total, running.standing.arrears_since) == (0, date(2026, 7, 10))
    assert Payment.objects.get(id=paid).returned_on == day
    assert money.total() == 0
    assert checking.breaks(checking.Range(running.id, running.id + 1)) == []
