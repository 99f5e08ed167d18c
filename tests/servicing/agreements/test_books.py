"""Acts on the books of one agreement: each in its place, corrected late, in any order."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.calendars import FOREVER
from milepost.finance.entries import Event
from milepost.plumbing import lender
from milepost.plumbing.errors import InvariantBroken, Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations
from milepost.servicing.agreements.models import Schedule, Standing
from milepost.servicing.agreements.queries import checking
from milepost.servicing.agreements.states import Status
from milepost.servicing.ledger import queries
from tests.support import money
from tests.support.money import AT, CLERK, TODAY, Running, journal, new_agreement

pytestmark = pytest.mark.django_db
LAST_WEEK = datetime(2026, 11, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def charging(settings, tmp_path: Path) -> None:
    """A lender who charges default interest at 8.9 %."""
    path = tmp_path / "lender.toml"
    path.write_text(Path(settings.LENDER_FILE).read_text() + '\ndefault_interest_percent = "8.9"\n')
    settings.LENDER_FILE = str(path)
    lender.current.cache_clear()


def test_an_agreement_is_paid_out_once_on_its_drawdown_date():
    running = new_agreement(money.hp_terms(acceptance_fee=150_00))
    assert running.balances(date(2026, 6, 10)) == {
        chart.BANK: -12_000_00, chart.PRINCIPAL: 12_000_00, chart.FEES_RECEIVABLE: 150_00,
        chart.DEFERRED_FEE_INCOME: -150_00,
    }  # fmt: skip
    with pytest.raises(Refusal, match="paid out already"):
        operations.pay_out(agreement_id=running.id, key="again", actor=CLERK, at=AT, on=TODAY)


def test_instalments_fall_due_in_their_order_and_not_before_their_day():
    running = new_agreement(today=date(2026, 8, 9))
    with pytest.raises(Refusal, match="in their order"):
        running.due(2)
    running.due(1)
    with pytest.raises(Refusal, match="not due yet"):
        running.due(2)
    standing = running.standing
    assert (standing.next_number, standing.next_due, standing.arrears_since) == (
        2,
        date(2026, 8, 10),
        date(2026, 7, 10),
    )
    assert (standing.due_total, standing.principal_outstanding) == (298_05, 12_000_00 - 209_05)


def test_credit_covers_an_instalment_as_it_falls_due():
    running = new_agreement()
    running.pay(400_00, date(2026, 7, 1))
    running.due(1)
    assert "2026-07-10 CREDIT_APPLIED customer credit <- due from customer 298.05" in journal(running.id)
    assert (running.standing.paid_total, running.standing.arrears_since) == (400_00, FOREVER)
    assert running.balances()[chart.CUSTOMER_CREDIT] == -101_95


def test_the_same_key_again_has_no_second_effect():
    running = new_agreement()
    first = running.pay(100_00, date(2026, 7, 1), key="page-token")
    assert running.pay(100_00, date(2026, 7, 1), key="page-token") == first
    with pytest.raises(Refusal, match="used before"):
        running.pay(101_00, date(2026, 7, 1), key="page-token")
    assert running.balances()[chart.CUSTOMER_CREDIT] == -100_00


def test_a_waived_default_sum_that_was_paid_becomes_credit():
    running = new_agreement()
    running.charge(12_00, date(2026, 8, 13))
    running.pay(20_00, date(2026, 8, 14))
    with pytest.raises(Refusal, match="more than the default sums"):
        running.waive(12_01, date(2026, 8, 20))
    with pytest.raises(Refusal, match="above nought"):
        running.waive(0, date(2026, 8, 20))
    recorded = running.waive(12_00, date(2026, 8, 20))
    assert (recorded.credit, recorded.default_sums) == (20_00, 0)
    assert money.total() == 0


def test_a_return_is_owed_again_and_known_once():
    running = new_agreement()
    running.due(1)
    running.pay(298_05, date(2026, 7, 10))
    with pytest.raises(Refusal, match="before it was made"):
        running.bounce(running.payments[0], date(2026, 7, 9))
    running.bounce(running.payments[0], date(2026, 7, 13), settled=True)
    assert running.balances()[chart.BANK] == -12_000_00 - 298_05
    assert running.standing.arrears_since == date(2026, 7, 10)
    with pytest.raises(Refusal, match="come back already"):
        running.bounce(running.payments[0], date(2026, 7, 14))


def test_default_interest_is_posted_at_month_ends_and_corrected_by_a_payment_found_late(charging):
    running = new_agreement()
    running.due(1)
    running.charge(12_00, date(2026, 9, 1))
    posted = [line for line in journal(running.id) if "DEFAULT_INTEREST" in line]
    assert posted == [
        "2026-07-31 DEFAULT_INTEREST default sums <- default interest income 1.53",
        "2026-08-31 DEFAULT_INTEREST default sums <- default interest income 2.25",
        "2026-09-30 DEFAULT_INTEREST default sums <- default interest income 2.18",
        "2026-10-31 DEFAULT_INTEREST default sums <- default interest income 2.25",
    ]
    running.pay(298_05, date(2026, 8, 17))
    assert "2026-09-30 REDERIVED default interest income <- default sums 2.18" in journal(running.id)
    assert running.balances()[chart.DEFAULT_INTEREST_INCOME] == -2_76
    assert set(posted) < set(journal(running.id))


def test_a_corrected_rate_makes_past_instalments_due_at_other_amounts():
    running = new_agreement()
    running.dues(3)
    for month in (7, 8, 9):
        running.pay(298_05, date(2026, month, 10))
    recorded = running.correct_rate("6.9", date(2026, 7, 10))
    assert recorded.corrected == (date(2026, 8, 10), date(2026, 9, 10))
    first, second = Schedule.objects.filter(agreement_id=running.id).order_by("version")
    assert first.principal[0] == second.principal[0]
    assert sum(second.principal) == 12_000_00
    assert (second.reason, second.annual_percent) == ("RATE_CORRECTED", "6.9")
    due = second.principal[1] + second.interest[1]
    assert running.balances()[chart.CUSTOMER_CREDIT] == -2 * (298_05 - due)
    with pytest.raises(Refusal, match="was corrected before"):
        running.correct_rate("5.9", date(2026, 7, 10))
    with pytest.raises(Refusal, match="rate"):
        running.correct_rate("-1", date(2026, 8, 10))
    assert checking.breaks(checking.Range(0, checking.EVERYTHING)) == []


def test_what_did_not_happen_is_reversed_on_its_day_and_known_before():
    running = new_agreement()
    running.due(1)
    running.at = LAST_WEEK
    paid = running.pay(298_05, date(2026, 7, 10))
    running.charge(12_00, date(2026, 8, 1))
    running.at = AT
    reverse(running, date(2026, 7, 10), Event.PAYMENT_RECEIVED, paid.payment_id)
    assert running.balances() == {
        chart.BANK: -12_000_00, chart.PRINCIPAL: 11_790_95, chart.DUE_FROM_CUSTOMER: 298_05, chart.DEFAULT_SUMS: 12_00,
        chart.INTEREST_INCOME: -89_00, chart.DEFAULT_FEE_INCOME: -12_00,
    }  # fmt: skip
    assert running.balances(date(2026, 7, 31), known_at=LAST_WEEK)[chart.CARD_CLEARING] == 298_05
    with pytest.raises(Refusal, match="follows from other events"):
        reverse(running, date(2026, 7, 10), Event.INSTALMENT_DUE, 1)


def test_a_payment_that_came_back_is_reversed_after_its_return():
    running = new_agreement()
    paid = running.pay(10_00, date(2026, 7, 10))
    running.bounce(paid.payment_id, date(2026, 7, 12))
    with pytest.raises(Refusal, match="Reverse its return first"):
        reverse(running, date(2026, 7, 10), Event.PAYMENT_RECEIVED, paid.payment_id)
    reverse(running, date(2026, 7, 12), Event.PAYMENT_RETURNED, paid.payment_id)
    reverse(running, date(2026, 7, 10), Event.PAYMENT_RECEIVED, paid.payment_id)
    assert running.standing.paid_total == 0


def reverse(running: Running, day: date, event: Event, source: int) -> None:
    with transaction():
        operations.reverse(
            agreement_id=running.id, effective_on=day, event=event, source=source, reason="not hers",
            key=f"reverse:{day}:{event}:{source}", actor=CLERK, at=AT, on=TODAY,
        )  # fmt: skip


def test_a_settlement_is_posted_as_an_entry_and_ends_the_agreement_when_it_is_paid():
    running = new_agreement()
    running.due(1)
    running.pay(298_05, date(2026, 7, 10))
    entry = entries.settled_early(principal=11_790_95, interest=100_00)
    with transaction():
        operations.post(
            agreement_id=running.id, entry=entry, source=9, effective_on=date(2026, 8, 1), key="settled", actor=CLERK,
            at=AT, on=TODAY,
        )  # fmt: skip
    assert (running.standing.status, running.standing.next_due) == (Status.LIVE, FOREVER)
    running.pay(11_890_95, date(2026, 8, 1))
    assert running.standing.status == Status.SETTLED
    with pytest.raises(Refusal, match="in their order"):
        running.due(2)
    assert checking.breaks(checking.Range(0, checking.EVERYTHING)) == []
    with pytest.raises(InvariantBroken, match="its own operation"), transaction():
        operations.post(
            agreement_id=running.id, entry=entries.credit_applied(amount=1), source=9, effective_on=TODAY, key="x",
            actor=CLERK, at=AT, on=TODAY,
        )  # fmt: skip


def test_days_that_cannot_be_are_refused():
    running = new_agreement()
    for day, words in ((date(2026, 11, 23), "not come yet"), (date(2026, 6, 9), "before the agreement was paid out")):
        with pytest.raises(Refusal, match=words):
            running.pay(1_00, day)
    Standing.objects.filter(agreement_id=running.id).update(status=Status.CHARGED_OFF.value)
    with pytest.raises(Refusal, match="has ended"):
        running.pay(1_00, date(2026, 7, 10))


Act = tuple[str, int, date]
FACTS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "pay", "pay", "charge", "return", "rate"]), st.integers(1_00, 700_00),
        st.integers(0, 160).map(lambda days: date(2026, 6, 12) + timedelta(days)),
    ),
    min_size=2, max_size=7, unique_by=(lambda act: (act[0], act[2]), lambda act: act[1]),
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FACTS, seed=st.integers(0, 999))
def test_any_order_of_recording_ends_in_the_same_books(charging, facts: list[Act], seed: int):
    shuffled = list(facts)
    random.Random(seed).shuffle(shuffled)
    one, two = (recorded(order) for order in (facts, shuffled))
    days = sorted({line.effective_on for book in (one, two) for line in queries.transfers(book.id)})
    assert all(one.balances(day) == two.balances(day) for day in days)
    assert stands(one) == stands(two)
    assert money.total() == 0
    assert checking.breaks(checking.Range(one.id, two.id + 1)) == []


def recorded(facts: list[Act]) -> Running:
    """An agreement of five instalments due, with these facts in this order; a return follows its payment."""
    running = new_agreement()
    running.dues(5)
    for kind, amount, day in facts:
        if kind == "charge":
            running.charge(amount // 20, day)
        elif kind == "rate":
            running.correct_rate(str(Decimal(amount) / 10_000), day)
        else:
            paid = running.pay(amount, day)
            if kind == "return":
                running.bounce(paid.payment_id, min(TODAY, day + timedelta(3)))
    return running


def stands(running: Running) -> tuple[object, ...]:
    row = running.standing
    return (
        row.status, row.next_number, row.next_due, row.next_amount, row.next_interest, row.due_total, row.paid_total,
        row.principal_outstanding, row.arrears_since,
    )  # fmt: skip
