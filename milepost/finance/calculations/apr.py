"""`apr`: the annual percentage rate of charge of any cash flows, at given times or at given dates."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from milepost.finance import apr
from milepost.finance.calculations.answers import ENGINE_FIELD, FRACTION, NUMBER, Answer, Given, fraction, number
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Amount, Choice, Day, Field, ListOf, Object, Time, Whole, refuse
from milepost.finance.calculations.forms import ByField
from milepost.finance.periods import Period

_COUNT = Field(Whole(1, apr.MOST_FLOWS), "how many equal payments")

TIMED = Object(
    {
        "advances": Field(
            ListOf(
                Object(
                    {
                        "amount": Field(Amount(), "lent"),
                        "time": Field(Time(), "years from the first advance, as an exact fraction"),
                    }
                ),
                least=1,
                most=apr.MOST_FLOWS,
            ),
            "what the lender pays out",
        ),
        "payments": Field(
            ListOf(
                Object(
                    {
                        "amount": Field(Amount(), "of each payment"),
                        "count": _COUNT,
                        "first_time": Field(
                            Time(signed=True), "years from the first advance; negative for a charge paid before it"
                        ),
                        "step": Field(
                            Time(),
                            "years between them, above nought; needed for more than one, ignored for one",
                            optional=True,
                        ),
                    }
                ),
                least=1,
                most=apr.MOST_FLOWS,
            ),
            "what the customer pays, charges included",
        ),
    }
)

DATED = Object(
    {
        "advances": Field(
            ListOf(
                Object({"amount": Field(Amount(), "lent"), "date": Field(Day(), "when")}),
                least=1,
                most=apr.MOST_FLOWS,
            ),
            "what the lender pays out",
        ),
        "period": Field(Choice(*Period), "between payments; it measures the first interval too"),
        "first_payment_date": Field(Day(), "not before the first advance"),
        "payments": Field(
            ListOf(
                Object({"amount": Field(Amount(), "of each payment"), "count": _COUNT}), least=1, most=apr.MOST_FLOWS
            ),
            "what the customer pays, group after group, one period apart",
        ),
    }
)

ANSWER = Answer(
    {
        "apr_percent": Given(NUMBER, "to one decimal, half up, from the unrounded root"),
        "apr_percent_6dp": Given(NUMBER, "the same to six decimals"),
        "first_payment_time": Given(FRACTION, "years to the first payment, for a dated request", optional=True),
        "engine": ENGINE_FIELD,
    }
)


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The root of the equation (rules: `finance.apr`, `finance.periods`)."""
    _check_count(request["payments"])
    extra = {}
    if "period" in request:
        advances, payments = _dated(request)
        extra["first_payment_time"] = fraction(payments[0].time)
    else:
        advances, payments = _timed(request)
    percent = apr.apr(advances, payments)
    return {
        "apr_percent": number(apr.rounded(percent)),
        "apr_percent_6dp": number(apr.rounded(percent, 6)),
    } | extra


def _check_count(payments: list[dict[str, Any]]) -> None:
    if sum(group["count"] for group in payments) > apr.MOST_FLOWS:
        refuse("too_many", "payments", f"must not hold more than {apr.MOST_FLOWS} payments in all")


def _timed(request: dict[str, Any]) -> tuple[list[apr.Flow], list[apr.Flow]]:
    payments = []
    for place, group in enumerate(request["payments"]):
        flow = apr.Flow(group["amount"], group["first_time"], group["count"])
        payments.append(flow if flow.count == 1 else replace(flow, step=_step(group, f"payments[{place}].step")))
    return [apr.Flow(row["amount"], row["time"]) for row in request["advances"]], payments


def _step(group: dict[str, Any], at: str) -> Fraction:
    """The time between several payments."""
    if "step" not in group:
        refuse("missing", at, "is needed for more than one payment, such as 1/12")
    step: Fraction = group["step"]
    if not step:
        refuse("too_small", at, "must be above nought for more than one payment")
    return step


def _dated(request: dict[str, Any]) -> tuple[list[apr.Flow], list[apr.Flow]]:
    first = request["first_payment_date"]
    if first < min(row["date"] for row in request["advances"]):
        refuse("too_early", "first_payment_date", "must not be before the first advance")
    return apr.dated_flows(
        [(row["amount"], row["date"]) for row in request["advances"]],
        Period(request["period"]),
        first,
        [(group["amount"], group["count"]) for group in request["payments"]],
    )


KIND = Kind(
    name="apr",
    summary="The APR of any advances and payments, at exact times or at dates.",
    request=ByField("period", DATED, TIMED),
    answer=ANSWER,
    compute=compute,
    examples={
        "Dated, with a long first interval": {
            "advances": [{"amount": "5000.00", "date": "2026-01-12"}],
            "period": "MONTH",
            "first_payment_date": "2026-02-15",
            "payments": [{"amount": "231.00", "count": 24}],
        },
        "At given times, with a final payment": {
            "advances": [{"amount": "10000.00", "time": "0"}],
            "payments": [
                {"amount": "199.00", "count": 36, "first_time": "1/12", "step": "1/12"},
                {"amount": "5000.00", "count": 1, "first_time": "37/12"},
            ],
        },
    },
    paths={},
    notes="Two thousand cash flows at most on either side. Where no rate makes the two sides equal, the answer is the "
    "error `no_rate`.",
    rules="""\
- The rate X makes the sum of `advance / (1 + X)^t` equal the sum of `payment / (1 + X)^t`, t in years.
- Where several rates do, the answer is the positive one nearest nought; where none is positive, the negative one
  nearest nought. A rate of nought that does comes before all others.
- Between two dates t is the whole periods counted back from the later one (a month 1/12, a week 1/52), and the days
  left at the start over 365, or over 366 where the year running back from where those days end holds a 29 February. By
  DAY every day is counted so. Times start at the first advance.
- Later payments follow the first by whole periods. Where it falls on the 29th to 31st, or the due day of a schedule
  does, and the period is MONTH or YEAR, short months move some dates: each payment's time is then measured from its own
  date.
""",
)
