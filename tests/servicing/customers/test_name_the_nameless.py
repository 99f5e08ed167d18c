"""Names and contacts for the customers of a tape that holds no people, and corrections by a later tape."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.customers import operations, queries
from milepost.servicing.customers.models import Customer
from milepost.servicing.customers.operations import NewAddress, NewCustomer
from milepost.servicing.identity import operations as identity
from milepost.servicing.identity.models import ContactPoint

pytestmark = pytest.mark.django_db
AT, ON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC), date(2026, 11, 22)


@pytest.fixture
def nameless() -> queries.Nameless:
    with transaction():
        [user] = identity.take_in(users=[identity.NewUser()], valid_from=ON)
        operations.take_in(customers=[NewCustomer(user, origin_reference="23557456")], valid_from=ON)
    [found] = queries.nameless(after=0, limit=10)
    return found


def test_a_nameless_customer_gets_a_name_and_a_way_to_be_reached(nameless: queries.Nameless):
    person = replace(
        nameless, given_name="Mali", family_name="Underhill", email="mali@example.com", phone="07700 900111"
    )
    operations.name_the_nameless(people=[person], on=ON, actor=Actor.system("test"), at=AT, country="GB")
    customer = Customer.objects.get(id=nameless.customer_id)
    assert customer.name == "Mali Underhill"
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"mali@example.com", "07700 900111"}
    assert not queries.nameless(after=0, limit=10)


def test_a_new_address_ends_the_one_before(nameless: queries.Nameless):
    new = NewCustomer(
        nameless.user_id, "Ms", "Mali", "Underhill", None, None, NewAddress(("1 Mill Leat",), "York", "YO98 0ZZ")
    )
    moved = replace(new, address=NewAddress(("2 Mill Leat",), "York", "yo98 0zz"))
    with transaction():
        for one in (new, new, moved):
            operations.correct(customer_id=nameless.customer_id, new=one, on=ON)
    before, now = Customer.objects.get().postal_addresses.order_by("id")
    assert (before.valid_to, now.valid_to) == (ON, date(9999, 12, 31))
    assert now.postcode_folded == "YO980ZZ"
