"""The APR: published examples, flows by hand, time by date, and what has no answer."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from milepost.finance import apr
from milepost.finance.apr import Flow
from milepost.finance.money import FinanceError
from milepost.finance.periods import YEARS, Period
from milepost.finance.schedule import build
from milepost.finance.terms import Balloon, Fee, FeeKind, OddFirstPeriod, Timing
from tests.finance import vectors
from tests.finance.agreements import ACCEPTANCE_FEE, OPTION_FEE, family_car, printed, priya, rated

MONTH = Fraction(1, 12)
LENT = [Flow(1_000_00)]


def percent(advances: list[Flow], payments: list[Flow], places: int = 6) -> str:
    return str(apr.rounded(apr.apr(advances, payments), places))


@pytest.mark.parametrize(
    ("payments", "rate"),
    [
        ([Flow(1_200_00, Fraction(546, 365))], "12.962038"),  # Directive 98/7/EC, printed 12.96
        ([Flow(600_00, Fraction(1), 2, Fraction(1))], "13.066239"),  # printed 13.07
        ([Flow(1_100_00, Fraction(1))], "10.000000"),
        ([Flow(1_000_00, Fraction(3))], "0.000000"),
        ([Flow(900_00, Fraction(1))], "-10.000000"),
        ([Flow(2_000_00, Fraction(1, 365))], None),
        ([Flow(121_00, Fraction(0)), Flow(1_000_00, Fraction(1))], "13.765643"),  # a charge at the drawdown
        ([Flow(100_00, Fraction(-1)), Flow(1_000_00, Fraction(1))], "12.702"),  # and one a year before it
    ],
)
def test_flows_that_a_hand_can_check(payments: list[Flow], rate: str | None):
    if rate is None:
        with pytest.raises(FinanceError, match="no rate"):
            apr.apr(LENT, payments)
    else:
        assert percent(LENT, payments, len(rate.partition(".")[2])) == rate


def test_the_commissions_balloon_example():
    payments = [Flow(4_000_00), Flow(1_199_10, MONTH, 180), Flow(142_097_69, Fraction(15))]
    assert percent([Flow(200_000_00)], payments) == "6.409523"


def test_several_drawdowns():
    # 500 now and 500 in half a year, 1,100 after a year: 500 (1+X) + 500 (1+X)^0.5 = 1,100.
    assert percent([Flow(500_00), Flow(500_00, Fraction(1, 2))], [Flow(1_100_00, Fraction(1))]) == "13.475242"


def test_of_two_positive_roots_the_one_nearest_nought_counts():
    # -1000 + 2500 v - 1540 v^2 is nought at v = 1/1.1 and v = 1/1.4.
    assert percent([Flow(1_000_00), Flow(1_540_00, Fraction(2))], [Flow(2_500_00, Fraction(1))], 3) == "10.000"


def test_a_later_drawdown_can_send_newtons_method_astray():
    # 1.9697 now and 1 in two years against 3 in one: a curve that bends the other way close to a bound of the search.
    root = apr.apr([Flow(196_97), Flow(100_00, Fraction(2))], [Flow(300_00, Fraction(1))]) / 100
    assert abs(196_97 + 100_00 / (1 + root) ** 2 - 300_00 / (1 + root)) < Decimal("1e-12")


def test_what_is_printed_comes_from_the_unrounded_root():
    # 11.749981: through two decimals it would become 11.75 and print as 11.8.
    root = apr.apr([Flow(10_000_00)], [Flow(328_15, MONTH, 36)])
    assert (str(apr.rounded(root, 6)), str(apr.rounded(root))) == ("11.749981", "11.7")
    assert str(apr.rounded(Decimal("11.75"))) == "11.8"
    assert str(apr.rounded(Decimal("-0.01"))) == "0.0"


@pytest.mark.parametrize(
    ("advances", "payments", "code", "field"),
    [
        ([], LENT, "missing", "advances"),
        (LENT, [], "missing", "payments"),
        (LENT, [Flow(0, MONTH)], "missing", "payments"),
        (LENT, [Flow(-1, MONTH)], "negative", "payments"),
        (LENT, [Flow(1, MONTH, 0)], "negative", "payments"),
        (LENT, [Flow(1, MONTH, 2_001)], "too_many", "payments"),
        (LENT, [Flow(1_00, Fraction(1_001))], "out_of_range", "payments"),
        (LENT, [Flow(1_00, Fraction(1), 2_000, Fraction(1))], "out_of_range", "payments"),
        (LENT, [Flow(1_00, Fraction(1, 10**6 + 3)), Flow(1_00, Fraction(1, 10**6 + 7))], "out_of_range", "payments"),
        (LENT, [Flow(5_00)], "no_rate", "payments"),
    ],
)
def test_flows_without_an_answer_are_refused(advances: list[Flow], payments: list[Flow], code: str, field: str):
    with pytest.raises(FinanceError) as refused:
        apr.apr(advances, payments)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_fees_are_part_of_the_charge():
    charged = build(family_car(fees=(ACCEPTANCE_FEE, OPTION_FEE)))
    assert str(apr.rounded(apr.of_schedule(charged), 6)) == "10.017775"
    assert str(apr.rounded(apr.of_schedule(build(family_car())), 6)) == "9.271976"
    upfront = family_car(fees=(Fee(FeeKind.ACCEPTANCE, 150_00, Timing.UPFRONT), OPTION_FEE))
    assert apr.of_schedule(build(upfront), upfront.upfront_fees) > apr.of_schedule(charged)


def test_priyas_printed_apr():
    assert str(apr.rounded(apr.of_schedule(build(priya())))) == "7.9"


def test_the_month_of_a_balloon_decides_the_rate():
    # MG: 48 of 221.40, then 4,296.59: 12.9 as printed when that comes a month later, 13.0 with the last instalment.
    later = printed(10_995_00, 48, 221_40, balloon=Balloon(4_296_59, 49))
    shared = printed(10_995_00, 48, 221_40, balloon=Balloon(4_296_59, 48))
    assert [str(apr.rounded(apr.of_schedule(build(terms)))) for terms in (later, shared)] == ["12.9", "13.0"]


def test_advance_instalments_are_paid_at_nought():
    schedule = build(rated(15_000_00, 36, "EFFECTIVE", "11.9", advance_instalments=3))
    assert str(apr.rounded(apr.of_schedule(schedule), 6)) == "11.900008"


def test_an_odd_first_period_is_measured_as_the_law_says():
    terms = rated(
        9_000_00, 36, "EFFECTIVE", "10.9",
        drawdown_date=date(2025, 1, 17), first_due_date=date(2025, 3, 1), odd_first_period=OddFirstPeriod.COMPOUND,
    )  # fmt: skip
    assert str(apr.rounded(apr.of_schedule(build(terms)), 6)) == "10.900152"


def test_month_ends_are_equal_months_apart():
    month_end = printed(8_200_00, 36, 265_00, drawdown_date=date(2024, 1, 31))
    assert apr.of_schedule(build(month_end)) == pytest.approx(apr.of_schedule(build(printed(8_200_00, 36, 265_00))))


def test_dated_flows_follow_one_another_a_period_apart():
    lent, repaid = apr.dated_flows(
        [(9_000_00, date(2025, 1, 17)), (1_000_00, date(2025, 2, 17))],
        Period.MONTH,
        date(2025, 3, 1),
        [(50_00, 1), (300_00, 35)],
    )
    first = MONTH + Fraction(15, 366)
    assert lent == [Flow(9_000_00), Flow(1_000_00, MONTH)]
    assert repaid == [Flow(50_00, first), Flow(300_00, first + MONTH, 35)]


def test_a_payment_day_that_short_months_move_is_measured_by_its_own_date():
    _, repaid = apr.dated_flows([(8_000_00, date(2023, 12, 15))], Period.MONTH, date(2024, 2, 29), [(260_00, 36)])
    assert repaid[0].time == Fraction(2, 12) + Fraction(14, 365)
    assert repaid[12].time == Fraction(14, 12) + Fraction(13, 365)  # 28 February 2025
    _, yearly = apr.dated_flows([(8_000_00, date(2023, 12, 15))], Period.YEAR, date(2024, 2, 29), [(260_00, 2)])
    assert yearly[1].time == Fraction(1) + Fraction(75, 365)


def test_weeks_are_fifty_two_to_the_year():
    _, repaid = apr.dated_flows([(2_000_00, date(2026, 1, 5))], Period.WEEK, date(2026, 1, 12), [(45_00, 52)])
    assert repaid == [Flow(45_00, Fraction(1, 52), 52, YEARS[Period.WEEK])]


@pytest.mark.parametrize(
    ("advances", "payments", "code"), [([], [(1, 1)], "missing"), ([(1, date(2026, 1, 5))], [(1, 9**9)], "too_many")]
)
def test_dated_flows_that_cannot_be(advances: list[tuple[int, date]], payments: list[tuple[int, int]], code: str):
    with pytest.raises(FinanceError) as refused:
        apr.dated_flows(advances, Period.MONTH, date(2026, 1, 31), payments)
    assert refused.value.code == code


def test_what_may_be_printed():
    assert apr.permitted(Decimal("9.9"), date(2026, 11, 22)) == (Decimal("9.8"), Decimal("10.9"))


@given(st.integers(100_00, 50_000_00), st.integers(1, 84), st.integers(1, 30))
def test_the_apr_of_a_level_loan_grows_with_its_payment(credit: int, number: int, extra: int):
    payment = credit // number + 1
    low, high = (apr.apr([Flow(credit)], [Flow(payment + more, MONTH, number)]) for more in (0, extra))
    assert 0 <= low < high


PUBLISHED = (
    "published-apr-ec-2015.json",
    "published-apr-directive-98-7.json",
    "published-representative-examples.json",
)


@pytest.mark.parametrize(
    ("request_", "answer"), [case for file in (*PUBLISHED, "computed-apr.json") for case in vectors.cases(file, "apr")]
)
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    if "period" in request_:
        lent, repaid = apr.dated_flows(
            [(vectors.pence(row["amount"]), date.fromisoformat(row["date"])) for row in request_["advances"]],
            Period(request_["period"]),
            date.fromisoformat(request_["first_payment_date"]),
            [(vectors.pence(row["amount"]), row["count"]) for row in request_["payments"]],
        )
        assert str(repaid[0].time) == answer["first_payment_time"]
    else:
        lent = [Flow(vectors.pence(row["amount"]), Fraction(row["time"])) for row in request_["advances"]]
        repaid = [
            Flow(
                vectors.pence(row["amount"]), Fraction(row["first_time"]), row["count"], Fraction(row.get("step", "0"))
            )
            for row in request_["payments"]
        ]
    root = apr.apr(lent, repaid)
    assert str(apr.rounded(root)) == answer["apr_percent"]
    assert str(apr.rounded(root, 6)) == answer.get("apr_percent_6dp", str(apr.rounded(root, 6)))


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-apr.json", "apr-tolerance"))
def test_worked_tolerances(request_: dict[str, Any], answer: dict[str, Any]):
    lowest, highest = apr.permitted(Decimal(request_["apr_percent"]), date(2026, 11, 22))
    assert {"lowest_permitted": str(lowest), "highest_permitted": str(highest)} == answer


@pytest.mark.parametrize(
    ("advances", "payments", "expected"),
    [
        # (1.13 - x)(1.20 - x)(2 - x), and pairs of roots that lie close together: the one nearest nought counts.
        ([(100_00, 0), (601_60, 2)], [(433_00, 1), (271_20, 3)], "13.000000"),
        ([(100_00, 0), (135_60, 2)], [(233_00, 1)], "13.000000"),
        ([(10_000_00, 0), (10_302_00, 2)], [(20_300_00, 1)], "1.000000"),
    ],
)
def test_of_several_roots_the_positive_one_nearest_nought_counts(
    advances: list[tuple[int, int]], payments: list[tuple[int, int]], expected: str
):
    lent, repaid = ([Flow(amount, Fraction(time)) for amount, time in flows] for flows in (advances, payments))
    assert percent(lent, repaid) == expected


def test_an_excess_that_turns_round_without_reaching_nought_has_no_root():
    with pytest.raises(FinanceError, match="no rate between"):
        apr.apr([Flow(100_00, Fraction(0)), Flow(140_00, Fraction(2))], [Flow(233_00, Fraction(1))])
