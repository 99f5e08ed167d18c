"""What the ledger answers about many books at once, and the vectors' journals through the real table."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.chart_of_accounts import Channel
from milepost.finance.entries import Entry, Event, Transfer
from milepost.plumbing.transactions import transaction
from milepost.servicing.ledger import operations, queries
from milepost.servicing.ledger.operations import Booked
from tests.finance import vectors

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 2)
BOOK = 10**8 + 1
OLD = date(2026, 11, 13)


def test_money_that_stays_in_clearing_is_found_by_its_age():
    received = entries.payment_received(channel=Channel.CARD, due=310_05)
    late = entries.payment_received(channel=Channel.CARD, due=50_00)
    settled = entries.clearing_settled(channel=Channel.CARD, amount=300_00, cost=3_00)
    post(Booked(BOOK, received, 1, DAY), Booked(BOOK, late, 2, date(2026, 11, 20)), Booked(1, settled, 1, OLD))
    sums = queries.pair_sums(0, 2**63 - 1, old=OLD)
    assert queries.stuck_in_clearing(sums) == {chart.CARD_CLEARING: 10_05}
    assert queries.trial_balance(sums) == {
        chart.BANK: 297_00, chart.CARD_CLEARING: 60_05, chart.DUE_FROM_CUSTOMER: -360_05, chart.PAYMENT_COSTS: 3_00,
    }  # fmt: skip


def test_a_month_of_an_account_over_many_books():
    post(*(Booked(BOOK + n, entries.paid_out(amount=100), 1, DAY) for n in range(3)))
    over = queries.account_of_books(chart.PRINCIPAL, [BOOK, BOOK + 2], on=DAY)
    assert (over.balances, over.changes) == ({BOOK: 100, BOOK + 2: 100}, {"2026-11": 200})
    post(Booked(BOOK, entries.imported_movement(principal=5, interest=1), 2, DAY))
    lines = queries.lines_of_movements(BOOK, since=DAY, until=DAY)
    assert [(line.event, line.amount) for line in lines] == [(Event.IMPORTED_MOVEMENT, 5), (Event.IMPORTED_MOVEMENT, 1)]


def test_the_statement_for_checks_needs_no_asking_events():
    assert "IN (NULL)" in queries.balances_of_books_sql([chart.PRINCIPAL])


def test_ten_thousand_random_events_leave_a_trial_balance_of_nought():
    dice = random.Random(4)
    makers = [
        lambda n: entries.paid_out(amount=n),
        lambda n: entries.instalment_due(principal=n, interest=n // 3, fee=n // 7),
        lambda n: entries.payment_received(channel=dice.choice(list(Channel)), due=n, unallocated=n // 2),
        lambda n: entries.payment_returned(channel=Channel.CARD, due=n, default_sums=n // 5),
        lambda n: entries.settled_early(principal=n, interest=n // 9 - 50),
        lambda n: entries.terminated_voluntarily(principal=n, shortfall=n // 4, vehicle=n // 2),
        lambda n: entries.reversal_of(entries.default_sum_charged(amount=n)),
    ]
    booked = [
        Booked(BOOK + dice.randrange(200), dice.choice(makers)(dice.randint(1, 9_000_00)), number,
               DAY - timedelta(dice.randrange(600)))
        for number in range(10_000)
    ]  # fmt: skip
    post(*booked)
    sums = queries.pair_sums(BOOK, BOOK + 200, old=OLD)
    assert sum(queries.trial_balance(sums).values()) == 0
    assert sum(pair.amount for pair in sums) == sum(t.amount for b in booked for t in b.entry.transfers)


def post(*booked: Booked) -> None:
    days = [one.effective_on for one in booked]
    with transaction():
        operations.ensure_quarters(first=min(days), last=max(days))
        operations.post_many(entries=booked, recorded_at=AT, policy_version=1)


def journals() -> list[Any]:
    place = vectors.folder()
    if place is None or not (place / "computed-ledger.json").is_file():
        reason = "no shared/vectors/computed-ledger.json beside this project: the worked cases here prove the same"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason), id="no computed-ledger.json")]
    content = json.loads((place / "computed-ledger.json").read_text())
    return [pytest.param(case, id=case["name"]) for case in content["vectors"]]


KINDS = {
    "payout": Event.PAID_OUT, "acceptance fee": Event.FEE_AT_INCEPTION, "interest accrued": Event.INTEREST_ACCRUED,
    "instalment": Event.INSTALMENT_DUE, "fee released": Event.FEE_RELEASED, "settlement": Event.SETTLED_EARLY,
    "refund": Event.REFUNDED, "write-off": Event.WRITTEN_OFF, "impairment": Event.PROVIDED_FOR,
    "later recovery": Event.RECOVERED, "customer keeps": Event.VEHICLE_KEPT, "VT": Event.TERMINATED_VOLUNTARILY,
    "before": Event.BROUGHT_FORWARD, "balances": Event.BROUGHT_FORWARD, "opening": Event.BROUGHT_FORWARD,
}  # fmt: skip


@pytest.mark.parametrize("case", journals())
def test_the_journals_of_the_vectors_close_as_they_say(case: dict[str, Any]):
    for number, line in enumerate(case["inputs"]["journal"], 1):
        changes: dict[int, int] = {}
        for side, sign in (("dr", 1), ("cr", -1)):
            for account, amount in line[side]:
                code = int(account.split()[0])
                changes[code] = changes.get(code, 0) + sign * vectors.pence(amount)
        kind = next((event for word, event in KINDS.items() if line["event"].startswith(word)), Event.CLEARING_SETTLED)
        post(Booked(BOOK, Entry(kind, entries.rederived(changes).transfers), number, DAY))
        assert sum(queries.balances(BOOK).values()) == 0
    expected = {
        int(name.split()[0]): vectors.pence(amount) for name, amount in case["expected"]["closing_balances"].items()
    }
    assert queries.balances(BOOK) == expected


def test_the_journal_of_a_termination_closes_at_its_loss():
    post(
        Booked(BOOK, Entry(Event.BROUGHT_FORWARD, (
            Transfer(chart.PRINCIPAL, chart.BROUGHT_FORWARD, 8_000_00),
            Transfer(chart.DUE_FROM_CUSTOMER, chart.BROUGHT_FORWARD, 596_10),
        )), 1, DAY),
        Booked(BOOK, entries.terminated_voluntarily(principal=8_000_00, shortfall=372_20, vehicle=6_500_00), 2, DAY),
        Booked(BOOK, entries.vehicle_sold(vehicle=6_500_00, proceeds=6_720_00, costs=180_00), 3, DAY),
        Booked(BOOK, entries.payment_received(channel=Channel.BANK_TRANSFER, due=968_30), 4, DAY),
    )  # fmt: skip
    assert queries.balances(BOOK) == {
        chart.BANK: 7_508_30, chart.BROUGHT_FORWARD: -8_596_10, chart.TERMINATION_LOSS: 1_127_80,
        chart.DISPOSAL_COSTS: 180_00, chart.DISPOSAL_RESULT: -220_00,
    }  # fmt: skip
