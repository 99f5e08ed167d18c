"""Who may open what: every address of the site, for nobody, for a stranger and for the owner.

A new address without a row here fails. A row says what each of the three gets:
PAGE drawn · SIGN_IN asked to sign in · NOTHING the same 404 as an address that does not exist · AWAY led elsewhere ·
POST only · PLAIN an answer for machines · SPENT a 410, because the link in it is nobody's.
"""

from dataclasses import dataclass
from enum import Enum, auto

import pytest
from django.test.signals import template_rendered
from django.urls import reverse

from milepost.plumbing import clock
from milepost.plumbing.actor import Actor
from milepost.servicing.business_days import operations as business_days
from milepost.servicing.identity.models import User
from tests.support import agreements
from tests.support.page_client import PageClient
from tests.support.routes import Route, every_route


class Gets(Enum):
    PAGE = auto()
    SIGN_IN = auto()
    NOTHING = auto()
    AWAY = auto()
    POST = auto()
    PLAIN = auto()
    SPENT = auto()


PAGE, SIGN_IN, NOTHING, AWAY, POST, PLAIN, SPENT = Gets
EVERYBODY = (PAGE, PAGE, PAGE)
MACHINES = (PLAIN, PLAIN, PLAIN)
CUSTOMERS = (SIGN_IN, PAGE, PAGE)
"""A page of one's own: every customer sees hers, and nobody else's."""
ONLY_OWNER = (SIGN_IN, NOTHING, PAGE)
"""A page of one agreement: to anybody else it does not exist."""

ACCESS: dict[str, tuple[Gets, Gets, Gets]] = {
    # name: (nobody, a stranger who is signed in, the owner)
    "home": EVERYBODY,
    "help": EVERYBODY,
    "help_signing_in": EVERYBODY,
    "contact": EVERYBODY,
    "scams": EVERYBODY,
    "money_worries": EVERYBODY,
    "complaints": EVERYBODY,
    "accessibility": EVERYBODY,
    "privacy": EVERYBODY,
    "cookies": EVERYBODY,
    "account_login": (PAGE, AWAY, AWAY),
    "sign_in_code": (SIGN_IN, SIGN_IN, SIGN_IN),
    "sign_in_another_way": (SIGN_IN, SIGN_IN, SIGN_IN),
    "sign_in_locked": EVERYBODY,
    "account_logout": (POST, POST, POST),
    "signed_out": (PAGE, AWAY, AWAY),
    "account_reset_password": EVERYBODY,
    "forgot_password_sent": EVERYBODY,
    "password_changed": EVERYBODY,
    "forgot_user_name": EVERYBODY,
    "reset_password": (SPENT, SPENT, SPENT),
    "invitation_start": EVERYBODY,
    "invitation": EVERYBODY,
    "invitation_link": (SPENT, SPENT, SPENT),
    "health_live": MACHINES,
    "health_ready": MACHINES,
    "change_password": (AWAY, AWAY, AWAY),
    "security_txt": MACHINES,
    "overview": CUSTOMERS,
    "agreement": ONLY_OWNER,
    "schedule": ONLY_OWNER,
    "payments": ONLY_OWNER,
    "payment": ONLY_OWNER,
    "my_agreement": (SIGN_IN, AWAY, AWAY),
    "my_schedule": (SIGN_IN, AWAY, AWAY),
    "my_payments": (SIGN_IN, AWAY, AWAY),
    "demo_outbox": EVERYBODY,
    "demo_component_sheet": EVERYBODY,
    "demo_outbox_json": MACHINES,
    "demo_people_json": MACHINES,
}
ROUTES = {route.name: route for route in every_route()}


@dataclass(frozen=True)
class Street:
    """Two customers with an agreement each."""

    owner: User
    stranger: User
    parts: dict[str, str]
    """What fills the owner's addresses."""


@pytest.fixture
def street(db) -> Street:
    business_days.open_first_day(on=agreements.TODAY, actor=Actor.system("test"), at=clock.now())
    hers = agreements.make(agreements.priya_terms(), product="PCP", account_ending="4417")
    his = agreements.make(agreements.priya_terms(), product="PCP", given_name="Tom", family_name="Baker")
    from milepost.plumbing import references

    return Street(
        owner=User.objects.get(id=hers.user_id),
        stranger=User.objects.get(id=his.user_id),
        parts={
            "reference": hers.reference,
            "payment_reference": references.reference("PY", hers.payments[0]),
            "token": "x" * 43,
        },
    )


def test_every_address_has_a_row():
    missing = sorted(set(ROUTES) - set(ACCESS))
    assert not missing, f"Say in ACCESS who may open these, one row each: {missing}"


def test_every_row_has_an_address():
    gone = sorted(set(ACCESS) - set(ROUTES))
    assert not gone, f"Addresses are a promise; bring these back (or redirect for ever): {gone}"


@pytest.mark.parametrize("who", ["nobody", "a stranger", "the owner"])
@pytest.mark.parametrize("name", [name for name in ROUTES if name in ACCESS])
def test_who_gets_what(street: Street, name: str, who: str):
    wanted = ACCESS[name][("nobody", "a stranger", "the owner").index(who)]
    client = PageClient({"a stranger": street.stranger, "the owner": street.owner}.get(who))
    address = _address(ROUTES[name], street)
    foreign: list[str] = []

    def drawn(template, **_):
        foreign.append(str(template.name))

    template_rendered.connect(drawn)
    try:
        _ask(client, address, wanted, who)
    finally:
        template_rendered.disconnect(drawn)
    ours = [each for each in foreign if each and not each.startswith("django/forms/")]
    assert not ours, f"{address} draws a library's template: {ours}. Write ours in Jinja2 under the same address"


def test_a_strangers_agreement_answers_exactly_as_one_that_does_not_exist(street: Street):
    client = PageClient(street.stranger)
    for name in (name for name, row in ACCESS.items() if row == ONLY_OWNER):
        hers = client.get(_address(ROUTES[name], street), status=404)
        nobodys = client.get(
            reverse(name, kwargs=_parts(ROUTES[name], {**street.parts, "reference": "7999999993"})), status=404
        )
        malformed = client.get(
            reverse(name, kwargs=_parts(ROUTES[name], {**street.parts, "reference": "x"})), status=404
        )
        assert hers.html == nobodys.html == malformed.html, f"{name} tells a stranger that the agreement exists"


def _ask(client: PageClient, address: str, wanted: Gets, who: str) -> None:
    advice = f"{who} asks for {address} and should get {wanted.name}"
    if wanted is PLAIN:
        response = client.browser.get(address, secure=True)
        assert response.status_code == 200, f"{advice}, but it answers {response.status_code}"
        assert not response.headers["Content-Type"].startswith("text/html"), advice
        return
    if wanted is POST:
        answer = client.browser.get(address, secure=True)
        assert answer.status_code in (302, 405), f"{advice}: a GET must change nothing. Decorate it @require_POST"
        assert (client.browser.session.get("_auth_user_id") is not None) == client.signed_in, (
            f"{advice}: a GET signed her out"
        )
        return
    status = {PAGE: 200, SIGN_IN: 302, AWAY: 302, NOTHING: 404, SPENT: 410}[wanted]
    page = client.get(address, status=status)
    if wanted is SIGN_IN:
        expected = reverse("overview") if client.signed_in else reverse("account_login")
        assert page.goes_to.startswith((reverse("account_login"), expected)), f"{advice}, but goes to {page.goes_to}"
    if wanted is AWAY:
        assert not page.goes_to.startswith(address), f"{advice}, but is led in a circle"


def _address(route: Route, street: Street) -> str:
    return reverse(route.name, kwargs=_parts(route, street.parts))


def _parts(route: Route, parts: dict[str, str]) -> dict[str, str]:
    unknown = [part for part in route.parts if part not in parts]
    assert not unknown, f"{route.route}: say in `street` what fills {unknown}"
    return {part: parts[part] for part in route.parts}
