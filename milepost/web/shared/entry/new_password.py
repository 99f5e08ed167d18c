"""What the pages share on which somebody chooses a password."""

from django.http import HttpResponse

from milepost.servicing.agreements import access
from milepost.servicing.customers import queries as customers


def known_of(user_id: int) -> tuple[str, ...]:
    """What others can know of her besides her names and contacts: address and postcode, agreements, number plates."""
    address = customers.postal_address(user_id).splitlines()
    mine = access.agreements_of(user_id)
    return (*address, *(each.reference for each in mine), *(each.registration for each in mine if each.registration))


def busy(drawn: HttpResponse) -> HttpResponse:
    """The form again, with what was typed still to be typed: too many passwords are being checked at once."""
    drawn.status_code = 503
    drawn["Retry-After"] = "5"
    return drawn
