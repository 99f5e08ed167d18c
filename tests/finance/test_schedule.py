"""Schedules: each convention in figures that can be checked by hand, then the worked cases of domain.md 2.4."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from milepost.finance import apr
from milepost.finance.key_figures import key_figures
from milepost.finance.money import FinanceError, round_half_up
from milepost.finance.schedule import Schedule, build, implied_rate
from milepost.finance.terms import Balloon, Fee, FeeKind, OddFirstPeriod, Terms, Timing
from tests.finance import vectors
from tests.finance.agreements import ACCEPTANCE_FEE, OPTION_FEE, family_car, printed, priya, rated


def rows(schedule: Schedule) -> list[tuple[int, int, int, int, int]]:
    """(payment, interest, principal, fee, balance after) of each row."""
    return [
        (schedule.payment(row), schedule.interest[row], schedule.principal[row], schedule.fees[row], balance)
        for row, balance in enumerate(schedule.balances())
    ]


def test_one_percent_a_month_by_hand():
    # 1,000.00 at 12 % nominal over 3: 340.022 -> 340.02; 10.00, 6.70, 3.37 of interest.
    assert rows(build(rated(1_000_00, 3, "NOMINAL", "12"))) == [
        (340_02, 10_00, 330_02, 0, 669_98),
        (340_02, 6_70, 333_32, 0, 336_66),
        (340_03, 3_37, 336_66, 0, 0),
    ]


def test_the_balloon_keeps_its_pence_and_the_last_instalment_gives_way():
    # 1,000.00 at 1 % a month, two instalments, then 500.00 in month 3: 500 / 1.01 = 495.05 of it is principal.
    schedule = build(rated(1_000_00, 2, "NOMINAL", "12", balloon=Balloon(500_00, 3)))
    assert rows(schedule) == [
        (261_22, 10_00, 251_22, 0, 748_78),
        (261_22, 7_49, 253_73, 0, 495_05),
        (500_00, 4_95, 495_05, 0, 0),
    ]


def test_a_balloon_on_the_day_of_the_last_instalment_shares_its_row():
    schedule = build(rated(1_000_00, 2, "NOMINAL", "12", balloon=Balloon(500_00, 2)))
    assert [schedule.payment(row) for row in range(2)] == [258_76, 758_75]
    assert schedule.payment(1) - 500_00 == 258_75  # the instalment alone
    assert schedule.balance_after(1) == 0


def test_a_flat_charge_is_fixed_and_split_at_the_rate_it_implies():
    # 1,000.00 at 6 % flat for 12 months: 60.00 of charge; 1,060 / 12 = 88.33, the last 88.37.
    schedule = build(rated(1_000_00, 12, "FLAT", "6"))
    assert [schedule.payment(row) for row in (0, 10, 11)] == [88_33, 88_33, 88_37]
    assert sum(schedule.interest) == 60_00
    assert schedule.interest[0] == 9_08  # Rule of 78 would say 9.23


def test_a_flat_charge_counts_a_month_for_every_instalment_and_none_for_a_later_balloon():
    schedule = build(rated(1_000_00, 11, "FLAT", "6", balloon=Balloon(300_00, 12)))
    assert sum(schedule.interest) == 55_00
    assert (schedule.payment(0), schedule.payment(11)) == (68_64, 300_00)


def test_printed_payments_stand_as_printed_and_their_interest_adds_up():
    schedule = build(printed(1_000_00, 3, 340_02, final_instalment=340_05))
    assert [schedule.payment(row) for row in range(3)] == [340_02, 340_02, 340_05]
    assert sum(schedule.interest) == 20_09
    assert schedule.balance_after(2) == 0


def test_advance_instalments_are_all_principal_on_the_drawdown_date():
    terms = rated(1_000_00, 3, "NOMINAL", "12", advance_instalments=1, drawdown_date=date(2025, 1, 31))
    schedule = build(terms)
    assert rows(schedule)[0] == (336_66, 0, 336_66, 0, 663_34)
    assert schedule.interest[1:] == (6_63, 3_33)
    assert [schedule.due(row) for row in range(3)] == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]


def test_a_rate_of_nought_divides_the_credit_alone():
    for terms in (rated(10_000_00, 36, "NOMINAL", "0"), rated(10_000_00, 36, "EFFECTIVE", "0")):
        schedule = build(terms)
        assert (schedule.payment(0), schedule.payment(35), sum(schedule.interest)) == (277_78, 277_70, 0)
    free = printed(9_600_00, 48, 200_00)
    assert set(build(free).interest) == {0}
    assert implied_rate(free, build(free)) == 0


def test_fees_stand_outside_the_balance():
    fees = (ACCEPTANCE_FEE, Fee(FeeKind.OTHER, 25_00, Timing.UPFRONT), Fee(FeeKind.OTHER, 3_00, 48), OPTION_FEE)
    plain, charged = build(family_car()), build(family_car(fees=fees))
    assert charged.interest == plain.interest
    assert (charged.fees[0], sum(charged.fees[1:47]), charged.fees[47]) == (150_00, 0, 13_00)
    assert charged.amount_due(0) == charged.payment(0) + 150_00 == charged.amounts_due()[0]
    assert charged.total() == plain.total() + 163_00  # the upfront fee is paid before the first row
    assert charged.total(1, 3) == 2 * 298_05


def test_half_a_penny_of_interest_goes_up_though_the_monthly_rate_never_ends():
    # 270.00 at 2.2 % / 12 = 0.18333... % a month is 49.5 pence exactly; a rate divided first falls short of it.
    assert build(rated(270_00, 2, "NOMINAL", "2.2")).interest[0] == 50


def test_priyas_agreement_as_printed_in_her_documents():
    terms = priya()
    schedule = build(terms)
    assert round(implied_rate(terms, schedule) * 100, 6) == Fraction("0.634524")
    assert schedule.balance_after(20) == 16_986_08
    assert (schedule.principal[20], schedule.interest[20]) == (253_91, 109_39)
    assert sum(schedule.interest) == 4_930_10
    assert sum(schedule.interest[:11]) == 1_455_61
    assert schedule.balance_after(10) == 19_454_31
    assert (schedule.due(0), schedule.due(47)) == (date(2025, 3, 14), date(2029, 2, 14))
    assert schedule.rows_due_by(date(2026, 11, 22)) == 21


def test_due_dates_and_the_rows_they_count():
    schedule = build(family_car())
    assert schedule.rows_due_by(date(2024, 6, 10)) == 0
    assert schedule.rows_due_by(date(2024, 7, 9)) == 0
    assert schedule.rows_due_by(date(2024, 7, 10)) == 1
    assert schedule.rows_due_by(date(2099, 1, 1)) == len(schedule) == 48
    assert schedule.balance_after(-1) == schedule.opening == 12_000_00


def test_terms_without_dates_have_no_due_dates():
    schedule = build(printed(12_000_00, 48, 298_05))
    with pytest.raises(FinanceError, match="the agreement has no dates"):
        schedule.due(0)


def test_a_schedule_is_rebuilt_from_what_is_stored():
    schedule = build(priya())
    stored: dict[str, Any] = {
        "drawdown_date": schedule.drawdown_date,
        "first_due": schedule.first_due,
        "due_day": schedule.due_day,
        "advance": schedule.advance,
        "principal": list(schedule.principal),
        "interest": list(schedule.interest),
        "fees": list(schedule.fees),
    }
    assert Schedule.from_arrays(**stored) == schedule
    with pytest.raises(FinanceError, match="as many rows"):
        Schedule.from_arrays(**{**stored, "fees": [0]})
    with pytest.raises(FinanceError, match="as many rows"):
        Schedule.from_arrays(**{**stored, "principal": [], "interest": [], "fees": []})


COMPOUND, SIMPLE, EQUAL = OddFirstPeriod.COMPOUND, OddFirstPeriod.SIMPLE, OddFirstPeriod.EQUAL


def late(convention: str, percent: str, odd: OddFirstPeriod, first_due: date = date(2025, 3, 1)) -> Schedule:
    return build(
        rated(
            9_000_00, 36, convention, percent,
            drawdown_date=date(2025, 1, 17), first_due_date=first_due, odd_first_period=odd,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "instalment", "last", "interest", "first_interest"),
    [
        (late("EFFECTIVE", "10.9", COMPOUND), 293_30, 293_28, 1_558_78, 116_50),
        (late("NOMINAL", "10.35", SIMPLE), 293_12, 292_98, 1_552_18, 115_91),
        # 9,000 x 10.35 % / 12 is 77.625, a tie that binary arithmetic rounds down.
        (late("NOMINAL", "10.35", EQUAL), 291_89, 291_73, 1_507_88, 77_63),
        # 16 days short of a month: 9,000 x (10.35 % / 12 - 10.35 % x 16/365).
        (late("NOMINAL", "10.35", SIMPLE, date(2025, 2, 1)), 290_57, 290_68, 1_460_63, 36_79),
    ],
)
def test_odd_first_periods(schedule: Schedule, instalment: int, last: int, interest: int, first_interest: int):
    assert (schedule.payment(0), schedule.payment(35)) == (instalment, last)
    assert (sum(schedule.interest), schedule.interest[0]) == (interest, first_interest)


@pytest.mark.parametrize("odd", [COMPOUND, SIMPLE])
@pytest.mark.parametrize("first_due", [date(2025, 2, 1), date(2025, 3, 1), date(2025, 4, 20)])
def test_printed_payments_with_an_odd_first_period_imply_a_rate_that_repays_them(odd: OddFirstPeriod, first_due: date):
    terms = printed(
        9_000_00, 36, 300_00, drawdown_date=date(2025, 1, 17), first_due_date=first_due, odd_first_period=odd
    )
    schedule = build(terms)
    equal = build(printed(9_000_00, 36, 300_00))
    assert sum(schedule.interest) == 36 * 300_00 - 9_000_00
    longer = first_due > date(2025, 2, 17)
    assert (schedule.interest[0] > equal.interest[0]) == longer
    assert (implied_rate(terms, schedule) < implied_rate(printed(9_000_00, 36, 300_00), equal)) == longer
    assert schedule.balance_after(35) == 0


@pytest.mark.parametrize("instalment", [14, 33, 90])
def test_absurd_rates_over_fifty_years_stay_exact(instalment: int):
    # 14 % to 90 % a month: counted from the start, the balance would outgrow any number of digits.
    schedule = build(printed(1_00, 600, instalment))
    assert (sum(schedule.principal), schedule.balance_after(599)) == (1_00, 0)
    assert 0 < min(schedule.interest) < max(schedule.interest) == instalment


def test_the_key_figures_of_an_agreement():
    terms = family_car(
        fees=(ACCEPTANCE_FEE, Fee(FeeKind.OTHER, 25_00, Timing.UPFRONT), OPTION_FEE),
        deposit=1_000_00,
        part_exchange=500_00,
    )
    found = key_figures(terms, build(terms))
    assert (found.instalment, found.final_instalment, found.balloon) == (298_05, 298_05, None)
    assert (found.total_interest, found.total_of_payments) == (2_306_40, 14_466_40 + 25_00)
    assert found.total_amount_payable == 14_491_40 + 1_500_00
    shared = rated(1_000_00, 1, "NOMINAL", "12", balloon=Balloon(500_00, 1))
    alone = key_figures(shared, build(shared))
    assert (alone.instalment, alone.final_instalment, alone.balloon) == (510_00, 510_00, 500_00)


REFUSED: list[tuple[Terms, str, str]] = [
    (printed(12_000_00, 48, 249_99), "too_small", "instalment"),
    (printed(12_000_00, 48, 0), "too_small", "instalment"),
    (printed(1_00, 48, 10_000_00), "too_large", "instalment"),
    (printed(12_000_00, 48, 300_00, final_instalment=0), "too_small", "instalment"),
    (printed(12_000_00, 12, 4_000_00, advance_instalments=3), "too_large", "instalment"),
    (printed(12_000_00, 12, 10_00, final_instalment=20_000_00), "negative_amortisation", "instalment"),
    (rated(1_00, 600, "NOMINAL", "5"), "too_small", "number_of_instalments"),
    (rated(10_00, 600, "NOMINAL", "0"), "too_small", "number_of_instalments"),
    (rated(1_00, 12, "FLAT", "10000"), "too_large", "instalment"),
    (rated(20_000_000_00, 1, "NOMINAL", "9000"), "too_large", "number_of_instalments"),
]


@pytest.mark.parametrize(("terms", "code", "field"), REFUSED)
def test_what_cannot_be_scheduled_is_refused_by_field(terms: Terms, code: str, field: str):
    with pytest.raises(FinanceError) as refused:
        build(terms)
    assert (refused.value.code, refused.value.field) == (code, field)


WORKED = {
    "hp-48-apr-derived-9.9": (rated(12_000_00, 48, "EFFECTIVE", "9.9"), 301_35, 301_22, 2_464_67),
    "hp-48-nominal-8.9": (rated(12_000_00, 48, "NOMINAL", "8.9"), 298_05, 298_11, 2_306_46),
    "hp-36-flat-5.5": (rated(10_000_00, 36, "FLAT", "5.5"), 323_61, 323_65, 1_650_00),
    "hp-60-flat-6.25": (rated(8_750_00, 60, "FLAT", "6.25"), 191_41, 191_19, 2_734_38),
    "pcp-gmfv-with-48th": (
        rated(21_000_00, 48, "EFFECTIVE", "8.9", balloon=Balloon(9_800_00, 48)), 346_24, 10_145_98, 5_419_26,
    ),
    "pcp-gmfv-at-49": (
        rated(21_000_00, 48, "EFFECTIVE", "8.9", balloon=Balloon(9_800_00, 49)), 347_45, 9_800_00, 5_477_82,
    ),
    "fixed-pcp-mokka-136": (
        printed(20_913_24, 47, 299_00, balloon=Balloon(11_205_00, 48)), 299_00, 11_205_00, 4_344_76,
    ),
    "fixed-hp-ours": (family_car(), 298_05, 298_05, 2_306_40),
    "lease-purchase-3-33": (
        rated(15_000_00, 36, "EFFECTIVE", "11.9", advance_instalments=3), 479_95, 480_10, 2_278_35,
    ),
    "loan-60-apr-6.9": (rated(7_500_00, 60, "EFFECTIVE", "6.9"), 147_42, 147_26, 1_345_04),
}  # fmt: skip


@pytest.mark.parametrize(("terms", "first", "last", "interest"), WORKED.values(), ids=WORKED)
def test_the_worked_schedules_of_the_design(terms: Terms, first: int, last: int, interest: int):
    schedule = build(terms)
    assert (schedule.payment(0), schedule.payment(len(schedule) - 1), sum(schedule.interest)) == (first, last, interest)


@pytest.mark.parametrize(
    ("request_", "answer"),
    vectors.cases("computed-schedules.json") + vectors.cases("computed-contract-fixed-allocation.json"),
)
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    terms = vectors.terms(request_)
    schedule = build(terms)
    found = key_figures(terms, schedule)
    figures = {
        "instalment": vectors.pounds(found.instalment),
        "final_instalment": vectors.pounds(found.final_instalment),
        "balloon": None if found.balloon is None else vectors.pounds(found.balloon),
        "total_interest": vectors.pounds(found.total_interest),
        "total_of_payments": vectors.pounds(found.total_of_payments),
        "total_amount_payable": vectors.pounds(found.total_amount_payable),
        "implied_monthly_rate_percent_10dp": str(
            Decimal(round_half_up(found.implied_monthly_rate * 10**12)).scaleb(-10)
        ),
        "apr_percent": str(apr.rounded(found.apr_percent)),
        "apr_percent_6dp": str(apr.rounded(found.apr_percent, 6)),
    }
    assert figures == {**figures, **{key: value for key, value in answer.items() if key in figures}}
    for row in answer.get("rows", []):
        place = row["number"] - 1
        got = dict(
            zip(
                ("payment", "interest", "principal", "fee", "balance"),
                map(vectors.pounds, rows(schedule)[place]),
                strict=True,
            )
        )
        assert got == {**got, **{key: value for key, value in row.items() if key != "number"}}


def test_after_a_long_first_period_the_first_payment_need_not_cover_its_interest():
    terms = rated(7_500_00, 60, "EFFECTIVE", "19.9", drawdown_date=date(2026, 1, 5), first_due_date=date(2026, 4, 5))
    schedule = build(replace(terms, odd_first_period=COMPOUND))
    assert (schedule.payment(0), schedule.interest[0], schedule.principal[0]) == (197_51, 348_13, -150_62)
    assert schedule.balance_after(59) == 0


@pytest.mark.parametrize(("credit", "number", "percent"), [(500_00, 120, "99"), (12_000_00, 600, "49.9")])
def test_an_instalment_that_hardly_pays_off_anything_is_refused(credit: int, number: int, percent: str):
    with pytest.raises(FinanceError, match="hardly pay off anything") as refused:
        build(rated(credit, number, "NOMINAL", percent))
    assert refused.value.field == "number_of_instalments"
