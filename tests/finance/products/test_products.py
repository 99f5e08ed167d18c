"""What the product types know of themselves: balloon, option fee, rights."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from milepost.finance import settlement
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral
from milepost.finance.products import PRODUCTS
from milepost.finance.schedule import build
from milepost.finance.terms import Balloon, Fee, FeeKind, Terms, Timing
from tests.finance.agreements import OPTION_FEE, family_car, printed, priya

BALLOON = printed(12_000_00, 48, 200_00, balloon=Balloon(5_000_00, 48))
WITH_OPTION = family_car(fees=(OPTION_FEE,))


CREDIT = {"HIRE_PURCHASE", "PCP", "LEASE_PURCHASE", "CONDITIONAL_SALE", "PERSONAL_LOAN"}


def test_the_five_kinds_of_credit_and_hire():
    assert set(PRODUCTS) == CREDIT | {"PERSONAL_CONTRACT_HIRE"}
    assert all(product.code == code and product.name for code, product in PRODUCTS.items())


@pytest.mark.parametrize(
    ("code", "terms", "field"),
    [
        ("HIRE_PURCHASE", BALLOON, "balloon"),
        ("PERSONAL_LOAN", BALLOON, "balloon"),
        ("PCP", family_car(), "balloon"),
        ("CONDITIONAL_SALE", WITH_OPTION, "fees"),
        ("PERSONAL_LOAN", WITH_OPTION, "fees"),
    ],
)
def test_what_a_type_does_not_know(code: str, terms: Terms, field: str):
    with pytest.raises(FinanceError) as refused:
        PRODUCTS[code].schedule(terms)
    assert refused.value.field == field
    with pytest.raises(FinanceError):
        PRODUCTS[code].terms(terms.to_json())


@pytest.mark.parametrize(
    ("code", "terms"),
    [
        ("HIRE_PURCHASE", WITH_OPTION),
        ("PCP", priya()),
        ("LEASE_PURCHASE", BALLOON),
        ("LEASE_PURCHASE", printed(15_000_00, 36, 479_95, advance_instalments=3)),
        ("CONDITIONAL_SALE", BALLOON),
        ("CONDITIONAL_SALE", family_car(fees=(Fee(FeeKind.OTHER, 5_00, Timing.LAST),))),
        ("PERSONAL_LOAN", family_car()),
    ],
)
def test_what_a_type_knows_is_scheduled_by_the_one_rule(code: str, terms: Terms):
    product = PRODUCTS[code]
    assert product.terms(terms.to_json()) == terms
    assert product.schedule(terms) == build(terms)


def test_of_credit_only_a_loan_lacks_the_half_rule_and_the_one_third_protection():
    without = {
        code for code, product in PRODUCTS.items() if code in CREDIT and not product.rights.voluntary_termination
    }
    unprotected = {code for code, product in PRODUCTS.items() if code in CREDIT and not product.rights.protected_goods}
    assert without == unprotected == {"PERSONAL_LOAN"}
    assert all(PRODUCTS[code].rights.early_settlement_rebate for code in CREDIT)


def test_a_settlement_uses_the_printed_apr_unless_another_is_given():
    terms = priya()
    schedule = build(terms)
    asked: dict[str, Any] = {"received_on": date(2026, 11, 22), "deferral": Deferral.DAYS_30}
    figure = PRODUCTS["PCP"].settlement_quote(terms, schedule, **asked)
    assert figure == settlement.quote(schedule=schedule, apr_percent=Decimal("7.9"), **asked)
    assert figure.amount_to_settle == 17_222_04
    other = PRODUCTS["PCP"].settlement_quote(terms, schedule, apr_percent=Decimal("7.5"), **asked)
    assert other.rebate > figure.rebate
    unprinted = printed(12_000_00, 48, 298_05, drawdown_date=date(2024, 6, 10))
    with pytest.raises(FinanceError, match="apr_percent"):
        PRODUCTS["HIRE_PURCHASE"].settlement_quote(unprinted, build(unprinted), **asked)
