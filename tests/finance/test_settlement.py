"""Settlement figures: dates, rebate, and the sum that makes the figure."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from milepost.finance import settlement
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral
from milepost.finance.rebate import Accumulation, rebate, undated_rebate
from milepost.finance.schedule import Schedule, build
from milepost.finance.settlement import SettlementQuote
from milepost.finance.terms import Balloon, Fee, FeeKind, Terms, Timing
from tests.finance import vectors
from tests.finance.agreements import OPTION_FEE, family_car, printed, priya

MONTH, DAYS_30, NONE = Deferral.MONTH, Deferral.DAYS_30, Deferral.NONE


def quote(terms: Terms, received_on: date, deferral: Deferral = MONTH, **others: Any) -> SettlementQuote:
    return settlement.quote(
        schedule=build(terms),
        apr_percent=terms.apr_percent or Decimal(10),
        received_on=received_on,
        deferral=deferral,
        upfront_fees=terms.upfront_fees,
        **others,
    )


def test_priyas_settlement_figure_as_printed_in_her_documents():
    figure = quote(priya(), date(2026, 11, 22), DAYS_30)
    assert figure.amount_to_settle == 17_222_04
    assert figure.rebate == figure.rebate_rounded_rate == 2_083_76
    assert (figure.good_until, figure.settlement_date) == (date(2026, 12, 20), date(2027, 1, 19))
    assert (figure.whole_months, figure.days_left, figure.days_in_month) == (23, 5, 31)
    working = figure.workings.rounded_rate
    assert working.monthly_rate == Decimal("0.006356")
    assert working.owing == figure.payments_due_after_settlement_date - figure.rebate
    assert [(line.label, line.amount) for line in figure.lines] == [
        ("Payments still to come", 26 * 363_30 + 9_850_00 + 10_00),
        ("Rebate", -2_083_76),
    ]


@pytest.mark.parametrize(
    ("deferral", "settles", "months", "part", "saved", "pays"),
    [
        (MONTH, date(2026, 1, 31), 19, Fraction(21, 31), 848_61, 8_390_94),
        (DAYS_30, date(2026, 1, 30), 19, Fraction(20, 31), 850_47, 8_389_08),
        (NONE, date(2025, 12, 31), 18, Fraction(21, 31), 906_87, 8_332_68),
    ],
)
def test_the_lenders_choice_of_deferral(
    deferral: Deferral, settles: date, months: int, part: Fraction, saved: int, pays: int
):
    figure = quote(family_car(), date(2025, 12, 3), deferral)
    assert (figure.good_until, figure.settlement_date) == (date(2025, 12, 31), settles)
    assert (figure.whole_months, figure.part_month) == (months, part)
    assert (figure.rebate, figure.amount_to_settle) == (saved, pays)


def test_the_deferral_clamps_to_the_month_end():
    terms = printed(8_200_00, 36, 265_00, drawdown_date=date(2024, 1, 31), apr_percent=Decimal("10.6"))
    figure = quote(terms, date(2025, 1, 2))
    assert (figure.good_until, figure.settlement_date) == (date(2025, 1, 30), date(2025, 2, 28))
    assert (figure.whole_months, figure.days_left, figure.amount_to_settle) == (13, 0, 6_050_87)


def test_a_year_or_less_is_never_deferred():
    year = printed(1_200_00, 12, 105_00, drawdown_date=date(2025, 1, 10))
    longer = printed(1_200_00, 13, 105_00, drawdown_date=date(2025, 1, 10))
    assert quote(year, date(2025, 3, 1)).settlement_date == date(2025, 3, 29)
    assert quote(longer, date(2025, 3, 1)).settlement_date == date(2025, 4, 29)


def test_missed_payments_and_default_sums_are_added_and_leave_the_rebate_alone():
    plain = quote(family_car(), date(2025, 12, 3))
    behind = quote(family_car(), date(2025, 12, 3), unpaid=596_10, default_sums=12_00)
    assert behind.rebate == plain.rebate
    assert behind.amount_to_settle == 8_987_04 + 12_00
    assert [line.label for line in behind.lines] == [
        "Payments still to come",
        "Rebate",
        "Missed payments",
        "Default sums",
    ]


def test_money_paid_ahead_is_taken_off_down_to_nought():
    ahead = quote(family_car(), date(2025, 12, 3), credit=100_00)
    assert ahead.amount_to_settle == 8_390_94 - 100_00
    assert ahead.lines[-1].label == "Your credit"
    rich = quote(family_car(), date(2025, 12, 3), credit=9_000_00)
    assert rich.amount_to_settle == 0
    assert sum(line.amount for line in rich.lines) == 0


def test_a_payment_due_on_the_day_of_the_notice_is_still_to_come():
    assert quote(family_car(), date(2025, 12, 10)).instalments_falling_due_before_settlement_date == 2 * 298_05
    assert quote(family_car(), date(2025, 12, 11)).instalments_falling_due_before_settlement_date == 298_05


def test_the_final_payment_and_the_option_fee_are_part_of_the_debt():
    terms = printed(
        21_000_00, 48, 346_24, balloon=Balloon(9_800_00, 48), fees=(OPTION_FEE,),
        drawdown_date=date(2024, 3, 15), apr_percent=Decimal("8.9"),
    )  # fmt: skip
    figure = quote(terms, date(2026, 1, 20))
    assert figure.payments_due_after_settlement_date == 24 * 346_24 + 9_810_00
    assert (figure.rebate, figure.rebate_exact_rate, figure.amount_to_settle) == (2_236_40, 2_236_29, 16_575_84)


def test_after_the_last_payment_there_is_nothing_to_rebate():
    figure = quote(family_car(), date(2028, 7, 1), unpaid=50_00)
    assert (figure.rebate, figure.payments_due_after_settlement_date, figure.amount_to_settle) == (0, 0, 50_00)
    last_month = quote(family_car(), date(2028, 5, 20))
    assert (last_month.rebate, last_month.amount_to_settle) == (0, 298_05)


def test_an_upfront_fee_and_advance_instalments_count_as_repaid_at_the_drawdown():
    terms = printed(
        15_000_00, 36, 479_95, advance_instalments=3, drawdown_date=date(2025, 1, 10),
        fees=(Fee(FeeKind.ACCEPTANCE, 100_00, Timing.UPFRONT),), apr_percent=Decimal("12.4"),
    )  # fmt: skip
    figure = quote(terms, date(2025, 3, 1), NONE)
    rate = Decimal("0.009789")  # (1.124)^(1/12) - 1
    assert figure.workings.rounded_rate.monthly_rate == rate
    lent = 15_000_00 - 100_00 - 3 * 479_95
    by_hand = (lent * (1 + rate) ** 2 - 479_95 * (2 + rate)) * (1 + rate) ** (Decimal(19) / 31)
    assert abs(figure.workings.rounded_rate.owing - by_hand) < 3


def test_with_an_odd_first_period_months_run_between_due_dates():
    terms = printed(
        9_000_00,
        36,
        293_30,
        drawdown_date=date(2025, 1, 17),
        first_due_date=date(2025, 3, 1),
        apr_percent=Decimal("10.9"),
    )
    before_any = quote(terms, date(2025, 1, 20), NONE)
    assert before_any.settlement_date == date(2025, 2, 17)
    assert before_any.workings.rounded_rate.owing == 9_077_93  # 9,000 and a month at 0.8659 %
    figure = quote(terms, date(2025, 5, 4), NONE)
    assert (figure.settlement_date, figure.whole_months, figure.days_left) == (date(2025, 6, 1), 4, 15)
    assert figure.payments_due_after_settlement_date == 32 * 293_30


@pytest.mark.parametrize(
    ("received_on", "others", "field"),
    [
        (date(2024, 6, 9), {}, "received_on"),
        (date(2200, 1, 1), {}, "received_on"),
        (date(2025, 1, 1), {"unpaid": -1}, "unpaid"),
        (date(2025, 1, 1), {"default_sums": -1}, "default_sums"),
        (date(2025, 1, 1), {"credit": -1}, "credit"),
    ],
)
def test_quotes_that_cannot_be_given(received_on: date, others: dict[str, Any], field: str):
    with pytest.raises(FinanceError) as refused:
        quote(family_car(), received_on, **others)
    assert refused.value.field == field


def test_an_absurd_apr_is_refused():
    with pytest.raises(FinanceError, match="apr_percent"):
        settlement.quote(
            schedule=build(family_car()), apr_percent=Decimal("NaN"), received_on=date(2025, 1, 1), deferral=NONE
        )


PUBLISHED = [
    # 5,000 repaid by 48 of 134.57 at 14 %; 10,000 by 180 of 139.51 at 16 % (domain.md 4.2).
    (5_000_00, 134_57, 48, "14", 12, "0", 860_52),
    (5_000_00, 134_57, 48, "14", 12, "28/30", 819_71),
    (5_000_00, 134_57, 48, "14", 12, "28/31", 821_03),
    (5_000_00, 134_57, 48, "14", 13, "28/30", 776_90),
    (10_000_00, 139_51, 180, "16", 73, "0", 6_702_45),
    (10_000_00, 139_51, 180, "16", 73, "28/30", 6_606_95),
]


@pytest.mark.parametrize(("credit", "instalment", "number", "percent", "months", "part", "saved"), PUBLISHED)
def test_the_published_examples(
    credit: int, instalment: int, number: int, percent: str, months: int, part: str, saved: int
):
    found = undated_rebate(
        amount_of_credit=credit,
        instalment=instalment,
        number_of_instalments=number,
        apr_percent=Decimal(percent),
        whole_months=months,
        part_month=Fraction(part),
    )
    assert found.rounded_rate.rebate == saved
    assert found.allowed == max(saved, found.exact_rate.rebate)


def test_at_the_drawdown_the_whole_charge_is_rebated_and_at_the_end_nothing():
    start = rebate(
        apr_percent=Decimal("9.9"),
        lent=Accumulation([(12_000_00, 0)], Fraction(0)),
        repaid=[],
        payments_after=48 * 301_35,
    )
    assert start.allowed == 48 * 301_35 - 12_000_00
    end = undated_rebate(
        amount_of_credit=12_000_00,
        instalment=301_35,
        number_of_instalments=48,
        apr_percent=Decimal("9.9"),
        whole_months=60,
        part_month=Fraction(0),
    )
    assert end.allowed == 0


CREDITS, TERMS, CHARGES = st.integers(500_00, 60_000_00), st.integers(2, 84), st.integers(0, 400)
DAYS = st.integers(0, 3_000)


def agreement(credit: int, number: int, charge: int) -> Schedule:
    instalment = credit * (1000 + charge) // (1000 * number) + 1
    return build(printed(credit, number, instalment, drawdown_date=date(2024, 1, 31)))


@settings(max_examples=50)
@given(CREDITS, TERMS, CHARGES, DAYS, st.sampled_from(Deferral), st.integers(0, 400))
def test_a_quote_never_asks_more_than_everything_nor_saves_less_than_either_rebate(
    credit: int, number: int, charge: int, day: int, deferral: Deferral, tenths: int
):
    schedule = agreement(credit, number, charge)
    received_on = date.fromordinal(schedule.drawdown_date.toordinal() + day)
    figure = settlement.quote(
        schedule=schedule, apr_percent=Decimal(tenths) / 10, received_on=received_on, deferral=deferral
    )
    to_come = figure.payments_due_after_settlement_date + figure.instalments_falling_due_before_settlement_date
    assert figure.rebate == max(figure.rebate_rounded_rate, figure.rebate_exact_rate)
    assert 0 <= figure.rebate <= figure.payments_due_after_settlement_date
    assert figure.amount_to_settle == to_come - figure.rebate == sum(line.amount for line in figure.lines)
    assert 0 <= (figure.settlement_date - figure.good_until).days <= 31


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-early-settlement.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    figure = settlement.quote(
        schedule=build(vectors.terms(request_)),
        apr_percent=Decimal(request_["apr_percent"]),
        received_on=date.fromisoformat(request_["notice_received"]),
        deferral=Deferral(request_["deferral"]),
        unpaid=vectors.pence(request_.get("arrears", "0")),
        default_sums=vectors.pence(request_.get("default_sums", "0")),
    )
    assert answer == {
        "good_until": figure.good_until.isoformat(),
        "settlement_date": figure.settlement_date.isoformat(),
        "whole_months": figure.whole_months,
        "part_month": f"{figure.part_month.numerator}/{figure.part_month.denominator}",
        "payments_due_after_settlement_date": vectors.pounds(figure.payments_due_after_settlement_date),
        "rebate": vectors.pounds(figure.rebate),
        "rebate_rounded_rate": vectors.pounds(figure.rebate_rounded_rate),
        "rebate_exact_rate": vectors.pounds(figure.rebate_exact_rate),
        "instalments_falling_due_before_settlement_date": vectors.pounds(
            figure.instalments_falling_due_before_settlement_date
        ),
        "amount_to_settle": vectors.pounds(figure.amount_to_settle),
    }


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("published-early-settlement.json"))
def test_published_cases(request_: dict[str, Any], answer: dict[str, Any]):
    time = request_["settlement_time"]
    found = undated_rebate(
        amount_of_credit=vectors.pence(request_["amount_of_credit"]),
        instalment=vectors.pence(request_["instalment"]),
        number_of_instalments=request_["number_of_instalments"],
        apr_percent=Decimal(request_["apr_percent"]),
        whole_months=time["whole_months"],
        part_month=Fraction(time["part_month"]),
    )
    assert vectors.pounds(found.rounded_rate.rebate) == answer["rebate_rounded_rate"]
