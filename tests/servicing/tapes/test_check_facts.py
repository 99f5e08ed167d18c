"""Facts that cannot be are rejected with the file's own line, column and text, and old people are customers."""

from datetime import date

import pytest

from milepost.servicing.agreements.models import Agreement
from milepost.servicing.customers.models import Customer
from milepost.servicing.tapes.operations import reconcile
from milepost.servicing.tapes.operations.check_facts import check
from milepost.servicing.tapes.operations.planned import Rejected
from milepost.servicing.tapes.states import FindingKind
from tests.support.tapes import PRIYA, TODAY, Tapes, counts, payment

SAM = {"joint_customer": "C102", "joint_given_name": "Sam", "joint_family_name": "Shah"}
AS_OF = date(2025, 2, 20)
LOAN = {**PRIYA, "product": "HP", "amount_of_credit": "18685.00", "number_of_instalments": "36", "instalment": "582.32",
        "balloon": "", "balloon_month": "", "cash_price": "22585.00", "deposit": "3900.00"}  # fmt: skip


def rejected(tapes: Tapes, row: dict[str, str]) -> tuple[str, str, str]:
    """Column, value and reason for which this row, below a good one, is the only one rejected."""
    good = {**PRIYA, "agreement": "7034121007", "customer": "C201", "email": ""}
    report = tapes.take_in([good, {**row, "email": ""}], form="milepost", as_of=AS_OF)
    assert counts(report) == (1, 0, 0, 1)
    [reject] = tapes.rejects()
    assert reject["reject_line"] == "3"
    return reject["reject_column"], reject["reject_value"], reject["reject_reason"]


@pytest.mark.parametrize("born", ["1900-01-01", "1945-05-05", "1949-12-31", "2007-02-14"])
def test_whoever_is_of_age_can_be_a_customer(tapes: Tapes, born: str):
    row = {**PRIYA, **SAM, "birth_date": born, "joint_birth_date": born}
    assert counts(tapes.take_in([row], form="milepost", as_of=AS_OF)) == (1, 0, 0, 0)
    assert set(Customer.objects.values_list("birth_date", flat=True)) == {date.fromisoformat(born)}


@pytest.mark.parametrize("column", ["birth_date", "joint_birth_date"])
@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("2007-02-15", "is of somebody younger than 18 on the day of the agreement, 2025-02-14"),
        ("2030-01-01", "is after today, 2026-11-22"),
        ("1899-12-31", "is not between 1900 and 2100"),
    ],
)
def test_whoever_cannot_be_a_customer_is_rejected(tapes: Tapes, column: str, born: str, reason: str):
    assert rejected(tapes, {**PRIYA, **SAM, column: born}) == (column, born, reason)


def test_a_classic_car_is_older_than_any_agreement_may_be(tapes: Tapes):
    row = {**PRIYA, "first_registered": "1934-06-01"}
    assert counts(tapes.take_in([row], form="milepost", as_of=AS_OF)) == (1, 0, 0, 0)
    assert rejected(tapes, {**PRIYA, "agreement": "X1", "agreed_on": "1934-06-01"})[2] == "is not between 1950 and 2100"


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("settled_on", "2050-01-01", "is after today, 2026-11-22"),
        ("first_registered", "2026-11-23", "is after today, 2026-11-22"),
        ("agreed_on", "23/11/2026", "is after today, 2026-11-22"),
        ("deposit", "24995.01", "is more than the cash price, 24995.00"),
        ("part_exchange", "99,999.00", "is more than the cash price, 24995.00"),
        ("option_fee", "21995.01", "is more than the amount of credit, 21995.00"),
        ("acceptance_fee", "30000", "is more than the amount of credit, 21995.00"),
        ("postcode", "CARDIFF", "is not a postcode such as CF10 1AA"),
        ("postcode", "12345", "is not a postcode such as CF10 1AA"),
        ("postcode", "CF10 1AA 99", "is not a postcode such as CF10 1AA"),
        ("agreement", "../../etc/passwd", "must not hold a slash"),
        ("agreement", "HB\\7", "must not hold a slash"),
        ("agreement", "７０３４１１８２５５", "must be letters, digits and plain signs (ASCII), 60 at most"),
        ("agreement", "HB-1\u202e", "holds characters that cannot be printed"),
        ("agreement", "9" * 61, "is 61 characters long; at most 60 fit"),
    ],
)
def test_what_cannot_be_is_rejected(tapes: Tapes, column: str, cell: str, reason: str):
    assert rejected(tapes, {**PRIYA, column: cell}) == (column, cell, reason)


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ({"instalment": "0.01"}, "instalment", "0.01", "do not repay the credit, for an amount of credit of 18685.00"),
        ({"instalment": "9999999.00"}, "instalment", "9999999.00", "above 100 percent a month"),
        ({"amount_of_credit": "0.01"}, "amount_of_credit", "0.01", "1.00 at least"),
        ({"amount_of_credit": "0.00"}, "amount_of_credit", "0.00", "1.00 at least"),
        ({"amount_of_credit": "18.685"}, "amount_of_credit", "18.685", "has more than two decimals"),
        ({"amount_of_credit": "18.6850"}, "amount_of_credit", "18.6850", "has more than two decimals"),
        ({"amount_of_credit": "18.680"}, "amount_of_credit", "18.680", "is next to nothing for a price of 22585.00"),
        ({"amount_of_credit": "18,685.00", "due_day": "045"}, "due_day", "045", "must be from 1 to 31"),
        ({"balloon": "1,000.00", "balloon_month": "036"}, "balloon", "1,000.00", "has no balloon"),
        ({"drawdown_date": "", "agreed_on": "21/02/2025", "first_due_date": "", "due_day": ""}, "agreed_on",
         "21/02/2025", "is after the date up to which"),
        ({"currency": "usd"}, "currency", "usd", "is not this lender's currency"),
        ({"phone": "07700 9003180000"}, "phone", "07700 9003180000", "is not a telephone number that exists"),
    ],
)  # fmt: skip
def test_the_value_is_the_files_own_text(tapes: Tapes, cells: dict[str, str], column: str, value: str, reason: str):
    found = rejected(tapes, {**LOAN, **cells})
    assert found[:2] == (column, value)
    assert reason in found[2]


def test_a_column_of_a_lenders_own_name_is_named_by_it(tapes: Tapes):
    path = tapes.folder / "mine.toml"
    fields = 'instalment = { columns = "deposit", read = "money" }\ndeposit = { columns = "rate", read = "money" }'
    path.write_text(f'based_on = "milepost"\n[book]\n{fields}\n')
    row = {name: cell for name, cell in PRIYA.items() if name != "instalment"} | {"deposit": "0.010", "rate": "3000"}
    tapes.take_in([row], form=path, as_of=AS_OF)
    [reject] = tapes.rejects()
    assert (reject["reject_column"], reject["reject_value"]) == ("deposit", "0.010")


def test_the_value_of_a_movement_is_the_files_own_text(tapes: Tapes):
    tapes.take_in([PRIYA], [payment("7034118255", "2025-02-15", "9,999,999.00")], form="milepost", as_of=AS_OF)
    [reject] = tapes.rejects("movements")
    assert (reject["reject_line"], reject["reject_column"], reject["reject_value"]) == ("2", "amount", "9,999,999.00")


def test_a_number_that_is_used_is_named_by_the_files_own_column(tapes: Tapes):
    tapes.take_in([PRIYA], form="milepost", as_of=AS_OF)
    tapes.take_in([{**PRIYA, "amount_of_credit": "21996.00"}], form="milepost", as_of=AS_OF)
    [reject] = tapes.rejects()
    assert (reject["reject_column"], reject["reject_value"]) == ("agreement", "7034118255")


def test_a_settlement_after_the_tapes_day_is_told_and_not_taken_for_done(tapes: Tapes):
    report = tapes.take_in([{**PRIYA, "settled_on": "2025-03-01"}], form="milepost", as_of=AS_OF)
    assert counts(report) == (1, 0, 0, 0)
    assert report.finding_counts == {FindingKind.ASSUMPTION: 1}
    assert report.notes[0].reason.startswith("Settled on 2025-03-01, after the day")


def test_one_is_not_spoken_of_as_many(tapes: Tapes):
    report = tapes.take_in(
        [{**PRIYA, "principal_outstanding": "1.00"}, {**PRIYA, "agreement": "X/1"}], form="milepost", as_of=AS_OF
    )
    said = reconcile.words(report)
    assert "1 agreement differs, listed below" in said
    assert "1 rejected row is in" in said
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(("code", "country"), [("1010", "AT"), ("75 001", "FR"), ("1011-AB", "NL"), ("D02 X285", "GB")])
def test_a_foreign_postcode_is_left_to_its_own_country(code: str, country: str):
    check({"reference": "X1", "agreed_on": TODAY, "amount_of_credit": 1_00, "joint_postcode": code}, TODAY, country)


@pytest.mark.parametrize(("code", "country"), [("75001", "GB"), ("CARDIFF", "GB"), ("1" * 13, "FR")])
def test_a_postcode_that_is_none(code: str, country: str):
    with pytest.raises(Rejected) as refused:
        check({"reference": "X1", "agreed_on": TODAY, "amount_of_credit": 1_00, "joint_postcode": code}, TODAY, country)
    assert refused.value.column == "joint_postcode"
