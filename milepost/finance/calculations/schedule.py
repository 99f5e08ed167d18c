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
    Answer,
    Given,
    Rows,
    day,
    money,
    number,
)
from milepost.finance.calculations.declaration import Kind, Tables
from milepost.finance.calculations.fields import Object
from milepost.finance.key_figures import key_figures
from milepost.finance.rates import decimal_of
from milepost.finance.schedule import Schedule

ANSWER = Answer(
    {
        "instalment": Given(MONEY, "each level instalment"),
        "final_instalment": Given(MONEY, "the last instalment alone, without balloon or fee; it absorbs the pence"),
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
                        "principal": Given(MONEY, "what it repays"),
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


def compute(request: dict[str, Any], _tables: Tables) -> dict[str, Any]:
    """The schedule and its key figures (rules: `finance.schedule`, `finance.key_figures`)."""
    product, terms = agreement.read(request)
    schedule = product.schedule(terms)
    figures = key_figures(terms, schedule)
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
)
