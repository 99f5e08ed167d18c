"""The part of a row that is not money: people, car and account, the same for every meaning of a tape."""

from typing import Any

from milepost.servicing.agreements.operations import NewVehicle
from milepost.servicing.identity.states import folded_phone
from milepost.servicing.tapes.operations.planned import Person, Rejected, fingerprint


def people(row: dict[str, Any], country: str) -> tuple[Person, ...]:
    """The customers of a row: one, or two where it is joint. Without a name, one nameless customer."""
    first = _person(row, "", country)
    second = _person(row, "joint_", country)
    if first is None:
        if second is not None:
            raise Rejected("family_name", "", "is missing although a joint customer is named")
        return (Person(number=row.get("customer") or row["reference"]),)
    if second is None:
        return (first,)
    if second.number and second.number == first.number:
        raise Rejected("joint_customer", second.number, "is the first customer's number as well")
    return (first, second)


def vehicle(row: dict[str, Any]) -> NewVehicle:
    """The car, as far as the row says."""
    return NewVehicle(
        registration=(row.get("registration") or "").upper(),
        vin=row.get("vin") or "",
        make=row.get("make") or "",
        model=row.get("model") or "",
        body=row.get("body") or "",
        is_new=row.get("is_new"),
        first_registered=row.get("first_registered"),
        year=row.get("year"),
        cash_price=row.get("cash_price"),
        annual_mileage=row.get("annual_mileage"),
        excess_mileage_tenths=row.get("excess_mileage"),
    )


def facts_hash(who: tuple[Person, ...], car: NewVehicle, account: tuple[str, str]) -> str:
    """The fingerprint of what may change without money: contact details, car, account."""
    return fingerprint((who, car, account))


def _person(row: dict[str, Any], prefix: str, country: str) -> Person | None:
    given, family = row.get(f"{prefix}given_name") or "", row.get(f"{prefix}family_name") or ""
    if not given and not family:
        return None
    phone = row.get(f"{prefix}phone") or ""
    if phone and not folded_phone(phone, country):
        raise Rejected(f"{prefix}phone", phone, "is not a telephone number that exists")
    address = prefix if row.get(f"{prefix}postcode") or row.get(f"{prefix}address_1") else ""
    lines = (row.get(f"{address}address_{number}") for number in (1, 2, 3))
    return Person(
        number=row.get(f"{prefix}customer") or "",
        title=row.get(f"{prefix}title") or "",
        given_name=given,
        family_name=family,
        birth_date=row.get(f"{prefix}birth_date"),
        email=row.get(f"{prefix}email") or "",
        phone=phone,
        lines=tuple(line for line in lines if line),
        town=row.get(f"{address}town") or "",
        postcode=(row.get(f"{address}postcode") or "").upper(),
    )
