"""The project's own worked cases through the interface, each checked by a small reckoning of its own."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import accumulate
from typing import Any

import pytest

from milepost.finance.calculations import answer
from tests.finance.calculations.weights import TABLES

CENT = Decimal("0.01")
BANK_HOLIDAYS = {
    date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3),
    date(2027, 12, 27), date(2027, 12, 28), date(2028, 1, 3),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _digits() -> Iterator[None]:
    with localcontext() as context:
        context.prec = 40
        yield


def pence(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def asked(kind: str, request: dict[str, Any]) -> dict[str, Any]:
    told = answer(kind, request, TABLES)
    assert "error" not in told, told
    return told


def present_value(flows: list[tuple[Decimal, Decimal]], rate: Decimal) -> Decimal:
    return sum((amount / (1 + rate) ** time for amount, time in flows), Decimal(0))


def by_bisection(credit: Decimal, flows: list[tuple[Decimal, Decimal]]) -> Decimal:
    """The yearly rate in percent, to six decimals, by halving; times in years."""
    low, high = Decimal("-0.9"), Decimal(50)
    for _ in range(90):
        middle = (low + high) / 2
        low, high = (middle, high) if present_value(flows, middle) > credit else (low, middle)
    return (100 * low).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def by_rows(told: dict[str, Any]) -> list[tuple[Decimal, Decimal]]:
    return [
        (Decimal(row["payment"]) + Decimal(row["fee"]), Decimal(number) / 12)
        for number, row in enumerate(told["rows"], 1)
    ]


@pytest.mark.parametrize(
    ("convention", "percent"),
    [("NOMINAL", "7.35"), ("EFFECTIVE", "7.35"), ("FLAT", "4.1"), ("NOMINAL", "0"), ("FLAT", "0")],
)
@pytest.mark.parametrize("balloon", [None, 24, 25])
def test_a_schedule_of_each_convention(convention: str, percent: str, balloon: int | None):
    request: dict[str, Any] = {
        "product": "CONDITIONAL_SALE",
        "amount_of_credit": "8123.45",
        "number_of_instalments": 24,
        "rate": {"convention": convention, "annual_percent": percent},
        "fees": [{"kind": "OTHER", "amount": "45.00", "with_instalment": 2}],
        "deposit": "600.00",
    }
    if balloon:
        request["balloon"] = {"amount": "2500.00", "month": balloon}
    told = asked("schedule", request)
    credit, final = Decimal("8123.45"), Decimal("2500.00") if balloon else Decimal(0)
    year = Decimal(percent) / 100
    if convention == "FLAT":
        charge = pence(credit * year * 24 / 12)
        assert told["total_interest"] == str(charge)
        assert told["instalment"] == str(pence((credit + charge - final) / 24))
    else:
        month = year / 12 if convention == "NOMINAL" else (1 + year) ** (Decimal(1) / 12) - 1
        annuity = sum((1 + month) ** -k for k in range(1, 25))
        level = pence((credit - final / (1 + month) ** (balloon or 0)) / annuity)
        assert told["instalment"] == str(level)
        balance = credit
        for row in told["rows"][:23]:
            interest = pence(balance * month)
            balance += interest - level
            assert (row["interest"], row["balance"]) == (str(interest), str(balance))
    assert told.get("balloon", "0") == (str(final) if balloon else "0")
    assert len(told["rows"]) == (25 if balloon == 25 else 24)
    if balloon == 25:
        assert told["rows"][-1]["payment"] == "2500.00"
    paid = sum(Decimal(row["payment"]) for row in told["rows"])
    assert Decimal(told["total_of_payments"]) == paid + 45 == credit + Decimal(told["total_interest"]) + 45
    assert Decimal(told["total_amount_payable"]) == paid + 645
    principals = accumulate(Decimal(row["principal"]) for row in told["rows"])
    assert [credit - repaid for repaid in principals] == [Decimal(row["balance"]) for row in told["rows"]]
    assert told["rows"][1]["fee"] == "45.00"
    assert abs(Decimal(told["apr_percent_6dp"]) - by_bisection(credit, by_rows(told))) <= Decimal("0.000001")


def test_fees_stand_where_they_fall_and_advance_instalments_on_the_drawdown_date():
    told = asked("schedule", {
        "product": "LEASE_PURCHASE", "amount_of_credit": "12000.00", "number_of_instalments": 24,
        "advance_instalments": 3, "rate": {"convention": "EFFECTIVE", "annual_percent": "9.9"},
        "drawdown_date": "2024-01-31", "balloon": {"amount": "3000.00", "month": 22},
        "fees": [
            {"kind": "ACCEPTANCE", "amount": "120.00", "with_instalment": "UPFRONT"},
            {"kind": "OTHER", "amount": "30.00", "with_instalment": 1},
            {"kind": "OPTION_TO_PURCHASE", "amount": "10.00", "with_instalment": "LAST"},
        ],
    })  # fmt: skip
    rows = told["rows"]
    assert len(rows) == 25
    assert [row["due_date"] for row in rows[:6]] == ["2024-01-31"] * 3 + ["2024-02-29", "2024-03-31", "2024-04-30"]
    assert [row["interest"] for row in rows[:3]] == ["0.00"] * 3
    assert (rows[0]["fee"], rows[23]["fee"], rows[24]["fee"]) == ("30.00", "0.00", "10.00")
    assert (rows[24]["payment"], rows[24]["due_date"]) == ("3000.00", "2025-11-30")
    listed = sum(Decimal(row["payment"]) + Decimal(row["fee"]) for row in rows)
    assert Decimal(told["total_of_payments"]) == listed + 120
    month = Decimal("1.099") ** (Decimal(1) / 12) - 1
    annuity = 3 + sum((1 + month) ** -k for k in range(1, 22))
    assert told["instalment"] == str(pence((12000 - 3000 / (1 + month) ** 22) / annuity))


def test_a_balance_rises_while_the_first_payment_is_waited_for():
    told = asked("schedule", {
        "product": "PERSONAL_LOAN", "amount_of_credit": "7500.00", "number_of_instalments": 60,
        "rate": {"convention": "EFFECTIVE", "annual_percent": "19.9"}, "drawdown_date": "2026-01-05",
        "first_due_date": "2026-04-05", "odd_first_period": "COMPOUND",
    })  # fmt: skip
    month = Decimal("1.199") ** (Decimal(1) / 12) - 1
    level = pence(7500 * (1 + month) ** 2 / sum((1 + month) ** -k for k in range(1, 61)))
    first = told["rows"][0]
    interest = pence(7500 * ((1 + month) ** 3 - 1))
    assert (told["instalment"], first["interest"]) == (str(level), str(interest))
    assert (first["principal"], first["balance"]) == (str(level - interest), str(7500 + interest - level))
    assert Decimal(first["principal"]) < 0
    assert all(Decimal(row["principal"]) > 0 for row in told["rows"][1:])
    assert told["rows"][-1]["balance"] == "0.00"
    assert abs(Decimal(told["implied_monthly_rate_percent_10dp"]) - 100 * month) < Decimal("0.001")


@pytest.mark.parametrize(
    ("first", "months", "days"),
    [
        ("2025-04-25", 1 + 12 * Decimal(15) / 365, 15),  # long: a month and fifteen days
        ("2025-03-20", 12 * Decimal(10) / 365, -18),  # short: 20 February is 18 days before the drawdown
    ],
)
@pytest.mark.parametrize("odd", ["COMPOUND", "SIMPLE", "EQUAL"])
def test_an_odd_first_period(odd: str, first: str, months: Decimal, days: int):
    told = asked("schedule", {
        "product": "HIRE_PURCHASE", "amount_of_credit": "9000.00", "number_of_instalments": 24,
        "rate": {"convention": "NOMINAL", "annual_percent": "9.6"}, "drawdown_date": "2025-03-10",
        "first_due_date": first, "odd_first_period": odd,
    })  # fmt: skip
    month = Decimal("0.008")
    waited = {
        "COMPOUND": (1 + month) ** months - 1,
        "SIMPLE": month + Decimal("0.096") * days / 365,
        "EQUAL": month,
    }[odd]
    growth = (1 + waited) / (1 + month)
    assert told["instalment"] == str(pence(9000 * growth / sum((1 + month) ** -k for k in range(1, 25))))
    assert told["rows"][0]["interest"] == str(pence(9000 * waited))
    assert told["rows"][1]["interest"] == str(pence(Decimal(told["rows"][0]["balance"]) * month))
    assert abs(Decimal(told["implied_monthly_rate_percent_10dp"]) - 100 * month) < Decimal("0.001")


@pytest.mark.parametrize("step", ["0", "0/5", "1/7", "999999999"])
def test_a_single_payment_needs_no_step_and_ignores_one(step: str):
    request: dict[str, Any] = {
        "advances": [{"amount": "100.00", "time": "0"}],
        "payments": [{"amount": "121.00", "count": 1, "first_time": "2"}],
    }
    told = asked("apr", request)
    assert told["apr_percent_6dp"] == "10.000000"
    request["payments"][0]["step"] = step
    assert asked("apr", request) == told


@pytest.mark.parametrize(
    ("period", "first", "time", "step"),
    [
        ("WEEK", "2024-01-10", (Decimal(1) / 52 + Decimal(2) / 365, "469/18980"), Decimal(1) / 52),
        ("WEEK", "2024-03-05", (Decimal(9) / 52 + Decimal(1) / 365, "3337/18980"), Decimal(1) / 52),
        ("YEAR", "2025-03-01", (1 + Decimal(60) / 366, "71/61"), Decimal(1)),
        ("DAY", "2024-01-31", (Decimal(30) / 365, "6/73"), Decimal(1) / 365),
    ],
)
def test_the_apr_in_other_periods(period: str, first: str, time: tuple[Decimal, str], step: Decimal):
    told = asked("apr", {
        "advances": [{"amount": "1000.00", "date": "2024-01-01"}], "period": period, "first_payment_date": first,
        "payments": [{"amount": "115.00", "count": 9}, {"amount": "60.00", "count": 1}],
    })  # fmt: skip
    assert told["first_payment_time"] == time[1]
    flows = [(Decimal(115), time[0] + k * step) for k in range(9)] + [(Decimal(60), time[0] + 9 * step)]
    high = by_bisection_wide(flows)
    assert told["apr_percent_6dp"] == str(high)


def by_bisection_wide(flows: list[tuple[Decimal, Decimal]]) -> Decimal:
    low, high = Decimal(-4), Decimal(14)  # ln(1 + rate)
    for _ in range(100):
        middle = (low + high) / 2
        worth = sum(amount * (-middle * time).exp() for amount, time in flows)
        low, high = (middle, high) if worth > 1000 else (low, middle)
    return (100 * (low.exp() - 1)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def test_several_advances_a_charge_before_them_and_a_rate_below_nought():
    told = asked("apr", {
        "advances": [{"amount": "5000.00", "time": "0"}, {"amount": "4000.00", "time": "1/4"}],
        "payments": [
            {"amount": "50.00", "count": 1, "first_time": "-1/12"},
            {"amount": "820.00", "count": 12, "first_time": "1/2", "step": "1/12"},
            {"amount": "0.00", "count": 3, "first_time": "1/2", "step": "1/12"},
        ],
    })  # fmt: skip
    rate = Decimal(told["apr_percent_6dp"]) / 100
    lent = present_value([(Decimal(5000), Decimal(0)), (Decimal(4000), Decimal("0.25"))], rate)
    flows = [(Decimal(50), -Decimal(1) / 12)] + [(Decimal(820), Decimal("0.5") + Decimal(k) / 12) for k in range(12)]
    assert abs(lent - present_value(flows, rate)) < Decimal("0.001")
    assert asked("apr", {
        "advances": [{"amount": "100.00", "time": "0"}],
        "payments": [{"amount": "50.00", "count": 1, "first_time": "1"}],
    })["apr_percent"] == "-50.0"  # fmt: skip


@pytest.mark.parametrize(("percent", "lowest", "highest"), [("10", "9.9", "11.0"), ("12.25", "12.15", "13.25")])
def test_the_tolerance(percent: str, lowest: str, highest: str):
    told = asked("apr-tolerance", {"apr_percent": percent})
    assert (told["lowest_permitted"], told["highest_permitted"]) == (lowest, highest)


AGREEMENT = {
    "product": "HIRE_PURCHASE", "amount_of_credit": "10000.00", "number_of_instalments": 36,
    "rate": {"convention": "CONTRACT"}, "instalment": "318.00", "drawdown_date": "2025-08-31",
    "apr_percent": "9.5", "notice_received": "2026-12-29",
}  # fmt: skip


@pytest.mark.parametrize(
    ("deferral", "settles", "months", "part"),
    [
        ("NONE", "2027-01-26", 16, Decimal(26) / 31),
        ("MONTH", "2027-02-26", 17, Decimal(26) / 28),
        ("DAYS_30", "2027-02-25", 17, Decimal(25) / 28),
    ],
)
def test_a_settlement_with_each_deferral(deferral: str, settles: str, months: int, part: Decimal):
    told = asked("settlement", AGREEMENT | {"deferral": deferral, "arrears": "318.00", "default_sums": "15.00"})
    assert (told["good_until"], told["settlement_date"], told["whole_months"]) == ("2027-01-26", settles, months)
    month = (Decimal("1.095") ** (Decimal(1) / 12) - 1).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    lent = pence(10000 * (1 + month) ** months)
    repaid = sum(pence(318 * (1 + month) ** (months - k)) for k in range(1, months + 1))
    after = 318 * (36 - months)
    assert told["payments_due_after_settlement_date"] == f"{after}.00"
    rounded = after - pence((lent - repaid) * (1 + month) ** part)
    assert told["rebate_rounded_rate"] == str(rounded)
    exact = Decimal("1.095") ** (Decimal(1) / 12) - 1
    owing = 10000 * (1 + exact) ** months - sum(318 * (1 + exact) ** (months - k) for k in range(1, months + 1))
    assert told["rebate_exact_rate"] == str(after - pence(owing * (1 + exact) ** part))
    assert Decimal(told["rebate"]) == max(Decimal(told["rebate_rounded_rate"]), Decimal(told["rebate_exact_rate"]))
    to_come = 318 * (months - 15)  # fifteen fell due before the notice
    assert told["instalments_falling_due_before_settlement_date"] == f"{to_come}.00"
    assert Decimal(told["amount_to_settle"]) == after + to_come - Decimal(told["rebate"]) + 318 + 15
    assert sum(Decimal(line["amount"]) for line in told["lines"]) == Decimal(told["amount_to_settle"])
    assert all(line["label"] and line["rule"] and line["source"] for line in told["lines"])
    deferral_rows = 0 if deferral == "NONE" else 2
    assert told["rule"].count("in force since 2005-05-31") == 1 + deferral_rows
    assert told["rule"].startswith("CC (Early Settlement) Regulations 2004 (SI 2004/1483) reg 5 (in force since")


def test_a_settlement_rule_names_what_was_used_and_none_without_dates():
    short = AGREEMENT | {"number_of_instalments": 12, "instalment": "880.00", "notice_received": "2026-01-10"}
    told = asked("settlement", short | {"deferral": "MONTH"})
    assert told["settlement_date"] == told["good_until"]
    assert "reg 6" not in told["rule"]
    undated = {
        "amount_of_credit": "6000.00", "instalment": "200.00", "number_of_instalments": 36, "apr_percent": "12.8",
        "settlement_time": {"whole_months": 14, "part_month": "0"},
    }  # fmt: skip
    assert "rule" not in asked("settlement", undated)


@pytest.mark.parametrize("convention", ["NOMINAL", "EFFECTIVE", "FLAT"])
def test_a_part_paid_early_keeping_the_term_or_the_instalment(convention: str):
    request = {
        "product": "PERSONAL_LOAN", "amount_of_credit": "6000.00", "number_of_instalments": 24,
        "rate": {"convention": convention, "annual_percent": "6.0"}, "instalments_paid": 10,
        "partial_payment": "1000.00",
    }  # fmt: skip
    whole = asked("schedule", {name: request[name] for name in list(request)[:4]})
    before = Decimal(whole["rows"][9]["balance"])
    month = {
        "NOMINAL": Decimal("0.005"),
        "EFFECTIVE": Decimal("1.06") ** (Decimal(1) / 12) - 1,
        "FLAT": Decimal(whole["implied_monthly_rate_percent_10dp"]) / 100,
    }[convention]
    interest_left = sum(Decimal(row["interest"]) for row in whole["rows"][10:])
    level = {
        "KEEP_TERM": pence((before - 1000) / sum((1 + month) ** -k for k in range(1, 15))),
        "KEEP_INSTALMENT": Decimal(whole["instalment"]),
    }
    for mode, instalment in level.items():
        told = asked("partial-settlement", request | {"mode": mode})
        balance, payments = before - 1000, list[Decimal]()
        while balance:
            due = balance + pence(balance * month)
            last = due <= instalment or len(payments) == 13
            payments.append(due if last else instalment)
            balance = due - payments[-1]
        assert (told["balance_before"], told["balance_after"]) == (str(before), str(before - 1000))
        assert (told["new_instalment"], told["final_instalment"]) == (str(instalment), str(payments[-1]))
        assert told["remaining_instalments"] == len(payments)
        assert told["remaining_total"] == str(sum(payments))
        assert Decimal(told["interest_saved"]) == interest_left - (sum(payments) - (before - 1000))


def test_early_payments_together_decide_whether_anything_may_be_claimed():
    request = {
        "payment": "6000.00", "other_payments_last_12_months": "2000.00", "more_than_one_year_left": False,
        "interest_avoided": "500.00",
    }  # fmt: skip
    assert asked("compensatory-amount", request)["maximum"] == "0.00"
    over = request | {"other_payments_last_12_months": "2000.01"}
    assert asked("compensatory-amount", over)["maximum"] == "30.00"


def test_ending_by_the_half_rule_with_an_installation_charge():
    told = asked("voluntary-termination", {
        "deposit": "500.00", "part_exchange": "250.00", "instalment": "200.00", "number_of_instalments": 30,
        "balloon": "3000.00", "other_sums": ["100.00", "10.00"], "instalments_paid": 12, "instalments_due_unpaid": 2,
        "other_sums_paid": "100.00", "damage_claim": "80.00", "installation_charge": "160.00",
    })  # fmt: skip
    total = Decimal("9860.00")
    assert told["total_amount_payable"] == str(total)
    assert told["half"] == str(160 + (total - 160) / 2)
    assert told["third"] == "3393.34"  # 160 and a third of 9,700, the penny upwards
    assert (told["paid"], told["sums_due_unpaid"], told["shortfall"]) == ("3250.00", "400.00", "1360.00")
    assert (told["amount_payable"], told["protected_goods"]) == ("1840.00", False)
    assert told["first_instalment_at_which_half_is_reached"] == 21  # 5,010 less 850, by 200
    rich = asked("voluntary-termination", {
        "deposit": "5000.00", "part_exchange": "0.00", "instalment": "1.00", "number_of_instalments": 10,
        "other_sums": [], "instalments_paid": 0, "instalments_due_unpaid": 0, "other_sums_paid": "0.00",
    })  # fmt: skip
    assert (rich["first_instalment_at_which_half_is_reached"], rich["amount_payable"]) == (0, "0.00")


def test_rentals_bear_vat_line_by_line():
    told = asked("hire", {
        "net_rental": "210.03", "initial_multiple": 3, "further_rentals": 11, "vat_percent": "17.5",
        "documentation_fee_net": "99.99",
    })  # fmt: skip
    vat = [pence(net * Decimal("0.175")) for net in (Decimal("630.09"), Decimal("210.03"), Decimal("99.99"))]
    assert [told[line]["vat"] for line in ("initial", "monthly", "documentation_fee")] == [str(part) for part in vat]
    assert Decimal(told["total_vat"]) == vat[0] + 11 * vat[1] + vat[2]
    assert Decimal(told["total_gross"]) == Decimal(told["total_net"]) + Decimal(told["total_vat"])


def test_default_interest_over_a_leap_day():
    told = asked("default-interest", {
        "principal": "512.34", "annual_percent": "11.9", "start_date": "2028-02-27", "end_date": "2028-03-03"
    })  # fmt: skip
    interest = pence(Decimal("512.34") * Decimal("0.119") * 5 / 365)
    assert (told["days"], told["interest"]) == (5, str(interest))


def test_a_payment_among_several_agreements_and_beyond_them():
    told = asked("appropriation", {"payment": "100.00", "due": {"A": "10.00", "B": "10.00", "C": "10.00"}})
    assert (told["allocated"], told["unallocated"]) == ({"A": "10.00", "B": "10.00", "C": "10.00"}, "70.00")
    told = asked("appropriation", {"payment": "10.00", "due": {"A": "10.00", "B": "10.00", "C": "10.00"}})
    assert told["allocated"] == {"A": "3.33", "B": "3.33", "C": "3.34"}


def counted(day: date, working_days: int) -> date:
    step = timedelta(days=1 if working_days > 0 else -1)
    while working_days:
        day += step
        if day.weekday() < 5 and day not in BANK_HOLIDAYS:
            working_days -= 1 if step.days > 0 else -1
    return day


@pytest.mark.parametrize(
    ("due", "collected"),
    [
        ("2027-03-25", "2027-03-25"),  # the Thursday before Good Friday
        ("2027-03-26", "2027-03-30"),
        ("2027-03-28", "2027-03-30"),
        ("2027-12-25", "2027-12-29"),
        ("2028-01-01", "2028-01-04"),
        ("2027-05-01", "2027-05-04"),
    ],
)
def test_direct_debits_around_holidays(due: str, collected: str):
    told = asked("direct-debit-dates", {"due_date": due})
    day = date.fromisoformat(collected)
    assert told["collection_date"] == collected
    for name, working_days in (
        ("processing_day", -1), ("input_day", -2), ("latest_advance_notice_date", -10), ("arudd_expected_by", 2),
    ):  # fmt: skip
        assert told[name] == counted(day, working_days).isoformat()


@pytest.mark.parametrize(
    ("clock", "fields", "expected"),
    [
        ("SETTLEMENT_STATEMENT", {"request_received": "2027-12-22"}, {"give_by": counted(date(2027, 12, 22), 7)}),
        (
            "PARTIAL_SETTLEMENT_STATEMENT", {"request_received": "2027-03-25"},
            {"give_by": counted(date(2027, 3, 25), 7)},
        ),
        ("INFORMATION_REQUEST", {"request_received": "2027-12-24"}, {"give_by": counted(date(2027, 12, 24), 12)}),
        (
            "COMPLAINT", {"received": "2026-12-31"},
            {"summary_resolution_by": counted(date(2026, 12, 31), 3), "final_response_by": date(2027, 2, 25)},
        ),
        (
            "SUBJECT_ACCESS", {"received": "2027-11-30"},
            {"respond_by": date(2027, 12, 30), "extended_by": date(2028, 2, 29)},
        ),
        ("OMBUDSMAN", {"final_response_sent": "2027-08-31"}, {"refer_by": date(2028, 2, 29)}),
        ("DEFAULT_SUM_NOTICE", {"default_sum_payable": "2027-12-01"}, {"notice_by": date(2028, 1, 5)}),
        ("DEFAULT_NOTICE", {"served": "2027-12-24"}, {"earliest_action": date(2028, 1, 7)}),
        ("WITHDRAWAL", {"agreement_made": "2027-12-20"}, {"last_day": date(2028, 1, 3)}),
        (
            "BREATHING_SPACE", {"registered": "2027-12-31", "notified": "2028-01-04"},
            {"moratorium_starts": date(2028, 1, 1), "ends_no_later_than": date(2028, 2, 29)},
        ),
        (
            "ANNUAL_STATEMENT", {"agreement_made": "2026-12-15", "period_end": "2027-12-14"},
            {"give_by": date(2028, 1, 13)},
        ),
    ],
)  # fmt: skip
def test_clocks_over_holidays_and_year_ends(clock: str, fields: dict[str, str], expected: dict[str, date]):
    told = asked("compliance-clock", {"clock": clock, **fields})
    assert {name: told[name] for name in expected} == {name: day.isoformat() for name, day in expected.items()}
    assert "in force since" in told["rule"]


def test_arrears_paid_every_week_are_counted_by_four():
    weeks = [(date(2026, 11, 2) + timedelta(weeks=week)).isoformat() for week in range(6)]
    request = {"clock": "ARREARS_NOTICE", "instalment": "60.00", "due_dates": weeks, "paid": []}
    assert asked("compliance-clock", request)["conditions_met"] == "2026-11-24"
    three = request | {"due_dates": weeks[:3]}
    none_met = asked("compliance-clock", three)
    assert none_met["conditions_met"] is None
    assert "s86B" in none_met["rule"]


def test_an_account_by_the_loaded_table():
    told = asked("bank-account", {"sort_code": "100500", "account_number": "00000018"})
    assert (told["valid"], told["verified"], told["weights_since"]) == (True, True, "2026-01-03")
    told = asked("bank-account", {"sort_code": "100500", "account_number": "00000012"})
    assert (told["valid"], told["verified"]) == (False, True)
