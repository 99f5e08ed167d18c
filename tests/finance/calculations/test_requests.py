"""What no request may hold: refused with a code, the field's path, and what to do."""

import copy
import time
from typing import Any, NoReturn

import pytest

from milepost.finance.calculations import KINDS, answer, kind, schedule
from milepost.finance.calculations.fields import Choice, Field, ListOf, MapOf, Object
from milepost.finance.money import FinanceError
from tests.finance.calculations.weights import TABLES

HP = kind("schedule").examples["Hire purchase at a nominal rate, with fees"]
PCP = kind("schedule").examples["A printed PCP, its final payment a month after the last instalment"]
TIMED = kind("apr").examples["At given times, with a final payment"]
DATED = kind("apr").examples["Dated, with a long first interval"]
SETTLED = kind("settlement").examples["A hire purchase, deferred by a month"]
UNDATED = kind("settlement").examples["Without dates"]
PART = kind("partial-settlement").examples["KEEP_TERM"]
ENDED = kind("voluntary-termination").examples["A PCP before the half"]
MILES = kind("end-of-term").examples["Driven further than allowed"]
HIRED = kind("hire").examples["Three months' rent, then 23 rentals"]
LATE = kind("default-interest").examples["A default sum within and beyond its 28 days"]
SPREAD = kind("allocation").examples["Fees last"]
ARREARS = kind("compliance-clock").examples["Two payments missed"]
DROP = object()


def changed(request: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy with one value changed, added or (DROP) left out; `path` as in an error."""
    found = copy.deepcopy(request)
    place: Any = found
    *steps, last = path.replace("[", ".[").split(".")
    for step in steps:
        place = place[int(step[1:-1])] if step.startswith("[") else place[step]
    key = int(last[1:-1]) if last.startswith("[") else last
    if value is DROP:
        del place[key]
    else:
        place[key] = value
    return found


def error(name: str, request: object) -> dict[str, str]:
    told = answer(name, request, TABLES)
    assert set(told) == {"error"}, told
    assert set(told["error"]) == {"code", "field", "message"}
    assert told["error"]["message"]
    found: dict[str, str] = told["error"]
    return found


@pytest.mark.parametrize(
    ("name", "request_", "path", "value", "code"),
    [
        # Fields.
        ("schedule", HP, "part_exchange", "1.00", "unknown_field"),
        ("schedule", HP, "rate.percent", "1.00", "unknown_field"),
        ("schedule", HP, "fees[0].with", 1, "unknown_field"),
        ("schedule", HP, "product", DROP, "missing"),
        ("schedule", HP, "fees[1].amount", DROP, "missing"),
        ("apr", TIMED, "payments[0].step", DROP, "missing"),
        ("apr", DATED, "first_payment_date", DROP, "missing"),
        ("settlement", SETTLED, "drawdown_date", DROP, "missing"),
        ("settlement", UNDATED, "settlement_time.part_month", DROP, "missing"),
        ("compliance-clock", ARREARS, "clock", DROP, "missing"),
        ("compliance-clock", ARREARS, "clock", "NOSIA", "unknown_choice"),
        ("compliance-clock", ARREARS, "clock", 5, "wrong_type"),
        # Money.
        ("schedule", HP, "amount_of_credit", 9000, "wrong_type"),
        ("schedule", HP, "amount_of_credit", 9000.5, "wrong_type"),
        ("schedule", HP, "amount_of_credit", True, "wrong_type"),
        ("schedule", HP, "amount_of_credit", None, "wrong_type"),
        ("schedule", HP, "amount_of_credit", "9000.005", "too_many_decimals"),
        ("schedule", HP, "amount_of_credit", "9000", "invalid"),
        ("schedule", HP, "amount_of_credit", "9000.5", "invalid"),
        ("schedule", HP, "amount_of_credit", "9,000.00", "invalid"),
        ("schedule", HP, "amount_of_credit", " 9000.00", "invalid"),
        ("schedule", HP, "amount_of_credit", "9000.00\n", "invalid"),
        ("schedule", HP, "amount_of_credit", "٩٠٠٠.٠٠", "invalid"),
        ("schedule", HP, "amount_of_credit", "+9000.00", "invalid"),
        ("schedule", HP, "amount_of_credit", "09000.00", "invalid"),
        ("schedule", HP, "amount_of_credit", "9e3", "invalid"),
        ("schedule", HP, "amount_of_credit", "", "invalid"),
        ("schedule", HP, "amount_of_credit", "-9000.00", "negative"),
        ("schedule", HP, "amount_of_credit", "NaN", "not_finite"),
        ("schedule", HP, "amount_of_credit", "-Infinity", "not_finite"),
        ("schedule", HP, "amount_of_credit", "10000000.00", "too_large"),
        ("schedule", HP, "amount_of_credit", "9" * 1_000, "too_large"),
        ("schedule", HP, "amount_of_credit", "0.00", "too_small"),
        ("schedule", HP, "fees[0].amount", "-1.00", "negative"),
        # Percentages and other decimals.
        ("schedule", HP, "rate.annual_percent", "1000000000", "too_large"),
        ("schedule", HP, "rate.annual_percent", "10000.01", "too_large"),
        ("schedule", HP, "rate.annual_percent", "-1", "negative"),
        ("schedule", HP, "rate.annual_percent", "inf", "not_finite"),
        ("schedule", HP, "rate.annual_percent", "8.12345678901", "too_many_decimals"),
        ("schedule", HP, "rate.annual_percent", "8,9", "invalid"),
        ("schedule", HP, "rate.annual_percent", 8.9, "wrong_type"),
        ("hire", HIRED, "vat_percent", "101", "too_large"),
        ("end-of-term", MILES, "pence_per_mile", "1000.1", "too_large"),
        # Counts.
        ("schedule", HP, "number_of_instalments", 0, "out_of_range"),
        ("schedule", HP, "number_of_instalments", 601, "out_of_range"),
        ("schedule", HP, "number_of_instalments", 10**4000, "out_of_range"),
        ("schedule", HP, "number_of_instalments", True, "wrong_type"),
        ("schedule", HP, "number_of_instalments", "6", "wrong_type"),
        ("schedule", HP, "number_of_instalments", 6.0, "wrong_type"),
        ("apr", TIMED, "payments[0].count", 2001, "out_of_range"),
        ("end-of-term", MILES, "odometer_delta", -1, "out_of_range"),
        # Dates.
        ("schedule", HP, "drawdown_date", "2026-02-30", "invalid_date"),
        ("schedule", HP, "drawdown_date", "2026-13-01", "invalid_date"),
        ("schedule", HP, "drawdown_date", "20260131", "invalid_date"),
        ("schedule", HP, "drawdown_date", "31/01/2026", "invalid_date"),
        ("schedule", HP, "drawdown_date", "2026-01-31T00:00:00", "invalid_date"),
        ("schedule", HP, "drawdown_date", "1899-12-31", "out_of_range"),
        ("schedule", HP, "drawdown_date", "9999-12-31", "out_of_range"),
        ("schedule", HP, "drawdown_date", 20260131, "wrong_type"),
        ("direct-debit-dates", {"due_date": "2026-04-03"}, "due_date", "2100-01-01", "out_of_range"),
        # Words, truths, lists, objects.
        ("schedule", HP, "product", "hire_purchase", "unknown_choice"),
        ("schedule", HP, "product", "PERSONAL_CONTRACT_HIRE", "unknown_choice"),
        ("schedule", HP, "fees[0].with_instalment", "FIRST", "unknown_choice"),
        ("schedule", HP, "fees[0].with_instalment", 0, "out_of_range"),
        ("schedule", HP, "fees[0].with_instalment", 7, "out_of_range"),
        ("schedule", HP, "fees", {}, "wrong_type"),
        ("schedule", HP, "fees", [HP["fees"][0]] * 21, "too_many"),
        ("schedule", HP, "rate", "8.9", "wrong_type"),
        ("apr", DATED, "period", "FORTNIGHT", "unknown_choice"),
        ("apr", DATED, "advances", [], "missing"),
        ("allocation", SPREAD, "owed", [], "wrong_type"),
        ("allocation", SPREAD, "owed", {str(n): "1.00" for n in range(101)}, "too_many"),
        ("allocation", SPREAD, "order[0]", "", "out_of_range"),
        ("allocation", SPREAD, "order[0]", "x" * 61, "out_of_range"),
        ("allocation", SPREAD, "order[0]", 1, "wrong_type"),
        ("appropriation", {"payment": "1.00", "due": {}}, "due", {}, "missing"),
        (
            "compensatory-amount",
            kind("compensatory-amount").examples["More than a year left"],
            "more_than_one_year_left",
            1,
            "wrong_type",
        ),
        # Times.
        ("apr", TIMED, "advances[0].time", "-1/12", "negative"),
        ("apr", TIMED, "advances[0].time", 0, "wrong_type"),
        ("apr", TIMED, "advances[0].time", "0.5", "invalid"),
        ("apr", TIMED, "advances[0].time", "1/0", "invalid"),
        ("apr", TIMED, "payments[0].step", "0", "too_small"),
        ("apr", TIMED, "payments[0].step", "0/5", "too_small"),
        ("apr", TIMED, "payments[0].step", "-1/12", "negative"),
        ("apr", TIMED, "payments[0].first_time", "x", "invalid"),
        ("settlement", UNDATED, "settlement_time.part_month", "31/31", "out_of_range"),
        # Digits.
        ("bank-account", {"sort_code": "", "account_number": "12345678"}, "sort_code", "08-99-99", "invalid"),
        ("bank-account", {"sort_code": "", "account_number": "12345678"}, "sort_code", 89999, "wrong_type"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be(name: str, request_: dict[str, Any], path: str, value: object, code: str):
    found = error(name, changed(request_, path, value))
    assert (found["code"], found["field"]) == (code, path)


@pytest.mark.parametrize(
    ("name", "request_", "changes", "code", "field"),
    [
        ("schedule", HP, {"rate": {"convention": "NOMINAL"}}, "missing", "rate.annual_percent"),
        ("schedule", PCP, {"instalment": DROP}, "missing", "instalment"),
        ("schedule", HP, {"instalment": "1.00"}, "not_allowed", "instalment"),
        ("schedule", PCP, {"instalment": "1.00"}, "too_small", "instalment"),
        ("schedule", PCP, {"instalment": "90.00", "final_instalment": "900.00"}, "negative_amortisation", "instalment"),
        ("schedule", HP, {"balloon": {"amount": "1.00", "month": 6}}, "not_allowed", "balloon"),
        ("schedule", PCP, {"balloon": DROP}, "missing", "balloon"),
        ("schedule", PCP, {"balloon": {"amount": "14000.01", "month": 5}}, "too_large", "balloon.amount"),
        ("schedule", PCP, {"balloon": {"amount": "100.00", "month": 6}}, "out_of_range", "balloon.month"),
        ("schedule", PCP, {"product": "PERSONAL_LOAN"}, "not_allowed", "balloon"),
        ("schedule", HP, {"product": "PERSONAL_LOAN"}, "not_allowed", "fees"),
        ("schedule", HP, {"first_due_date": "2026-01-31"}, "too_early", "first_due_date"),
        ("schedule", HP, {"fees[0].amount": "9000.00", "fees[0].with_instalment": "UPFRONT"}, "no_rate", "fees"),
        ("schedule", HP, {"fees[0].amount": "9999999.99"}, "no_rate", "fees"),
        ("schedule", HP, {"drawdown_date": DROP, "first_due_date": "2026-01-31"}, "missing", "drawdown_date"),
        ("schedule", HP, {"advance_instalments": 6}, "out_of_range", "advance_instalments"),
        ("apr", TIMED, {"payments": [{"amount": "0.00", "count": 1, "first_time": "1"}]}, "missing", "payments"),
        (
            "apr", TIMED, {"payments": [{"amount": "1.00", "count": 2000, "first_time": "1", "step": "1"}]},
            "out_of_range", "payments",
        ),
        ("apr", DATED, {"payments": [{"amount": "1.00", "count": 1001}] * 2}, "too_many", "payments"),
        ("apr", DATED, {"first_payment_date": "2026-01-11"}, "too_early", "first_payment_date"),
        (
            "apr", TIMED, {"payments": [{"amount": "9999999.99", "count": 1, "first_time": "1/9999"}]},
            "no_rate", "payments",
        ),
        ("settlement", SETTLED, {"notice_received": "2025-01-19"}, "too_early", "notice_received"),
        ("settlement", SETTLED, {"notice_received": "2150-01-19"}, "too_late", "notice_received"),
        ("settlement", SETTLED, {"arrears": "4275.01"}, "too_large", "arrears"),
        ("settlement", SETTLED, {"notice_received": "2025-01-20"}, "too_large", "arrears"),
        ("settlement", UNDATED, {"instalment": "1.00"}, "too_small", "instalment"),
        ("partial-settlement", PART, {"instalments_paid": 36}, "out_of_range", "instalments_paid"),
        ("partial-settlement", PART, {"partial_payment": "6247.36"}, "too_large", "partial_payment"),
        (
            "partial-settlement", PCP | {"instalments_paid": 2, "partial_payment": "50.00", "mode": "KEEP_INSTALMENT"},
            {}, "not_allowed", "mode",
        ),
        ("voluntary-termination", ENDED, {"instalments_paid": 37}, "out_of_range", "instalments_paid"),
        ("voluntary-termination", ENDED, {"instalments_due_unpaid": 19}, "out_of_range", "instalments_due_unpaid"),
        ("voluntary-termination", ENDED, {"installation_charge": "19350.01"}, "too_large", "installation_charge"),
        ("voluntary-termination", ENDED, {"other_sums_paid": "10.01"}, "too_large", "other_sums_paid"),
        ("voluntary-termination", ENDED, {"other_sums": [], "other_sums_paid": "0.01"}, "too_large", "other_sums_paid"),
        ("default-interest", LATE, {"end_date": "2026-02-02"}, "too_early", "end_date"),
        ("allocation", SPREAD, {"order": ["fees"]}, "missing", "order"),
        ("allocation", SPREAD, {"order": ["fees", "fees"]}, "repeated", "order"),
        ("compliance-clock", ARREARS, {"due_dates[1]": "2026-05-15"}, "repeated", "due_dates[1]"),
        (
            "compliance-clock",
            {"clock": "ANNUAL_STATEMENT", "agreement_made": "2026-01-02", "period_end": "2026-01-01"}, {},
            "too_early", "period_end",
        ),
        (
            "compliance-clock", {"clock": "BREATHING_SPACE", "registered": "2026-01-02", "notified": "2026-01-01"},
            {}, "too_early", "notified",
        ),
    ],
)  # fmt: skip
def test_figures_that_contradict_each_other(
    name: str, request_: dict[str, Any], changes: dict[str, Any], code: str, field: str
):
    request = copy.deepcopy(request_)
    for path, value in changes.items():
        request = changed(request, path, value)
    found = error(name, request)
    assert (found["code"], found["field"]) == (code, field)


def test_all_that_may_be_owed_or_paid_is_accepted():
    assert "error" not in answer("settlement", SETTLED | {"arrears": "4275.00"})  # fifteen instalments of 285.00
    assert "error" not in answer("voluntary-termination", ENDED | {"other_sums_paid": "10.00"})
    upfront = {"kind": "ACCEPTANCE", "amount": "99.00", "with_instalment": "UPFRONT"}
    on_the_day = SETTLED | {"fees": [upfront], "notice_received": "2025-01-20", "arrears": "99.00"}
    assert "error" not in answer("settlement", on_the_day)


def test_where_no_apr_exists_the_error_names_a_field_of_the_request(monkeypatch: pytest.MonkeyPatch):
    def none(*_: object) -> NoReturn:
        raise FinanceError("no_rate", "payments", "no rate")

    monkeypatch.setattr(schedule, "key_figures", none)
    assert error("schedule", HP)["field"] == "fees"
    assert error("schedule", changed(HP, "fees", DROP))["field"] == "rate"
    assert error("schedule", PCP)["field"] == "instalment"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("request_", [None, [], "x", 5, True, {}])
def test_what_is_no_request_at_all(name: str, request_: object):
    assert error(name, request_)["code"] in {"wrong_type", "missing"}


@pytest.mark.parametrize(
    "request_",
    [
        {"x" * 10_000_000: 1},
        HP | {"amount_of_credit": "9" * 10_000_000},
        HP | {"product": "x" * 10_000_000},
        HP | {"number_of_instalments": 10**4000},
        HP | {"fees": [HP["fees"][0]] * 100_000},
    ],
    ids=["key", "amount", "word", "number", "list"],
)
def test_enormous_values_are_refused_quickly_and_never_repeated(request_: dict[str, Any]):
    start = time.perf_counter()
    found = error("schedule", request_)
    assert time.perf_counter() - start < 0.5
    assert len(found["message"]) + len(found["field"]) < 600


def test_nesting_without_end_is_never_followed():
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert error("schedule", HP | {"rate": deep})["field"] == "rate"


def test_an_unknown_kind_is_the_callers_mistake():
    with pytest.raises(KeyError):
        answer("mortgage", {})


def test_bounds_are_told_in_the_schema():
    listed = Object({"one": Field(ListOf(Choice("A", "B"), least=1, most=2), "x", optional=True)})
    assert listed.schema()["properties"]["one"]["maxItems"] == 2
    assert listed.read({}) == {}
    assert MapOf(Choice("A"), most=1).read({"a": "A"}, "") == {"a": "A"}
    assert Choice("A").schema() == {"const": "A"}
