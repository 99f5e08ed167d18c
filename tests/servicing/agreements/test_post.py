"""Every event of the ledger that has no verb of its own, posted as an entry: transfers, status, what is next."""

from datetime import date

import pytest

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.calendars import FOREVER
from milepost.finance.chart_of_accounts import Channel
from milepost.finance.entries import Entry, Event
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.operations import post, reverse
from milepost.servicing.agreements.states import Status
from tests.support import money
from tests.support.money import AT, CLERK, TODAY, Running, new_agreement

pytestmark = pytest.mark.django_db
DUE = 298_05
LEFT = 10_939_13


def posted(running: Running, entry: Entry, on: date | None = None, source: int = 1) -> None:
    on = on or running.today
    with transaction():
        post(
            agreement_id=running.id, entry=entry, source=source, effective_on=on,
            key=f"{running.id}:{entry.event.name}:{source}", actor=CLERK, at=AT, on=running.today,
        )  # fmt: skip


def up_to_date() -> Running:
    running = new_agreement()
    running.dues(5)
    for month in range(7, 12):
        running.pay(DUE, date(2026, month, 10))
    return running


def behind() -> Running:
    running = new_agreement()
    running.dues(5)
    return running


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (entries.written_off(principal=LEFT, allowance=100_00), Status.CHARGED_OFF),
        (entries.terminated_voluntarily(principal=LEFT, shortfall=0, vehicle=6_500_00), Status.TERMINATED),
        (entries.terminated_voluntarily(principal=LEFT, shortfall=372_20, vehicle=6_500_00), Status.TERMINATED),
        (entries.vehicle_returned(principal=LEFT, vehicle=9_000_00), Status.COMPLETED),
        (entries.vehicle_kept(balloon=LEFT, option_fee=10_00), Status.LIVE),
        (entries.settled_early(principal=LEFT, interest=10_00), Status.LIVE),
    ],
)
def test_an_event_that_ends_the_agreement_leaves_no_principal_and_nothing_next(entry: Entry, status: Status):
    running = up_to_date()
    posted(running, entry)
    standing = running.standing
    assert (standing.status, standing.principal_outstanding) == (status, 0)
    assert (standing.next_due, standing.next_amount, standing.next_interest) == (FOREVER, 0, 0)
    assert (standing.next_number, standing.arrears_since, standing.paid_total) == (6, FOREVER, 5 * DUE)
    assert standing.due_total - standing.paid_total == running.balances().get(chart.DUE_FROM_CUSTOMER, 0)
    with pytest.raises(Refusal, match="in their order"):
        running.due(6)
    with pytest.raises(Refusal, match="has ended"):
        posted(running, entries.written_off(principal=1), source=9)
    assert money.total() == 0


@pytest.mark.parametrize("entry", [
    entries.written_off(principal=LEFT), entries.terminated_voluntarily(principal=LEFT, shortfall=0, vehicle=LEFT),
])  # fmt: skip
def test_arrears_do_not_keep_a_terminated_or_written_off_agreement_alive(entry: Entry):
    running = behind()
    posted(running, entry)
    assert running.standing.status in (Status.TERMINATED, Status.CHARGED_OFF)
    assert (running.standing.due_total, running.standing.arrears_since) == (5 * DUE, date(2026, 7, 10))


def test_an_agreement_is_settled_when_the_money_has_come():
    running = up_to_date()
    posted(running, entries.settled_early(principal=LEFT, interest=10_00))
    assert (running.standing.status, running.standing.due_total) == (Status.LIVE, 5 * DUE + LEFT + 10_00)
    running.pay(LEFT + 10_00, TODAY)
    assert (running.standing.status, running.standing.due_total, running.standing.paid_total) == (
        Status.SETTLED, 5 * DUE, 5 * DUE
    )  # fmt: skip


def test_money_after_a_charge_off_is_recovered_and_the_charge_off_can_be_taken_back():
    running = behind()
    posted(running, entries.written_off(principal=LEFT))
    posted(running, entries.recovered(customer=50_00, vehicle=700_00))
    posted(running, entries.provided_for(amount=-5_00))
    assert running.balances()[chart.RECOVERIES] == -750_00
    assert running.standing.status == Status.CHARGED_OFF
    with pytest.raises(Refusal, match="has ended"):
        running.pay(1_00, TODAY)
    with transaction():
        reverse(
            agreement_id=running.id, effective_on=TODAY, event=Event.WRITTEN_OFF, source=1, reason="wrong agreement",
            key="back", actor=CLERK, at=AT, on=TODAY,
        )  # fmt: skip
    standing = running.standing
    assert (standing.status, standing.principal_outstanding, standing.next_due) == (
        Status.LIVE,
        LEFT,
        date(2026, 12, 10),
    )


def test_events_that_end_nothing_leave_the_standing_as_it_is():
    running = up_to_date()
    before = (running.standing.status, running.standing.next_due, running.standing.principal_outstanding)
    for entry in (
        entries.interest_accrued(amount=2_00), entries.fee_released(amount=1_00), entries.provided_for(amount=5_00),
        entries.clearing_settled(channel=Channel.CARD, amount=5 * DUE, cost=1_00),
        entries.indemnity_claimed(amount=DUE),
        entries.vehicle_sold(vehicle=1_00, proceeds=2_00), entries.claim_reinstated(amount=DUE),
        entries.excess_mileage_charged(net=10_00, vat=2_00),
    ):  # fmt: skip
        posted(running, entry)
    assert (running.standing.status, running.standing.next_due, running.standing.principal_outstanding) == before
    assert running.balances()[chart.DUE_FROM_CUSTOMER] == DUE + 12_00
    assert money.total() == 0


def test_credit_is_refunded_as_far_as_it_goes():
    running = new_agreement()
    running.pay(50_00, date(2026, 7, 1))
    with pytest.raises(Refusal, match="more than the customer's credit"):
        posted(running, entries.refunded(amount=50_01))
    posted(running, entries.refunded(amount=20_00))
    assert running.balances()[chart.CUSTOMER_CREDIT] == -30_00
    assert running.standing.paid_total == 30_00


def test_what_would_leave_other_principal_than_nought_is_refused():
    running = up_to_date()
    with pytest.raises(Refusal, match="principal at nought"):
        posted(running, entries.settled_early(principal=LEFT - 1, interest=0))
    with pytest.raises(Refusal, match="principal at nought"):
        posted(running, entries.part_settled(principal=LEFT + 1))
    with pytest.raises(Refusal, match="amount must not exceed"):
        posted(running, entries.recovered(customer=2**63, vehicle=0))


def test_instalments_missed_after_a_part_settlement_are_arrears():
    running = new_agreement(today=date(2026, 10, 9))
    running.dues(3)
    for month in (7, 8, 9):
        running.pay(DUE, date(2026, month, 10))
    posted(running, entries.part_settled(principal=2_000_00), date(2026, 10, 1))
    assert (running.standing.due_total, running.standing.arrears_since) == (3 * DUE + 2_000_00, FOREVER)
    running.pay(2_000_00, date(2026, 10, 1))
    running.today = TODAY
    running.due(4)
    running.due(5)
    standing = running.standing
    assert (standing.arrears_since, standing.due_total, standing.paid_total) == (date(2026, 10, 10), 5 * DUE, 3 * DUE)
    assert standing.principal_outstanding == LEFT - 2_000_00
