"""What facts come to: worked cases first, then what must hold whatever happened in whatever order."""

import random
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from milepost.finance import chart_of_accounts as chart, entries
from milepost.finance.allocation import Bucket
from milepost.finance.calendars import FOREVER
from milepost.finance.policy import LenderPolicy
from milepost.finance.replay import (
    Asked,
    DefaultSum,
    Facts,
    Movements,
    Position,
    Receipt,
    Refund,
    Return,
    Share,
    differences,
    replay,
)
from milepost.finance.schedule import build
from milepost.finance.terms import RateConvention, Terms

SCHEDULE = build(
    Terms(
        amount_of_credit=12_000_00, number_of_instalments=48, rate_convention=RateConvention.NOMINAL,
        annual_percent=Decimal("8.9"), drawdown_date=date(2026, 2, 10), first_due_date=date(2026, 3, 10),
    )
)  # fmt: skip
DUE = 298_05
TODAY = date(2026, 11, 22)
PLAIN = LenderPolicy(1, date(2000, 1, 1))
CHARGING = replace(PLAIN, default_interest_percent=Decimal("8.9"))
FEES_FIRST = replace(
    CHARGING,
    allocation_order=(Bucket.FEES, Bucket.DEFAULT_INTEREST, *(b for b in Bucket if b not in (Bucket.FEES,
    Bucket.DEFAULT_INTEREST))),
)  # fmt: skip


def paid(on: date, amount: int, number: int) -> Receipt:
    return Receipt(on, amount, chart.BANK, number)


def closing(movements: Movements) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for day in movements.values():
        sums.update(day)
    return {account: amount for account, amount in sums.items() if amount}


def test_a_payment_covers_the_oldest_due_and_the_rest_is_credit_for_the_next():
    facts = Facts(SCHEDULE, 2, receipts=[paid(date(2026, 3, 10), 400_00, 1)])
    position = replay(facts, [PLAIN], TODAY)
    assert position.shares[1] == Share(DUE, 0, 0, 400_00 - DUE)
    assert position.applied == {1: 400_00 - DUE}
    assert (position.unpaid, position.credit, position.due_total, position.paid_total) == (
        2 * DUE - 400_00, 0, 2 * DUE, 400_00
    )  # fmt: skip
    assert (position.arrears_since, position.instalments_overdue) == (date(2026, 4, 10), 1)


def test_what_other_events_ask_for_is_paid_in_its_place_among_the_instalments():
    asked = [Asked(date(2026, 3, 20), 2_000_00)]
    facts = Facts(SCHEDULE, 3, receipts=[paid(date(2026, 3, 25), DUE + 2_000_00, 1)], asked=asked)
    position = replay(facts, [CHARGING], TODAY)
    assert (position.overdue, position.asked_unpaid, position.instalments_overdue) == (2 * DUE, 0, 2)
    assert (position.due_total, position.paid_total, position.arrears_since) == (3 * DUE, DUE, date(2026, 4, 10))
    assert position.default_interest > 0
    less = replay(replace(facts, receipts=[paid(date(2026, 3, 25), DUE + 500_00, 1)]), [PLAIN], TODAY)
    assert (less.overdue, less.asked_unpaid, less.unpaid) == (2 * DUE, 1_500_00, 2 * DUE + 1_500_00)


def test_nothing_owed_is_no_arrears():
    position = replay(Facts(SCHEDULE, 0), [PLAIN], TODAY)
    assert (position.arrears_since, position.instalments_overdue, position.paid_total) == (FOREVER, 0, 0)


@pytest.mark.parametrize(
    ("payment", "shares"),
    [
        (500_00, Share(500_00)),
        (2 * DUE + 20_00, Share(2 * DUE, 0, 20_00)),
        (1_000_00, Share(2 * DUE, 0, 25_00, 1_000_00 - 2 * DUE - 25_00)),
    ],
)
def test_the_waterfall_takes_default_sums_last(payment: int, shares: Share):
    facts = Facts(
        SCHEDULE, 2, receipts=[paid(date(2026, 4, 10), payment, 1)], charged=[DefaultSum(date(2026, 4, 1), 25_00)]
    )
    assert replay(facts, [PLAIN], TODAY).shares[1] == shares


def test_a_lender_may_take_fees_first():
    facts = Facts(
        SCHEDULE, 1, receipts=[paid(date(2026, 4, 5), 100_00, 1)], charged=[DefaultSum(date(2026, 4, 1), 25_00)]
    )
    assert replay(facts, [FEES_FIRST], TODAY).shares[1] == Share(100_00 - 25_00 - 1_53, 1_53, 25_00, 0)


def test_an_order_between_interest_and_principal_is_kept():
    order = (Bucket.ARREARS_INTEREST, Bucket.FEES, *(b for b in Bucket if b not in (Bucket.ARREARS_INTEREST,
    Bucket.FEES)))  # fmt: skip
    policy = replace(PLAIN, allocation_order=order)
    facts = Facts(
        SCHEDULE, 2, receipts=[paid(date(2026, 4, 1), 50_00, 1), paid(date(2026, 4, 20), 150_00, 2)],
        charged=[DefaultSum(date(2026, 4, 2), 25_00)],
    )  # fmt: skip
    assert replay(facts, [policy], TODAY).shares[2] == Share(126_45, 0, 23_55, 0)


def test_default_interest_is_that_of_the_worked_case_though_posted_in_two_parts():
    facts = Facts(SCHEDULE, 1, receipts=[paid(date(2026, 4, 17), 298_05, 1), paid(date(2026, 4, 18), 2_76, 2)])
    position = replay(facts, [CHARGING], TODAY)
    assert position.interest_posted == {date(2026, 3, 31): 1_53, date(2026, 4, 17): 1_23}
    assert position.shares[2] == Share(0, 2_76)
    assert closing(position.movements)[chart.DEFAULT_INTEREST_INCOME] == -2_76
    assert position.default_interest == position.unpaid == 0


def test_default_interest_follows_the_rate_of_each_day():
    later = replace(PLAIN, version=2, effective_from=date(2026, 4, 1))
    position = replay(Facts(SCHEDULE, 1), [CHARGING, later], TODAY)
    assert position.interest_posted == {date(2026, 3, 31): 1_53}
    earlier = replace(CHARGING, version=2, effective_from=date(2026, 4, 1))
    assert replay(Facts(SCHEDULE, 1), [PLAIN, earlier], date(2026, 4, 17)).interest_posted == {}
    assert replay(Facts(SCHEDULE, 1), [PLAIN, earlier], date(2026, 4, 30)).default_interest == 2_18


def test_arrears_cleared_without_a_receipt_bear_what_had_run_at_the_end_of_the_month():
    facts = Facts(
        SCHEDULE, 1, charged=[DefaultSum(date(2026, 3, 1), 400_00)], receipts=[paid(date(2026, 3, 2), 400_00, 1)],
        waived=[DefaultSum(date(2026, 3, 20), 400_00)],
    )  # fmt: skip
    position = replay(facts, [CHARGING], TODAY)
    assert position.interest_posted == {date(2026, 3, 31): 73}
    assert (position.unpaid, position.credit) == (0, 400_00 - DUE)


def test_a_return_takes_credit_first_and_makes_the_rest_owed_again():
    facts = Facts(
        SCHEDULE, 1, receipts=[paid(date(2026, 3, 10), 400_00, 1)],
        returns=[Return(date(2026, 3, 13), 400_00, chart.BANK, 1)],
    )  # fmt: skip
    position = replay(facts, [PLAIN], TODAY)
    assert position.returned[1] == Share(DUE, 0, 0, 400_00 - DUE)
    assert (position.unpaid, position.credit) == (DUE, 0)


def test_a_return_makes_the_default_sums_it_had_paid_owed_again():
    facts = Facts(
        SCHEDULE, 1, charged=[DefaultSum(date(2026, 3, 1), 12_00)], receipts=[paid(date(2026, 4, 17), 312_81, 1)],
        returns=[Return(date(2026, 4, 20), 312_81, chart.DD_CLEARING, 1)],
    )  # fmt: skip
    position = replay(facts, [CHARGING], date(2026, 4, 20))
    assert position.returned[1] == Share(DUE, 2_76, 12_00, 0)
    assert (position.unpaid, position.default_interest, position.default_sums) == (DUE, 2_76, 12_00)


def test_a_claim_that_names_no_receipt_is_owed_again():
    facts = Facts(SCHEDULE, 1, returns=[Return(date(2026, 3, 12), 50_00, chart.INDEMNITY_CLAIMS, 0)])
    assert replay(facts, [PLAIN], TODAY).unpaid == DUE + 50_00


def test_a_refund_takes_credit_and_beyond_it_is_owed_back():
    facts = Facts(SCHEDULE, 0, receipts=[paid(date(2026, 3, 1), 100_00, 1)], refunds=[Refund(date(2026, 3, 2), 30_00)])
    assert replay(facts, [PLAIN], TODAY).credit == 70_00
    late = replace(facts, rows=1, refunds=[Refund(date(2026, 3, 12), 30_00)])
    assert replay(late, [PLAIN], TODAY).unpaid == DUE - 70_00
    assert closing(replay(late, [PLAIN], TODAY).movements)[chart.BANK] == 70_00


def test_what_a_settlement_asks_for_is_no_arrears():
    facts = Facts(SCHEDULE, 1, receipts=[paid(date(2026, 3, 10), DUE, 1)], asked=[Asked(date(2026, 3, 20), 9_000_00)])
    position = replay(facts, [CHARGING], TODAY)
    assert (position.unpaid, position.overdue, position.arrears_since) == (9_000_00, 0, FOREVER)
    assert position.interest_posted == {}


def test_changes_become_the_fewest_transfers():
    entry = entries.rederived({chart.DUE_FROM_CUSTOMER: 30, chart.DEFAULT_SUMS: -12, chart.CUSTOMER_CREDIT: -18})
    assert [(t.debit, t.credit, t.amount) for t in entry.transfers] == [(1250, 1260, 12), (1250, 2100, 18)]


DAYS = st.integers(0, 270).map(lambda days: date(2026, 2, 10) + timedelta(days))
AMOUNTS = st.integers(1, 900_00)
SUMS = st.lists(st.builds(DefaultSum, DAYS, st.integers(1, 50_00)), max_size=3)


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    """What an agreement may go through."""
    receipts = [
        Receipt(on, amount, account, number)
        for number, (on, amount, account) in enumerate(
            draw(st.lists(st.tuples(DAYS, AMOUNTS, st.sampled_from([chart.BANK, chart.DD_CLEARING])), max_size=12)), 1
        )
    ]
    back = draw(st.lists(st.sampled_from(receipts), unique=True, max_size=4)) if receipts else []
    returns = [Return(r.on + timedelta(draw(st.integers(0, 40))), r.amount, r.account, r.number) for r in back]
    return Facts(
        SCHEDULE, draw(st.integers(0, 9)), receipts, returns, draw(SUMS), draw(SUMS),
        draw(st.lists(st.builds(Refund, DAYS, AMOUNTS), max_size=2)),
        draw(st.lists(st.builds(Asked, DAYS, AMOUNTS), max_size=1)),
    )  # fmt: skip


@settings(max_examples=100)
@given(facts=histories(), seed=st.integers(), policy=st.sampled_from([PLAIN, CHARGING, FEES_FIRST]))
def test_the_order_of_recording_and_the_numbers_of_receipts_change_nothing(
    facts: Facts, seed: int, policy: LenderPolicy
):
    shuffled, numbers = random.Random(seed), list(range(100, 100 + len(facts.receipts)))
    shuffled.shuffle(numbers)
    other = dict(zip((receipt.number for receipt in facts.receipts), numbers, strict=True))
    receipts = [receipt._replace(number=other[receipt.number]) for receipt in facts.receipts]
    returns = [back._replace(receipt=other[back.receipt]) for back in facts.returns]
    charged, waived, refunds = list(facts.charged), list(facts.waived), list(facts.refunds)
    for several in (receipts, returns, charged, waived, refunds):
        shuffled.shuffle(several)
    again = Facts(SCHEDULE, facts.rows, receipts, returns, charged, waived, refunds, facts.asked)
    one, two = replay(facts, [policy], TODAY), replay(again, [policy], TODAY)
    assert differences(one.movements, two.movements) == {}
    assert standing(one) == standing(two)


def standing(position: Position) -> tuple[object, ...]:
    return (
        position.due_total, position.paid_total, position.unpaid, position.credit, position.default_sums,
        position.default_interest, position.arrears_since, position.instalments_overdue, position.interest_posted,
    )  # fmt: skip


@settings(max_examples=100)
@given(facts=histories(), policy=st.sampled_from([PLAIN, CHARGING, FEES_FIRST]))
def test_movements_balance_every_day_and_add_up_to_the_position(facts: Facts, policy: LenderPolicy):
    position = replay(facts, [policy], TODAY)
    assert all(sum(day.values()) == 0 for day in position.movements.values())
    sums = defaultdict(int, closing(position.movements))
    assert sums[chart.DUE_FROM_CUSTOMER] + sum(asked.amount for asked in facts.asked) == position.unpaid
    assert -sums[chart.CUSTOMER_CREDIT] == position.credit
    assert sums[chart.DEFAULT_SUMS] == position.default_sums + position.default_interest
    assert min(position.unpaid, position.credit, position.default_sums, position.default_interest) >= 0
    assert not (position.unpaid and position.credit)


def test_a_hundred_thousand_random_events_keep_the_trial_balance_at_nought():
    dice = random.Random(20261122)
    sums: Counter[int] = Counter()
    events = 0
    while events < 100_000:
        receipts = [
            paid(date(2026, 2, 10) + timedelta(dice.randrange(270)), dice.randint(1, 700_00), number)
            for number in range(dice.randrange(40))
        ]
        returns = [
            Return(receipt.on + timedelta(3), receipt.amount, receipt.account, receipt.number)
            for receipt in receipts
            if dice.random() < 0.2
        ]
        charged = [DefaultSum(back.on, 12_00) for back in returns]
        facts = Facts(SCHEDULE, dice.randrange(10), receipts, returns, charged, charged[: dice.randrange(3)])
        position = replay(facts, [CHARGING], TODAY)
        for day in position.movements.values():
            sums.update(day)
            assert sum(sums.values()) == 0
        events += facts.rows + len(receipts) + len(returns) + 2 * len(charged)
    assert sum(sums.values()) == 0
