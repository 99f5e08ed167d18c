"""The lender's choices: read from settings, dated, and refused by key."""

from datetime import date
from typing import Any

import pytest

from milepost.finance.allocation import FEES_LAST, Bucket
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral, LenderPolicy, in_force

FIRST = {"version": 1, "effective_from": date(2025, 1, 1)}


def test_what_is_not_chosen_favours_the_customer():
    policy = LenderPolicy.from_mapping(FIRST)
    assert policy.settlement_deferral is Deferral.NONE
    assert policy.allocation_order == FEES_LAST
    assert (policy.returned_payment_fee, policy.late_payment_fee) == (0, 0)
    assert not policy.claims_compensatory_amount
    assert not policy.charges_excess_mileage_on_termination


def test_choices_are_read_as_a_settings_file_holds_them():
    policy = LenderPolicy.from_mapping(
        {
            "version": 2,
            "effective_from": "2026-04-06",
            "settlement_deferral": "DAYS_30",
            "allocation_order": list(reversed(Bucket)),
            "arrears_grace_days": 3,
            "returned_payment_fee": 1200,
            "claims_compensatory_amount": True,
        }
    )
    assert policy.effective_from == date(2026, 4, 6)
    assert policy.settlement_deferral is Deferral.DAYS_30
    assert policy.allocation_order[0] is Bucket.FEES
    assert (policy.arrears_grace_days, policy.returned_payment_fee) == (3, 1200)
    assert policy.claims_compensatory_amount


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("settlement_deferal", "MONTH", "unknown"),
        ("settlement_deferral", "FORTNIGHT", "invalid"),
        ("effective_from", "6 April", "invalid"),
        ("effective_from", 20260406, "invalid"),
        ("allocation_order", ["FEES"], "invalid"),
        ("allocation_order", [*Bucket, Bucket.FEES], "invalid"),
        ("allocation_order", ["TIPS", *list(Bucket)[1:]], "invalid"),
        ("allocation_order", 7, "invalid"),
        ("arrears_grace_days", "3", "wrong_type"),
        ("arrears_grace_days", True, "wrong_type"),
        ("arrears_grace_days", -3, "negative"),
        ("claims_compensatory_amount", 1, "wrong_type"),
    ],
)
def test_a_wrong_choice_is_refused_by_its_key(key: str, value: Any, code: str):
    with pytest.raises(FinanceError) as refused:
        LenderPolicy.from_mapping({**FIRST, key: value})
    assert (refused.value.code, refused.value.field) == (code, key)


@pytest.mark.parametrize("key", ["version", "effective_from"])
def test_every_version_is_numbered_and_dated(key: str):
    with pytest.raises(FinanceError) as refused:
        LenderPolicy.from_mapping({name: value for name, value in FIRST.items() if name != key})
    assert (refused.value.code, refused.value.field) == ("missing", key)


def test_the_latest_version_that_has_begun_is_in_force():
    first = LenderPolicy(1, date(2025, 1, 1))
    second = LenderPolicy(2, date(2026, 4, 6))
    corrected = LenderPolicy(3, date(2026, 4, 6))
    policies = (corrected, first, second)
    assert in_force(policies, date(2026, 4, 5)) is first
    assert in_force(policies, date(2026, 4, 6)) is corrected
    with pytest.raises(FinanceError, match="no policy is in force on 2024-12-31"):
        in_force(policies, date(2024, 12, 31))
