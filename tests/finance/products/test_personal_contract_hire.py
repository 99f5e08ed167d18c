"""Hire as an agreement: rentals with VAT, nothing of credit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from milepost.finance.arrears import position
from milepost.finance.hire import Hire, rentals
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral
from milepost.finance.products import PRODUCTS
from milepost.finance.products.personal_contract_hire import hire_terms
from milepost.finance.products.protocol import Rights
from milepost.finance.terms import Balloon, Fee, FeeKind, RateConvention, Timing

PRODUCT = PRODUCTS["PERSONAL_CONTRACT_HIRE"]


def hired(multiple: int = 6, further: int = 35, documents: int = 150_00) -> Hire:
    return rentals(
        net_rental=249_99, initial_multiple=multiple, further_rentals=further, vat_percent=Decimal(20),
        documentation_fee_net=documents,
    )  # fmt: skip


TERMS = hire_terms(hired(), hired_on=date(2026, 1, 31))


def test_each_row_asks_for_its_rental_with_vat_and_bears_no_interest():
    schedule = PRODUCT.schedule(TERMS)
    assert schedule.amounts_due() == [1_799_93 + 180_00] + [299_99] * 35
    assert schedule.total() == hired().total_gross == 12_479_58
    assert sum(schedule.interest) == 0
    assert [schedule.due(row) for row in (0, 1, 2)] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert schedule.balance_after(0) == 35 * 299_99
    assert schedule.balance_after(35) == 0


def test_terms_are_frozen_and_read_back():
    assert PRODUCT.terms(TERMS.to_json()) == TERMS


def test_a_hire_without_an_initial_rental_begins_a_month_later():
    terms = hire_terms(hired(0, 24, 0), hired_on=date(2026, 1, 15), first_due=date(2026, 2, 15))
    schedule = PRODUCT.schedule(terms)
    assert (len(schedule), schedule.due(0), schedule.amount_due(0)) == (24, date(2026, 2, 15), 299_99)
    level = PRODUCT.schedule(hire_terms(hired(1, 23, 0), hired_on=date(2026, 1, 15)))
    assert level.amounts_due() == [299_99] * 24
    with pytest.raises(FinanceError, match="further_rentals"):
        hire_terms(hired(6, 0))


def test_arrears_are_those_of_any_agreement():
    stands = position(PRODUCT.schedule(TERMS), 1_979_93 + 299_99, date(2026, 4, 1))
    assert (stands.overdue, stands.arrears_since, stands.instalments_overdue) == (299_99, date(2026, 3, 31), 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (
            {"rate_convention": RateConvention.NOMINAL, "annual_percent": Decimal(5), "instalment": None},
            "rate_convention",
        ),
        ({"balloon": Balloon(1_00, 35)}, "balloon"),
        ({"fees": (Fee(FeeKind.OPTION_TO_PURCHASE, 10_00, Timing.LAST),)}, "fees"),
        ({"deposit": 1_00}, "deposit"),
        ({"part_exchange": 1_00}, "deposit"),
        ({"final_instalment": 299_99}, "final_instalment"),
        ({"amount_of_credit": 36 * 299_99 - 1}, "amount_of_credit"),
    ],
)
def test_what_hire_cannot_have(changes: dict[str, Any], field: str):
    terms = replace(TERMS, **changes)
    for refused_by in (lambda: PRODUCT.schedule(terms), lambda: PRODUCT.terms(terms.to_json())):
        with pytest.raises(FinanceError) as refused:
            refused_by()
        assert refused.value.field == field


def test_no_right_of_credit_and_no_settlement_figure():
    assert PRODUCT.rights == Rights(voluntary_termination=False, protected_goods=False, early_settlement_rebate=False)
    with pytest.raises(FinanceError, match="not credit"):
        PRODUCT.settlement_quote(
            TERMS, PRODUCT.schedule(TERMS), received_on=date(2026, 6, 1), deferral=Deferral.NONE, apr_percent=Decimal(0)
        )
