"""The figure for a chosen day: what goes out before it, what is added, what is taken off."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from milepost.finance import early_settlement, settlement
from milepost.finance.early_settlement import Ask, Figure, LineKind
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral
from milepost.finance.schedule import build
from tests.finance.agreements import priya

TODAY = date(2026, 11, 22)
SCHEDULE = build(priya())


def figure(settle_on: date = TODAY, received_on: date = TODAY, **others: Any) -> Figure:
    words: dict[str, Any] = {"balloon": 9_850_00, **others}
    return early_settlement.figure(Ask(SCHEDULE, Decimal("7.9"), received_on, settle_on, Deferral.DAYS_30, **words))


def amounts(answer: Figure) -> dict[LineKind, int]:
    return {line.kind: line.amount for line in answer.lines}


def test_for_the_day_of_the_notice_it_is_the_settlement_figure():
    answer = figure()
    assert amounts(answer) == {
        LineKind.INSTALMENTS: 9_445_80, LineKind.FINAL_PAYMENT: 9_850_00, LineKind.FEES: 10_00,
        LineKind.REBATE: -2_083_76,
    }  # fmt: skip
    assert (answer.amount, answer.rebate, answer.rows_to_come) == (17_222_04, 2_083_76, 27)


@given(days=st.integers(0, 800), going_out=st.integers(0, 3), unpaid=st.integers(0, 10**6),
       credit=st.integers(0, 4 * 10**6))  # fmt: skip
def test_the_lines_add_up_and_never_fall_below_nought(days: int, going_out: int, unpaid: int, credit: int):
    answer = figure(TODAY + timedelta(days=days), rows_going_out=going_out, unpaid=unpaid, credit=credit)
    assert answer.amount == sum(line.amount for line in answer.lines) >= 0
    assert answer.good_until == TODAY + timedelta(days=max(days, 28))
    assert all(line.amount and line.rule and line.source for line in answer.lines)


@given(days=st.integers(0, 800), unpaid=st.integers(0, 10**6), credit=st.integers(0, 4 * 10**6))
def test_asked_for_on_any_day_it_is_what_settlement_says(days: int, unpaid: int, credit: int):
    on = date(2025, 2, 14) + timedelta(days=days)
    plain = settlement.quote(schedule=SCHEDULE, apr_percent=Decimal("7.9"), received_on=on, deferral=Deferral.DAYS_30,
                             unpaid=unpaid, credit=credit)  # fmt: skip
    assert figure(on, on, unpaid=unpaid, credit=credit).amount == plain.amount_to_settle


def test_a_later_day_moves_the_date_of_the_formula_and_not_the_day_of_the_notice():
    answer = figure(date(2027, 1, 29), rows_going_out=2)
    assert (answer.good_until, answer.settlement_date) == (date(2027, 1, 29), date(2027, 2, 28))
    assert amounts(answer)[LineKind.GOING_OUT] == -2 * 363_30
    assert answer.amount == 16_634_80


def test_what_is_paid_ahead_does_not_go_out_again():
    assert LineKind.GOING_OUT not in amounts(figure(date(2026, 12, 16), rows_going_out=1, credit=400_00))
    part = amounts(figure(date(2026, 12, 16), rows_going_out=1, credit=100_00))
    assert (part[LineKind.CREDIT], part[LineKind.GOING_OUT]) == (-100_00, -263_30)


def test_the_charge_for_paying_early_only_where_it_is_claimed():
    assert LineKind.COMPENSATION not in amounts(figure())
    assert amounts(figure(claims_compensation=True))[LineKind.COMPENSATION] == 172_22
    last_year = figure(date(2028, 12, 1), date(2028, 12, 1), claims_compensation=True)
    assert amounts(last_year)[LineKind.COMPENSATION] == 52_76


def test_after_the_last_payment_only_what_was_missed_is_left():
    answer = figure(date(2029, 3, 1), date(2029, 3, 1), balloon=0, unpaid=363_30)
    assert amounts(answer) == {LineKind.UNPAID: 363_30}
    assert (answer.to_come, answer.rows_to_come) == (0, 0)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"settle_on": TODAY - timedelta(days=1)}, "settle_on"),
        ({"rows_going_out": -1}, "rows_going_out"),
        ({"balloon": 9_999_99}, "balloon"),
        ({"unpaid": -1}, "unpaid"),
        ({"received_on": date(2025, 2, 13), "settle_on": date(2025, 2, 13)}, "received_on"),
        ({"received_on": date(2029, 3, 1), "settle_on": date(2029, 3, 1)}, "balloon"),
    ],
)
def test_absurd_questions_name_the_field(words: dict[str, Any], field: str):
    with pytest.raises(FinanceError) as refused:
        figure(**words)
    assert refused.value.field == field


def test_the_law_it_rests_on_is_the_law_of_the_day():
    rows = early_settlement.laws(TODAY)
    assert [rule.provision for rule in rows] == list(early_settlement.PROVISIONS)
    assert all(rule.source and rule.since <= TODAY for rule in rows)
    assert early_settlement.notice_days(TODAY) == 28
