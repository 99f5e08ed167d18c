"""Taking in customers from a tape."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from milepost.finance.calendars import FOREVER
from milepost.plumbing.actor import Actor
from milepost.plumbing.copying import copy_rows, reserve_ids
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.customers.models import Customer, PostalAddress
from milepost.servicing.customers.queries import Nameless
from milepost.servicing.identity import operations as identity
from milepost.servicing.identity.operations import NewUser


@dataclass(frozen=True, slots=True)
class NewAddress:
    """Where a customer lives."""

    lines: tuple[str, ...]
    town: str
    postcode: str


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer as a tape gives her: her user exists already. All but the user may be unknown."""

    user_id: int
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    origin_reference: str | None = None
    address: NewAddress | None = field(default=None)


def _folded_postcode(postcode: str) -> str:
    """A postcode as it is compared: upper case, no spaces."""
    return "".join(postcode.split()).upper()


@in_transaction
def take_in(*, customers: Sequence[NewCustomer], valid_from: date) -> range:
    """Write many customers and their addresses. Answers their ids, in the order given."""
    ids = reserve_ids("customers_customer_id_seq", len(customers))
    copy_rows(
        "customers_customer",
        ("id", "user_id", "title", "given_name", "family_name", "birth_date", "origin_reference"),
        (
            (row_id, new.user_id, new.title, new.given_name, new.family_name, new.birth_date, new.origin_reference)
            for row_id, new in zip(ids, customers, strict=True)
        ),
    )
    copy_rows(
        "customers_postaladdress",
        ("customer_id", "lines", "town", "postcode", "postcode_folded", "valid_from", "valid_to"),
        (
            (
                row_id, json.dumps(new.address.lines), new.address.town, new.address.postcode,
                _folded_postcode(new.address.postcode), valid_from, FOREVER,
            )
            for row_id, new in zip(ids, customers, strict=True)
            if new.address
        ),
    )  # fmt: skip
    return ids


@in_transaction
def correct(*, customer_id: int, new: NewCustomer, on: date) -> None:
    """Take over what the lender's old system says now: name, birth date, and an address where it differs."""
    customer = Customer.objects.select_for_update().get(id=customer_id)
    customer.title, customer.given_name, customer.family_name = new.title, new.given_name, new.family_name
    customer.birth_date = new.birth_date
    customer.save(update_fields=["title", "given_name", "family_name", "birth_date"])
    current = customer.postal_addresses.filter(valid_to=FOREVER)
    if new.address is None or current.filter(
        lines=list(new.address.lines), town=new.address.town, postcode=new.address.postcode
    ):
        return
    current.update(valid_to=on)
    PostalAddress.objects.create(
        customer=customer, lines=list(new.address.lines), town=new.address.town, postcode=new.address.postcode,
        postcode_folded=_folded_postcode(new.address.postcode), valid_from=on,
    )  # fmt: skip


def name_the_nameless(*, people: Sequence[Nameless], on: date, actor: Actor, at: datetime, country: str) -> None:
    """Give customers of a tape without people a name and a way to reach them, where they have not joined yet.

    A few statements for all of them: a chunk of hundreds at a time is the right size.
    """
    with transaction():
        done = identity.correct_many_contacts(
            people={
                person.user_id: NewUser(f"{person.given_name} {person.family_name}", person.email, person.phone)
                for person in people
            },
            on=on, actor=actor, at=at, country=country,
        )  # fmt: skip
        named = [person for person in people if person.user_id in done]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE customers_customer AS c
                SET title = '', given_name = n.given_name, family_name = n.family_name, birth_date = n.birth_date
                FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[])
                     AS n (id, given_name, family_name, birth_date) WHERE c.id = n.id
                """,
                [
                    [person.customer_id for person in named], [person.given_name for person in named],
                    [person.family_name for person in named], [person.birth_date for person in named],
                ],
            )  # fmt: skip
