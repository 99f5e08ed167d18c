"""`settlement`: what a customer pays to settle early, line by line; or the rebate alone of a level agreement."""

from datetime import timedelta
from typing import Any

from milepost.finance import law, rebate
from milepost.finance.calculations import agreement
from milepost.finance.calculations.answers import (
    COUNT,
    DATE,
    ENGINE_FIELD,
    FRACTION,
    MONEY,
    RULE,
    SIGNED_MONEY,
    TEXT,
    Answer,
    Given,
    Rows,
    day,
    fraction,
    money,
)
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Choice, Day, Field, Object, Percentage, Time, Whole, refuse
from milepost.finance.calculations.forms import ByField
from milepost.finance.policy import Deferral
from milepost.finance.schedule import Schedule
from milepost.finance.settlement import SettlementQuote
from milepost.finance.terms import MOST_INSTALMENTS, Terms

_APR = Field(Percentage(), "as printed in the agreement")

DATED = Object(
    agreement.FIELDS
    | {
        "drawdown_date": Field(Day(), "the day of the advance"),
        "apr_percent": _APR,
        "notice_received": Field(Day(), "when the customer's notice arrived"),
        "deferral": Field(Choice(*Deferral), "the lender's choice, for credit of more than a year"),
        "arrears": Field(Amount(), "due before the notice and not paid", optional=True),
        "default_sums": Field(Amount(), "charged for breaches and not paid", optional=True),
    }
)

UNDATED = Object(
    {
        "amount_of_credit": Field(Amount(least=1), "what was borrowed"),
        "instalment": Field(Amount(least=1), "each of the level monthly instalments"),
        "number_of_instalments": Field(Whole(1, MOST_INSTALMENTS), "of them"),
        "apr_percent": _APR,
        "settlement_time": Field(
            Object(
                {
                    "whole_months": Field(Whole(0, 2 * MOST_INSTALMENTS), "from the drawdown"),
                    "part_month": Field(Time(words="fraction below 1", below_one=True), "beyond those, such as 28/30"),
                }
            ),
            "when it is settled",
        ),
    }
)

_REBATES = {
    "rebate": Given(MONEY, "the one allowed: the larger of the two"),
    "rebate_exact_rate": Given(MONEY, "at the unrounded monthly rate"),
    "rebate_rounded_rate": Given(MONEY, "at the monthly rate of six decimals, as in the regulations' own examples"),
}


def _dated(shape: Any, meaning: str) -> Given:
    return Given(shape, meaning, optional=True)


ANSWER = Answer(
    {
        "good_until": _dated(DATE, "until then the customer may pay this figure: notice and 28 days"),
        "settlement_date": _dated(DATE, "that and the deferral: the date in the formula"),
        "whole_months": _dated(COUNT, "from the drawdown to the settlement date"),
        "part_month": _dated(FRACTION, "the days left over, of the days of that month"),
        "payments_due_after_settlement_date": _dated(MONEY, "what the rebate is taken off"),
        "instalments_falling_due_before_settlement_date": _dated(MONEY, "from the day of the notice on"),
        **_REBATES,
        "amount_to_settle": _dated(MONEY, "what the customer pays"),
        "lines": _dated(
            Rows(
                Answer(
                    {
                        "label": Given(TEXT, "what it is"),
                        "amount": Given(SIGNED_MONEY, "negative where it is taken off"),
                        "rule": Given(TEXT, "why it is there"),
                        "source": Given(TEXT, "where the rule is written"),
                    }
                )
            ),
            "the sum; the lines add up to the amount to settle",
        ),
        "rule": _dated(TEXT, f"for a dated request: {RULE.meaning}; of notice and, where there is one, deferral"),
        "engine": ENGINE_FIELD,
    }
)


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The quote (rules: `finance.settlement`), or the rebate of a level agreement (`finance.rebate`)."""
    if "settlement_time" in request:
        return _undated(request)
    product, terms = agreement.read(request)
    schedule = product.schedule(terms)
    quote = product.settlement_quote(
        terms,
        schedule,
        received_on=request["notice_received"],
        deferral=Deferral(request["deferral"]),
        apr_percent=request["apr_percent"],
        unpaid=request.get("arrears", 0),
        default_sums=request.get("default_sums", 0),
    )
    _check_arrears(quote, schedule, terms)
    return _told(quote) | {"rule": _rule(quote)}


def _check_arrears(quote: SettlementQuote, schedule: Schedule, terms: Terms) -> None:
    """Nobody can owe more than fell due before the notice."""
    due = schedule.total(0, schedule.rows_due_by(quote.received_on - timedelta(days=1))) + terms.upfront_fees
    if quote.unpaid > due:
        refuse("too_large", "arrears", f"must not exceed all that fell due before the notice, {money(due)}")


def _rule(quote: SettlementQuote) -> str:
    """The law's rows that made the dates: those of the deferral only where the settlement date is deferred."""
    used = [law.Provision.SETTLEMENT_NOTICE_DAYS]
    if quote.settlement_date > quote.good_until:
        used += [law.Provision.SETTLEMENT_DEFERRAL_OVER_MONTHS, law.Provision.SETTLEMENT_DEFERRAL_DAYS]
    return "; ".join(law.in_force(provision, quote.received_on).named for provision in used)


def _told(quote: SettlementQuote) -> dict[str, Any]:
    return {
        "good_until": day(quote.good_until),
        "settlement_date": day(quote.settlement_date),
        "whole_months": quote.whole_months,
        "part_month": fraction(quote.part_month),
        "payments_due_after_settlement_date": money(quote.payments_due_after_settlement_date),
        "instalments_falling_due_before_settlement_date": money(quote.instalments_falling_due_before_settlement_date),
        **_rebates(quote.workings),
        "amount_to_settle": money(quote.amount_to_settle),
        "lines": [
            {"label": line.label, "amount": money(line.amount), "rule": line.rule, "source": line.source}
            for line in quote.lines
        ],
    }


def _undated(request: dict[str, Any]) -> dict[str, Any]:
    if request["instalment"] * request["number_of_instalments"] < request["amount_of_credit"]:
        refuse("too_small", "instalment", "the instalments do not repay the credit")
    time = request["settlement_time"]
    return _rebates(
        rebate.undated_rebate(
            amount_of_credit=request["amount_of_credit"],
            instalment=request["instalment"],
            number_of_instalments=request["number_of_instalments"],
            apr_percent=request["apr_percent"],
            whole_months=time["whole_months"],
            part_month=time["part_month"],
        )
    )


def _rebates(found: rebate.Rebate) -> dict[str, Any]:
    return {
        "rebate": money(found.allowed),
        "rebate_exact_rate": money(found.exact_rate.rebate),
        "rebate_rounded_rate": money(found.rounded_rate.rebate),
    }


KIND = Kind(
    name="settlement",
    summary="What a customer pays to settle an agreement early.",
    request=ByField("settlement_time", UNDATED, DATED),
    answer=ANSWER,
    compute=compute,
    examples={
        "A hire purchase, deferred by a month": {
            "product": "HIRE_PURCHASE",
            "amount_of_credit": "9000.00",
            "number_of_instalments": 36,
            "rate": {"convention": "CONTRACT"},
            "instalment": "285.00",
            "drawdown_date": "2025-01-20",
            "first_due_date": "2025-02-20",
            "apr_percent": "9.2",
            "notice_received": "2026-05-06",
            "deferral": "MONTH",
            "arrears": "285.00",
        },
        "Without dates": {
            "amount_of_credit": "6000.00",
            "instalment": "200.00",
            "number_of_instalments": 36,
            "apr_percent": "12.8",
            "settlement_time": {"whole_months": 14, "part_month": "28/30"},
        },
    },
    paths=agreement.PATHS | {"received_on": "notice_received", "unpaid": "arrears"},
    notes="Everything due before the notice counts as paid except `arrears`, which is added and leaves the rebate "
    "alone. Credit of a year or less is never deferred.",
    rules="""\
- The figure is good until 28 days after the notice. Where the last payment is due more than twelve months after the
  drawdown, MONTH and DAYS_30 move the settlement date a month or 30 days beyond that.
- Months run from the drawdown to the settlement date, by the drawdown's day; the part month is the days left over out
  of those from that monthly day to the next.
- The rebate is what falls due after the settlement date, less what is then owed: the credit less the payments due by
  that date, UPFRONT fees and fees of rows included, each with interest from its own time. A month's interest is
  `r = (1 + APR/100)^(1/12) - 1`.
- Rounded rate: r to six decimals; each sum times `(1 + r)^(its whole months)` to the penny, then the difference times
  `(1 + r)^(part month)` to the penny. Exact rate: r unrounded, only the difference to the penny.
- The first monthly payment has one month less than the credit, the next two, and so on, with the same part month. With
  a first due date that is not a month after the drawdown, the payments' months and their part month run from the first
  due date by the due day instead; advance instalments and UPFRONT fees stay with the drawdown. Each sum then grows by
  its own part month, before the difference is rounded.
- The rebate is never below nought nor above the payments due after the settlement date.
- `arrears` above all that fell due before the notice, UPFRONT fees included, are refused.
- The agreement itself is as under `schedule`, what each product refuses included.
""",
)
