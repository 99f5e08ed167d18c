"""Facts of a row that no reader of a cell can judge alone: they are absurd beside the day, or beside each other."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from milepost.servicing.tapes.operations.planned import Rejected, shown

OF_AGE = 18
"""Years: nobody younger can be bound by a credit agreement (Consumer Credit Act 1974, section 50)."""
LEAST_CREDIT = 1_00
LONGEST_REFERENCE = 60
LONGEST_POSTCODE = 12
_HAPPENED = ("agreed_on", "settled_on", "first_registered", "birth_date", "joint_birth_date")
_BRITISH = re.compile(r"(?=.*[0-9])(?=.*[A-Z])[A-Z0-9]{5,7}")
"""And Irish: letters and digits, of which there is one of each at least."""


def check(row: dict[str, Any], today: date, country: str) -> None:
    """Raises Rejected for the first fact of a book's row that cannot be. `today` is the lender's date."""
    for name, reason in _faults(row, today, country):
        raise Rejected(name, row[name], reason)


def _faults(row: dict[str, Any], today: date, country: str) -> Iterator[tuple[str, str]]:
    reference = row["reference"]
    if not (reference.isascii() and reference.isprintable()) or len(reference) > LONGEST_REFERENCE:
        yield "reference", f"must be letters, digits and plain signs (ASCII), {LONGEST_REFERENCE} at most"
    elif "/" in reference or "\\" in reference:
        yield "reference", "must not hold a slash"
    for name in _HAPPENED:
        if row.get(name) and row[name] > today:
            yield name, f"is after today, {today}"
    yield from _ages(row)
    yield from _postcodes(row, country)
    yield from _amounts(row)


def _ages(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    on = row["agreed_on"]
    for name in ("birth_date", "joint_birth_date"):
        born = row.get(name)
        if born is None:
            continue
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        if age < OF_AGE:
            yield name, f"is of somebody younger than {OF_AGE} on the day of the agreement, {on}"


def _postcodes(row: dict[str, Any], country: str) -> Iterator[tuple[str, str]]:
    for name in ("postcode", "joint_postcode"):
        code = (row.get(name) or "").upper()
        if code and country == "GB" and not _BRITISH.fullmatch(code.replace(" ", "")):
            yield name, "is not a postcode such as CF10 1AA"
        elif len(code) > LONGEST_POSTCODE:
            yield name, f"is longer than {LONGEST_POSTCODE} characters"


def _amounts(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    price, credit = row.get("cash_price"), row["amount_of_credit"]
    if credit < LEAST_CREDIT:
        yield "amount_of_credit", f"must be above nought, and {shown(LEAST_CREDIT)} at least"
    for name in ("deposit", "part_exchange"):
        if price is not None and (row.get(name) or 0) > price:
            yield name, f"is more than the cash price, {shown(price)}"
    for name in ("acceptance_fee", "option_fee"):
        if (row.get(name) or 0) > credit:
            yield name, f"is more than the amount of credit, {shown(credit)}"
