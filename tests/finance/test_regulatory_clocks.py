"""By when the law wants what: told as dates, then the worked cases."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from milepost.finance import regulatory_clocks as clocks
from milepost.finance.money import FinanceError
from tests.finance import vectors
from tests.finance.test_direct_debit_calendar import ENGLAND

DUES = [(date(2026, month, 10), 298_05) for month in (1, 2, 3, 4)]


def paid(*payments: tuple[int, int, int]) -> list[tuple[date, int]]:
    """(month, day, pence) of 2026."""
    return [(date(2026, month, day), amount) for month, day, amount in payments]


def test_two_missed_payments_start_the_arrears_clock_the_day_after_the_second():
    notice = clocks.arrears_notice(DUES, paid((1, 10, 298_05), (2, 10, 298_05)))
    assert notice is not None
    assert (notice.conditions_met, notice.give_notice_by) == (date(2026, 4, 11), date(2026, 4, 24))
    assert notice.next_notice_no_later_than == date(2026, 10, 24)
    assert "s86B" in notice.rule


def test_a_penny_decides():
    short = clocks.arrears_notice(DUES[:3], paid((1, 10, 298_05), (2, 10, 1)))
    assert short is None  # 596.09 of 596.10
    assert clocks.arrears_notice(DUES[:3], paid((1, 10, 298_05))) is not None


def test_a_payment_on_the_day_the_conditions_are_met_comes_too_late():
    late = clocks.arrears_notice(DUES, paid((1, 10, 298_05), (2, 10, 298_05), (4, 11, 298_05)))
    in_time = clocks.arrears_notice(DUES, paid((1, 10, 298_05), (2, 10, 298_05), (4, 10, 298_05)))
    assert late is not None
    assert in_time is None


def test_one_missed_payment_is_not_enough_nor_is_one_required():
    assert clocks.arrears_notice(DUES, paid((1, 10, 298_05), (2, 10, 298_05), (3, 10, 298_05))) is None
    assert clocks.arrears_notice(DUES[:1], []) is None
    assert clocks.arrears_notice([(date(2026, 1, 10), 0), (date(2026, 2, 10), 0)], []) is None


def test_unequal_payments_are_measured_by_the_last_two():
    rising = [(date(2026, 1, 10), 100_00), (date(2026, 2, 10), 100_00), (date(2026, 3, 10), 400_00)]
    assert clocks.arrears_notice(rising, paid((1, 10, 100_00))) is not None  # 500 of 500 in March
    assert clocks.arrears_notice(rising, paid((1, 10, 101_00))) is None
    with pytest.raises(FinanceError, match="paid"):
        clocks.arrears_notice(rising, paid((1, 10, -1)))


def test_a_default_notice_leaves_fourteen_days_and_the_lenders_for_the_post():
    assert clocks.default_notice(date(2026, 5, 1)).earliest_remedy_date == date(2026, 5, 15)
    assert clocks.default_notice(date(2026, 5, 1), service_days=2).earliest_action == date(2026, 5, 17)


def test_statement_periods_are_years_from_the_agreement():
    assert clocks.statement_period_end(date(2025, 2, 14), 1) == date(2026, 2, 13)
    assert clocks.statement_period_end(date(2025, 2, 14), 2) == date(2027, 2, 13)
    assert clocks.annual_statement(date(2025, 2, 14), date(2026, 2, 13)).give_by == date(2026, 3, 15)
    with pytest.raises(FinanceError, match="period_end"):
        clocks.annual_statement(date(2025, 2, 14), date(2025, 2, 13))


def test_requests_are_answered_in_working_days():
    assert clocks.settlement_statement(date(2026, 5, 21), ENGLAND).by == date(2026, 6, 2)  # 25 May is a holiday
    assert clocks.partial_settlement_statement(date(2026, 12, 21), ENGLAND).by == date(2027, 1, 4)
    assert clocks.information_request(date(2026, 3, 26), ENGLAND).by == date(2026, 4, 15)


def test_the_customers_own_clocks():
    assert clocks.withdrawal(date(2026, 3, 20)).last_day == date(2026, 4, 3)
    assert clocks.complaint(date(2026, 5, 1), ENGLAND).summary_resolution_by == date(2026, 5, 7)
    assert clocks.complaint(date(2026, 5, 1), ENGLAND).final_response_by == date(2026, 6, 26)
    assert clocks.ombudsman(date(2026, 8, 31)).by == date(2027, 2, 28)
    assert clocks.subject_access(date(2026, 1, 31)).respond_by == date(2026, 2, 28)
    space = clocks.breathing_space(date(2026, 6, 2))
    assert (space.moratorium_starts, space.ends_no_later_than) == (date(2026, 6, 3), date(2026, 8, 1))
    assert clocks.default_sum_notice(date(2026, 3, 1)).by == date(2026, 4, 5)


def asked(request_: dict[str, Any]) -> object:
    """The clock a request names, as these functions have it."""
    if request_["clock"] == "ARREARS_NOTICE":
        instalment = vectors.pence(request_["instalment"])
        dues = [(date.fromisoformat(due), instalment) for due in request_["due_dates"]]
        payments = [(date.fromisoformat(row["date"]), vectors.pence(row["amount"])) for row in request_["paid"]]
        return clocks.arrears_notice(dues, payments)
    days = {key: date.fromisoformat(value) for key, value in request_.items() if key != "clock"}
    first, last = next(iter(days.values())), list(days.values())[-1]
    answers: dict[str, Callable[[], object]] = {
        "DEFAULT_NOTICE": lambda: clocks.default_notice(first),
        "ANNUAL_STATEMENT": lambda: clocks.annual_statement(first, last),
        "SETTLEMENT_STATEMENT": lambda: clocks.settlement_statement(first, ENGLAND),
        "PARTIAL_SETTLEMENT_STATEMENT": lambda: clocks.partial_settlement_statement(first, ENGLAND),
        "INFORMATION_REQUEST": lambda: clocks.information_request(first, ENGLAND),
        "BREATHING_SPACE": lambda: clocks.breathing_space(days["registered"]),
        "COMPLAINT": lambda: clocks.complaint(first, ENGLAND),
        "OMBUDSMAN": lambda: clocks.ombudsman(first),
        "SUBJECT_ACCESS": lambda: clocks.subject_access(first),
        "WITHDRAWAL": lambda: clocks.withdrawal(first),
        "DEFAULT_SUM_NOTICE": lambda: clocks.default_sum_notice(first),
    }
    return answers[request_["clock"]]()


@pytest.mark.parametrize(("request_", "answer"), vectors.cases("computed-compliance-clocks.json"))
def test_worked_cases(request_: dict[str, Any], answer: dict[str, Any]):
    found: Any = asked(request_)
    fields = asdict(found)
    assert fields["rule"]
    for field, expected in answer.items():
        got = fields.get(field, fields.get("by"))
        assert (got.isoformat() if isinstance(got, date) else got) == expected
