"""`compliance-clock`: by when the law wants something done. The word in `clock` says what."""

from collections.abc import Callable
from typing import Any

from milepost.finance import regulatory_clocks as clocks
from milepost.finance.bank_holidays import ENGLAND_AND_WALES
from milepost.finance.calculations.answers import (
    COUNT,
    DATE,
    ENGINE_FIELD,
    RULE,
    Answer,
    Given,
    OrNull,
    day,
)
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Choice, Day, Field, ListOf, Object, refuse
from milepost.finance.calculations.forms import ByName
from milepost.finance.terms import MOST_INSTALMENTS

MOST_PAYMENTS = 2_000
Request = dict[str, Any]


def _form(clock: str, **fields: Field) -> Object:
    return Object({"clock": Field(Choice(clock), "which clock")} | fields)


def _when(meaning: str) -> Field:
    return Field(Day(), meaning)


def _working(meaning: str) -> Field:
    return Field(Day(working=True), meaning)


FORMS = {
    "ARREARS_NOTICE": {
        "instalment": Field(Amount(least=1), "each payment required"),
        "due_dates": Field(ListOf(Day(), least=1, most=MOST_INSTALMENTS), "when they are required"),
        "paid": Field(
            ListOf(
                Object({"date": Field(Day(), "when it was made"), "amount": Field(Amount(), "paid")}),
                most=MOST_PAYMENTS,
            ),
            "what was paid",
        ),
    },
    "DEFAULT_NOTICE": {"served": _when("when it was served")},
    "ANNUAL_STATEMENT": {
        "agreement_made": _when("when the agreement was made"),
        "period_end": _when("the last day of the period"),
    },
    "SETTLEMENT_STATEMENT": {"request_received": _working("when the customer's request arrived")},
    "PARTIAL_SETTLEMENT_STATEMENT": {"request_received": _working("when the customer's request arrived")},
    "INFORMATION_REQUEST": {"request_received": _working("when the customer's request arrived")},
    "BREATHING_SPACE": {
        "registered": _when("when it was entered in the register"),
        "notified": _when("when the creditor was told; it does not move the days"),
    },
    "COMPLAINT": {"received": _working("when the complaint arrived")},
    "SUBJECT_ACCESS": {"received": _when("when the request arrived")},
    "OMBUDSMAN": {"final_response_sent": _when("when the final response was sent")},
    "WITHDRAWAL": {"agreement_made": _when("when the agreement was made")},
    "DEFAULT_SUM_NOTICE": {"default_sum_payable": _when("when the default sum became payable")},
}


def _arrears_notice(request: Request) -> dict[str, Any]:
    for place, due in enumerate(request["due_dates"]):
        if due in request["due_dates"][:place]:
            refuse("repeated", f"due_dates[{place}]", "stands in the list already: give each date once")
    found = clocks.arrears_notice(
        [(due, request["instalment"]) for due in request["due_dates"]],
        [(row["date"], row["amount"]) for row in request["paid"]],
    )
    return {
        "conditions_met": day(found.conditions_met) if found else None,
        "give_notice_by": day(found.give_notice_by) if found else None,
        "next_notice_no_later_than": day(found.next_notice_no_later_than) if found else None,
        "rule": found.rule if found else clocks.arrears_notice_rule(max(request["due_dates"])),
    }


def _default_notice(request: Request) -> dict[str, Any]:
    found = clocks.default_notice(request["served"])
    return {
        "earliest_remedy_date": day(found.earliest_remedy_date),
        "earliest_action": day(found.earliest_action),
        "rule": found.rule,
    }


def _annual_statement(request: Request) -> dict[str, Any]:
    found = clocks.annual_statement(request["agreement_made"], request["period_end"])
    return {"period_end": day(found.period_end), "give_by": day(found.give_by), "rule": found.rule}


def _working_days(clock: Callable[..., clocks.Deadline]) -> Callable[[Request], dict[str, Any]]:
    def told(request: Request) -> dict[str, Any]:
        return _by("give_by", clock(request["request_received"], ENGLAND_AND_WALES))

    return told


def _by(name: str, deadline: clocks.Deadline) -> dict[str, Any]:
    return {name: day(deadline.by), "rule": deadline.rule}


def _breathing_space(request: Request) -> dict[str, Any]:
    if request["notified"] < request["registered"]:
        refuse("too_early", "notified", "must not be before the entry in the register")
    found = clocks.breathing_space(request["registered"])
    return {
        "moratorium_starts": day(found.moratorium_starts),
        "ends_no_later_than": day(found.ends_no_later_than),
        "rule": found.rule,
    }


def _complaint(request: Request) -> dict[str, Any]:
    found = clocks.complaint(request["received"], ENGLAND_AND_WALES)
    return {
        "summary_resolution_by": day(found.summary_resolution_by),
        "final_response_by": day(found.final_response_by),
        "rule": found.rule,
    }


def _subject_access(request: Request) -> dict[str, Any]:
    found = clocks.subject_access(request["received"])
    return {"respond_by": day(found.respond_by), "extended_by": day(found.extended_by), "rule": found.rule}


def _withdrawal(request: Request) -> dict[str, Any]:
    found = clocks.withdrawal(request["agreement_made"])
    return {
        "last_day": day(found.last_day),
        "repay_within_days_of_notice": found.repay_within_days_of_notice,
        "rule": found.rule,
    }


CLOCKS: dict[str, Callable[[Request], dict[str, Any]]] = {
    "ARREARS_NOTICE": _arrears_notice,
    "DEFAULT_NOTICE": _default_notice,
    "ANNUAL_STATEMENT": _annual_statement,
    "SETTLEMENT_STATEMENT": _working_days(clocks.settlement_statement),
    "PARTIAL_SETTLEMENT_STATEMENT": _working_days(clocks.partial_settlement_statement),
    "INFORMATION_REQUEST": _working_days(clocks.information_request),
    "BREATHING_SPACE": _breathing_space,
    "COMPLAINT": _complaint,
    "SUBJECT_ACCESS": _subject_access,
    "OMBUDSMAN": lambda request: _by("refer_by", clocks.ombudsman(request["final_response_sent"])),
    "WITHDRAWAL": _withdrawal,
    "DEFAULT_SUM_NOTICE": lambda request: _by("notice_by", clocks.default_sum_notice(request["default_sum_payable"])),
}


def compute(request: Request, _tables: Tables) -> dict[str, Any]:
    """The dates of the clock that the request names (rules: `finance.regulatory_clocks`)."""
    return CLOCKS[request["clock"]](request)


def _date(meaning: str) -> Given:
    return Given(DATE, meaning, optional=True)


def _if_met(meaning: str) -> Given:
    return Given(OrNull(DATE), f"{meaning}; null while the conditions are not met", optional=True)


KIND = Kind(
    name="compliance-clock",
    summary="The dates by which the law wants something done.",
    request=ByName("clock", {clock: _form(clock, **fields) for clock, fields in FORMS.items()}),
    answer=Answer(
        {
            "conditions_met": _if_met("ARREARS_NOTICE: the first day of the notice period"),
            "give_notice_by": _if_met("ARREARS_NOTICE: its last day"),
            "next_notice_no_later_than": _if_met("ARREARS_NOTICE: the next one"),
            "earliest_remedy_date": _date("DEFAULT_NOTICE: the first date it may specify"),
            "earliest_action": _date("DEFAULT_NOTICE: the first day on which its consequences may follow"),
            "period_end": _date("ANNUAL_STATEMENT: the last day of the period"),
            "give_by": _date("the statements and INFORMATION_REQUEST: the last day to give it"),
            "moratorium_starts": _date("BREATHING_SPACE: its first day"),
            "ends_no_later_than": _date("BREATHING_SPACE: its last day"),
            "summary_resolution_by": _date("COMPLAINT: the last day for a summary resolution communication"),
            "final_response_by": _date("COMPLAINT: the last day for a final response"),
            "refer_by": _date("OMBUDSMAN: the customer's last day"),
            "respond_by": _date("SUBJECT_ACCESS: the last day to answer"),
            "extended_by": _date("SUBJECT_ACCESS: the last day for a complex one"),
            "last_day": _date("WITHDRAWAL: the customer's last day"),
            "repay_within_days_of_notice": Given(COUNT, "WITHDRAWAL: days to repay in", optional=True),
            "notice_by": _date("DEFAULT_SUM_NOTICE: the last day to give it"),
            "rule": RULE,
            "engine": ENGINE_FIELD,
        }
    ),
    compute=compute,
    examples={
        "Two payments missed": {
            "clock": "ARREARS_NOTICE",
            "instalment": "240.00",
            "due_dates": ["2026-05-15", "2026-06-15", "2026-07-15"],
            "paid": [{"date": "2026-05-15", "amount": "240.00"}],
        },
        "A complaint before Christmas": {"clock": "COMPLAINT", "received": "2027-12-23"},
    },
    paths={"due": "instalment", "paid": "paid"},
    notes="Working days are Monday to Friday less the bank holidays of England and Wales.",
    rules="""\
- ARREARS_NOTICE: the conditions are met on the day after a due date on which at least two payments were required and
  the shortfall is no less than the last two together; four where all due dates are a week apart or less. Payments made
  on that date still count. A due date given twice is refused.
""",
)
