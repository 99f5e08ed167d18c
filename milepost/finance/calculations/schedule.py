"""`schedule`: what falls due when, and how it divides into interest, principal and fees."""

from typing import Any

from milepost.finance import apr
from milepost.finance.calculations import agreement
from milepost.finance.calculations.answers import (
    COUNT,
    DATE,
    ENGINE_FIELD,
    MONEY,
    NUMBER,
    SIGNED_MONEY,
    Answer,
    Given,
    Rows,
    day,
    money,
    number,
)
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Object, refuse
from milepost.finance.key_figures import KeyFigures, key_figures
from milepost.finance.money import FinanceError
from milepost.finance.rates import decimal_of
from milepost.finance.schedule import Schedule
from milepost.finance.terms import Terms

ANSWER = Answer(
    {
        "instalment": Given(MONEY, "each level instalment"),
        "final_instalment": Given(
            SIGNED_MONEY,
            "the last instalment alone, without balloon or fee; it absorbs the pence, and may be negative only where a "
            "balloon shares its row",
        ),
        "balloon": Given(MONEY, "the final payment, where there is one", optional=True),
        "total_interest": Given(MONEY, "all interest"),
        "total_of_payments": Given(MONEY, "everything paid, fees and balloon included"),
        "total_amount_payable": Given(MONEY, "that and the deposit"),
        "implied_monthly_rate_percent_10dp": Given(NUMBER, "the monthly rate that the payments without fees imply"),
        "apr_percent": Given(NUMBER, "to one decimal, half up, from the unrounded root"),
        "apr_percent_6dp": Given(NUMBER, "the same to six decimals"),
        "rows": Given(
            Rows(
                Answer(
                    {
                        "number": Given(COUNT, "from 1"),
                        "due_date": Given(DATE, "where the agreement is dated", optional=True),
                        "payment": Given(MONEY, "interest and principal, without the fee"),
                        "interest": Given(MONEY, "of the period"),
                        "principal": Given(
                            SIGNED_MONEY,
                            "what it repays; negative in a first row below the interest of a long first period",
                        ),
                        "fee": Given(MONEY, "outside the balance"),
                        "balance": Given(MONEY, "principal still owed after it"),
                    }
                )
            ),
            "every payment in order",
        ),
        "engine": ENGINE_FIELD,
    }
)


RULES = """\
- P is the credit, n the number of instalments, k of them in advance, `m = n - k` the others, B the balloon in month b;
  i is the monthly rate: NOMINAL `percent/1200`, EFFECTIVE `(1 + percent/100)^(1/12) - 1` to 28
  places.
- f is the interest of the first period on one pound. EQUAL: `f = i`. COMPOUND: `f = (1 + i)^(12t) - 1`, t being the
  years from the drawdown to the first due date as the APR measures them. SIMPLE: `f = i + r x d/365`, r being
  `percent/100` (`12i` where the rate is FLAT or CONTRACT) and d the days from the drawdown to the day one month before
  the first due date. In a short first period t is below 1/12 and d negative: f is less than i, never below nought.
- NOMINAL and EFFECTIVE: with `g = (1 + f)/(1 + i)` the instalment is `(P g - B (1 + i)^-b) / (k g + a)`, where
  `a = (1 - (1 + i)^-m)/i`, or m where i is nought. Interest of a row is the balance before it times i, in the first
  period times f; the rest of the payment is principal. The last instalment takes what is left. A balloon in its own row
  holds `B/(1 + i)` of principal.
- FLAT: the charge is `P x percent/100 x n/12`, a month for every instalment, advance ones included, a later balloon's
  month not. The instalment is `(P + charge - B)/n`; the last takes what is left.
- FLAT and CONTRACT: i is the rate, to 28 places, at which all payments without fees are worth P: an advance one its
  amount, the j-th after the drawdown `payment / (g (1 + i)^j)`. For every convention
  `implied_monthly_rate_percent_10dp` is this rate. Interest up to a row is what is paid up to it, less P, plus what the
  later payments are then worth at i; a row's interest is the step from the row before, each total rounded. Advance
  instalments bear none.
- The APR takes every payment with its fee at its own time, UPFRONT fees and advance instalments at nought; without
  dates the times are 1/12, 2/12 and so on. Time is measured as under `apr`, by months.
- A payment below its period's interest is refused (`negative_amortisation`), except the first after a first period
  longer than a month: its principal is negative and the balance rises. So is a term over which the rounding of a
  NOMINAL or EFFECTIVE instalment grows so much that the last would be more than twice the others.
- PCP needs a balloon; HIRE_PURCHASE and PERSONAL_LOAN refuse one; LEASE_PURCHASE and CONDITIONAL_SALE may have one.
  CONDITIONAL_SALE and PERSONAL_LOAN refuse a fee OPTION_TO_PURCHASE.
"""


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The schedule and its key figures (rules: `finance.schedule`, `finance.key_figures`)."""
    product, terms = agreement.read(request)
    schedule = product.schedule(terms)
    figures = _figures(terms, schedule)
    answer = {
        "instalment": money(figures.instalment),
        "final_instalment": money(figures.final_instalment),
        "total_interest": money(figures.total_interest),
        "total_of_payments": money(figures.total_of_payments),
        "total_amount_payable": money(figures.total_amount_payable),
        "implied_monthly_rate_percent_10dp": number(apr.rounded(100 * decimal_of(figures.implied_monthly_rate), 10)),
        "apr_percent": number(apr.rounded(figures.apr_percent)),
        "apr_percent_6dp": number(apr.rounded(figures.apr_percent, 6)),
    }
    if figures.balloon is not None:
        answer["balloon"] = money(figures.balloon)
    return answer | {"rows": _rows(schedule, dated=terms.drawdown_date is not None)}


def _figures(terms: Terms, schedule: Schedule) -> KeyFigures:
    """The key figures; where no APR exists, the error names a field of the request."""
    try:
        return key_figures(terms, schedule)
    except FinanceError as error:
        if error.code != "no_rate":
            raise
        if any(fee.amount for fee in terms.fees):
            refuse(
                "no_rate", "fees", "no annual rate makes the payments and these fees worth the credit: check the fees"
            )
        field = "instalment" if terms.instalment is not None else "rate"
        refuse("no_rate", field, "no annual rate makes the payments worth the credit: check the figures")


def _rows(schedule: Schedule, *, dated: bool) -> list[dict[str, Any]]:
    return [
        {
            "number": row + 1,
            **({"due_date": day(schedule.due(row))} if dated else {}),
            "payment": money(schedule.payment(row)),
            "interest": money(schedule.interest[row]),
            "principal": money(schedule.principal[row]),
            "fee": money(schedule.fees[row]),
            "balance": money(balance),
        }
        for row, balance in enumerate(schedule.balances())
    ]


KIND = Kind(
    name="schedule",
    summary="The schedule of an agreement, and the figures printed on its first page.",
    request=Object(agreement.FIELDS),
    answer=ANSWER,
    compute=compute,
    examples={
        "Hire purchase at a nominal rate, with fees": {
            "product": "HIRE_PURCHASE",
            "amount_of_credit": "9000.00",
            "number_of_instalments": 6,
            "rate": {"convention": "NOMINAL", "annual_percent": "8.4"},
            "drawdown_date": "2026-01-31",
            "fees": [
                {"kind": "ACCEPTANCE", "amount": "99.00", "with_instalment": 1},
                {"kind": "OPTION_TO_PURCHASE", "amount": "10.00", "with_instalment": "LAST"},
            ],
            "deposit": "1000.00",
        },
        "A printed PCP, its final payment a month after the last instalment": {
            "product": "PCP",
            "amount_of_credit": "14000.00",
            "number_of_instalments": 4,
            "rate": {"convention": "CONTRACT"},
            "instalment": "250.00",
            "balloon": {"amount": "13600.00", "month": 5},
        },
    },
    paths=agreement.PATHS,
    notes="A balloon on the day of the last instalment shares its row; a month later it has its own. Advance "
    "instalments are rows on the drawdown date, all principal. A fee `LAST` stands in the last row. A due day of 29, "
    "30 or 31 is shortened where the month is, and returns.",
    rules=RULES,
)
