"""Who a customer is."""

from dataclasses import dataclass
from datetime import date

from milepost.finance.calendars import FOREVER
from milepost.servicing.customers.models import Customer, PostalAddress


@dataclass(frozen=True, slots=True)
class Nameless:
    """A customer of a tape that holds no people; with a name and contacts once somebody has given them."""

    customer_id: int
    user_id: int
    origin_reference: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    birth_date: date | None = None


def nameless(*, after: int, limit: int) -> list[Nameless]:
    """The first customers without a name beyond a customer's id."""
    found = Customer.objects.filter(id__gt=after, given_name="", family_name="").order_by("id")
    rows = found.values_list("id", "user_id", "origin_reference")
    return [Nameless(customer_id, user_id, number or "") for customer_id, user_id, number in rows[:limit]]


def how_many() -> int:
    """All customers."""
    return Customer.objects.count()


def postal_address(user_id: int | None) -> str:
    """Name and address as an envelope has them, a line each; empty where we hold none (or for nobody)."""
    held = PostalAddress.objects.filter(customer__user_id=user_id or 0, valid_to=FOREVER)
    found = held.select_related("customer").order_by("-id").first()
    if found is None:
        return ""
    who = " ".join(filter(None, (found.customer.title, found.customer.name)))
    return "\n".join(filter(None, (who, *found.lines, found.town, found.postcode)))
