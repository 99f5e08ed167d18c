"""What may be taken back, and what must be taken back first."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.entries import Event
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations
from milepost.servicing.agreements.models import Schedule
from milepost.servicing.ledger import queries
from tests.support import money
from tests.support.money import AT, CLERK, TODAY, Running, new_agreement

pytestmark = pytest.mark.django_db


def reverse(running: Running, day: date, event: Event, source: int) -> None:
    with transaction():
        operations.reverse(
            agreement_id=running.id, effective_on=day, event=event, source=source, reason="mistake",
            key=f"reverse:{running.id}:{day}:{event}:{source}", actor=CLERK, at=AT, on=TODAY,
        )  # fmt: skip


def test_a_charge_that_was_waived_stands_until_the_waiver_is_taken_back():
    running = new_agreement()
    charged = running.charge(12_00, date(2026, 9, 1)).number
    waived = running.waive(12_00, date(2026, 9, 2)).number
    with pytest.raises(Refusal, match="Reverse the waiver first"):
        reverse(running, date(2026, 9, 1), Event.DEFAULT_SUM_CHARGED, charged)
    reverse(running, date(2026, 9, 2), Event.DEFAULT_SUM_WAIVED, waived)
    reverse(running, date(2026, 9, 1), Event.DEFAULT_SUM_CHARGED, charged)
    assert set(running.balances()) == {chart.BANK, chart.PRINCIPAL}


def test_another_charge_may_be_taken_back_where_the_rest_still_covers_what_was_waived():
    running = new_agreement()
    first = running.charge(12_00, date(2026, 9, 1)).number
    second = running.charge(12_00, date(2026, 9, 5)).number
    running.waive(12_00, date(2026, 9, 2))
    with pytest.raises(Refusal, match="Reverse the waiver first"):
        reverse(running, date(2026, 9, 1), Event.DEFAULT_SUM_CHARGED, first)
    reverse(running, date(2026, 9, 5), Event.DEFAULT_SUM_CHARGED, second)
    assert chart.DEFAULT_SUMS not in running.balances()


@pytest.mark.parametrize("order", list(permutations([(12_00, date(2026, 9, 2)), (25_00, date(2026, 10, 2))])))
def test_waivers_are_allowed_whichever_is_recorded_first(order: tuple[tuple[int, date], ...]):
    running = new_agreement()
    running.charge(12_00, date(2026, 9, 1))
    running.charge(25_00, date(2026, 10, 1))
    for amount, day in order:
        running.waive(amount, day)
    assert chart.DEFAULT_SUMS not in running.balances()
    with pytest.raises(Refusal, match="more than the default sums"):
        running.waive(1, TODAY)


def test_a_waiver_that_a_later_day_has_used_up_is_refused():
    running = new_agreement()
    running.charge(12_00, date(2026, 9, 1))
    running.waive(12_00, date(2026, 10, 2))
    with pytest.raises(Refusal, match="more than the default sums"):
        running.waive(1, date(2026, 9, 2))


def test_a_pay_out_takes_its_fees_with_it_and_may_be_made_again():
    running = new_agreement(money.hp_terms(acceptance_fee=150_00))
    source = next(line.source for line in queries.transfers(running.id))
    before = running.balances()
    reverse(running, date(2026, 6, 10), Event.PAID_OUT, source)
    assert running.balances() == {}
    for act in (lambda: running.due(1), lambda: running.pay(1_00, date(2026, 7, 10)), lambda: running.charge(1, TODAY)):
        with pytest.raises(Refusal, match="has not been paid out"):
            act()
    operations.pay_out(agreement_id=running.id, key="again", actor=CLERK, at=AT, on=TODAY)
    assert running.balances() == before
    running.due(1)
    again = queries.transfers(running.id)[-1].source
    with pytest.raises(Refusal, match="happened since"):
        reverse(running, date(2026, 6, 10), Event.PAID_OUT, again)


def test_nothing_is_recorded_before_the_pay_out():
    running = new_agreement(paid_out=False)
    with pytest.raises(Refusal, match="has not been paid out"):
        running.due(1)
    with pytest.raises(Refusal, match="has not been paid out"):
        running.pay(1_00, date(2026, 7, 10))
    assert queries.transfers(running.id) == []


def test_the_rate_of_an_agreement_that_has_ended_is_not_corrected():
    running = new_agreement()
    running.due(1)
    running.pay(298_05, date(2026, 7, 10))
    for turn in ("settled", "paid"):
        if turn == "settled":
            with transaction():
                operations.post(
                    agreement_id=running.id, entry=entries.settled_early(principal=11_790_95, interest=0), source=1,
                    effective_on=date(2026, 8, 1), key=turn, actor=CLERK, at=AT, on=TODAY,
                )  # fmt: skip
        else:
            running.pay(11_790_95, date(2026, 8, 1))
        with pytest.raises(Refusal, match="has ended"):
            running.correct_rate("10.9", date(2026, 8, 1))


@pytest.mark.parametrize("percent", ["NaN", "sNaN", "Infinity", "-1", "1E+9", "7.1234567890123", "1E-30"])
def test_a_rate_that_cannot_be_kept_is_refused(percent: str):
    with pytest.raises(Refusal, match="The rate must"):
        new_agreement().correct_rate(percent, date(2026, 8, 1))


@pytest.mark.parametrize("percent", ["0", "-0", "7.5000000000000000", "100", "1E+2"])
def test_a_rate_is_kept_without_needless_zeros(percent: str):
    running = new_agreement()
    running.correct_rate(percent, date(2026, 8, 1))
    stored = Schedule.objects.get(agreement_id=running.id, version=2)
    assert Decimal(stored.annual_percent) == Decimal(percent)
    assert len(stored.annual_percent) <= 3
