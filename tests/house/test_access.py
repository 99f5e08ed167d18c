"""Who may open what: every address of the site, for nobody, for a stranger and for the owner.

A new address without a row here fails. A row says what each of the three gets:
PAGE drawn · SIGN_IN asked to sign in · NOTHING the same 404 as an address that does not exist · AWAY led elsewhere ·
POST only · PLAIN an answer for machines · SPENT a 410, because the link in it is nobody's · MOVED elsewhere for good.
An address that takes a form has a row in POSTS too; every other one refuses a form with 405.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Any

import pytest
from django.conf import settings
from django.test.signals import template_rendered
from django.urls import reverse

from milepost.finance.terms import RateConvention
from milepost.plumbing import clock, references
from milepost.plumbing.actor import Actor
from milepost.servicing.agreements import operations as agreement_operations
from milepost.servicing.agreements.states import Status
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
    MOVED = auto()


PAGE, SIGN_IN, NOTHING, AWAY, POST, PLAIN, SPENT, MOVED = Gets
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
    "status": EVERYBODY,
    "health_live": MACHINES,
    "health_ready": MACHINES,
    "favicon": (MOVED, MOVED, MOVED),
    "change_password": (AWAY, AWAY, AWAY),
    "security_txt": MACHINES,
    "overview": CUSTOMERS,
    "security": CUSTOMERS,
    "security_password": CUSTOMERS,
    "security_devices": CUSTOMERS,
    "security_activity": CUSTOMERS,
    "agreement": ONLY_OWNER,
    "schedule": ONLY_OWNER,
    "balance": ONLY_OWNER,
    "payments": ONLY_OWNER,
    "payment": ONLY_OWNER,
    "settlement": ONLY_OWNER,
    "settlement_quote": ONLY_OWNER,
    "second_steps": CUSTOMERS,
    "confirm_change": (SIGN_IN, AWAY, AWAY),
    "my_settlement": (SIGN_IN, AWAY, AWAY),
    "my_agreement": (SIGN_IN, AWAY, AWAY),
    "my_schedule": (SIGN_IN, AWAY, AWAY),
    "my_payments": (SIGN_IN, AWAY, AWAY),
    "demo_outbox": EVERYBODY,
    "demo_component_sheet": EVERYBODY,
    "demo_outbox_json": MACHINES,
    "demo_people_json": MACHINES,
}
POSTS: dict[str, tuple[Gets, Gets, Gets]] = {
    # name: what an empty form gets, sent by (nobody, a stranger who is signed in, the owner)
    "account_login": (PAGE, AWAY, AWAY),
    "sign_in_code": (SIGN_IN, SIGN_IN, SIGN_IN),
    "sign_in_another_way": (SIGN_IN, SIGN_IN, SIGN_IN),
    "account_logout": (AWAY, AWAY, AWAY),
    "account_reset_password": EVERYBODY,
    "forgot_user_name": EVERYBODY,
    "reset_password": (SPENT, SPENT, SPENT),
    "invitation_start": EVERYBODY,
    "invitation": EVERYBODY,
    "invitation_link": (SPENT, SPENT, SPENT),
    "settlement": (SIGN_IN, NOTHING, AWAY),
    "second_steps": CUSTOMERS,
    "confirm_change": (SIGN_IN, AWAY, AWAY),
    "security_password": CUSTOMERS,
    "security_devices": (SIGN_IN, AWAY, AWAY),
    "security_activity": (SIGN_IN, AWAY, AWAY),
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
    quote = agreement_operations.issue_settlement_quote(
        agreement_id=hers.id, received_on=agreements.TODAY, settle_on=agreements.TODAY, key="street",
        actor=Actor.customer(hers.user_id), at=clock.now(),
    )  # fmt: skip
    return Street(
        owner=User.objects.get(id=hers.user_id),
        stranger=User.objects.get(id=his.user_id),
        parts={
            "reference": hers.reference,
            "payment_reference": references.reference("PY", hers.payments[0]),
            "quote_reference": references.reference("SQ", quote.quote_id),
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


@pytest.mark.parametrize("who", ["nobody", "a stranger", "the owner"])
@pytest.mark.parametrize("name", ROUTES)
def test_who_may_send_a_form(street: Street, name: str, who: str):
    client = PageClient({"a stranger": street.stranger, "the owner": street.owner}.get(who))
    address = _address(ROUTES[name], street)
    answer = _post(client, address)
    if name not in POSTS:
        assert answer.status_code == 405, (
            f"{address} takes no form, yet answers {answer.status_code} to one: decorate its view @require_safe, "
            "or say in POSTS who may send it"
        )
        assert answer.headers["Allow"] == "GET, HEAD"
        return
    wanted = POSTS[name][("nobody", "a stranger", "the owner").index(who)]
    statuses = {PAGE: 200, SIGN_IN: 302, AWAY: 302, NOTHING: 404, SPENT: 410}
    assert answer.status_code == statuses[wanted], (
        f"{who} sends a form to {address} and should get {wanted.name}, not {answer.status_code}"
    )
    goes_to = answer.headers.get("Location", "")
    if wanted is SIGN_IN:
        assert goes_to.startswith((reverse("account_login"), reverse("overview"))), f"{address} leads to {goes_to}"
    if wanted is NOTHING:
        nobodys = reverse(name, kwargs=_parts(ROUTES[name], {**street.parts, "reference": "7999999993"}))
        assert answer.content == _post(client, nobodys).content, f"{address} tells a stranger that it exists"


@pytest.mark.parametrize("name", sorted(POSTS))
def test_a_form_without_its_token_is_refused(street: Street, name: str):
    client = PageClient()
    assert client.browser.post(_address(ROUTES[name], street), secure=True).status_code == 403


def test_every_form_has_a_row_of_an_address_that_is_there():
    assert not sorted(set(POSTS) - set(ROUTES))


@pytest.mark.parametrize("who", ["nobody", "the owner"])
@pytest.mark.parametrize("name", [name for name in ROUTES if ACCESS.get(name, (POST,))[0] is not POST])
def test_head_answers_as_get_does(street: Street, name: str, who: str):
    browser = PageClient(street.owner if who == "the owner" else None).browser
    address = _address(ROUTES[name], street)
    head, get = browser.head(address, secure=True), browser.get(address, secure=True)
    assert (head.status_code, head.headers["Content-Type"]) == (get.status_code, get.headers["Content-Type"])
    assert head.content == b""


def _post(client: PageClient, address: str) -> Any:
    """An empty form, with the token that a page of ours would have given."""
    token = "a" * 32
    client.browser.cookies[settings.CSRF_COOKIE_NAME] = token
    return client.browser.post(
        address, {"csrfmiddlewaretoken": token}, secure=True, headers={"origin": "https://testserver"}
    )


def _kinds() -> dict[str, dict[str, Any]]:
    plain = replace(
        agreements.priya_terms(), rate_convention=RateConvention.NOMINAL, annual_percent=Decimal("7.6"),
        number_of_instalments=36, balloon=None, fees=(), instalment=None, apr_percent=None,
    )  # fmt: skip
    ended = replace(plain, number_of_instalments=12, drawdown_date=date(2024, 1, 10), first_due_date=date(2024, 2, 10))
    return {
        "a live PCP": {"terms": agreements.priya_terms(), "product": "PCP"},
        "a settled hire purchase": {"terms": ended, "product": "HIRE_PURCHASE", "status": Status.SETTLED},
        "a loan": {"terms": replace(plain, deposit=0), "product": "PERSONAL_LOAN"},
        "a joint one": {"terms": plain, "product": "HIRE_PURCHASE", "joint": True},
    }


@pytest.mark.parametrize("kind", ["a live PCP", "a settled hire purchase", "a loan", "a joint one"])
def test_each_kind_of_agreement_is_open_to_its_people_and_to_nobody_else(street: Street, kind: str):
    made = agreements.make(**_kinds()[kind], given_name="Una", family_name="Vale")
    hers = {**street.parts, "reference": made.reference}
    if made.payments:
        hers["payment_reference"] = references.reference("PY", made.payments[0])
    names = [name for name, row in ACCESS.items() if row == ONLY_OWNER and name != "settlement_quote"]
    addresses = [reverse(name, kwargs=_parts(ROUTES[name], hers)) for name in names]
    stranger = PageClient(street.stranger)
    for person in filter(None, (made.user_id, made.joint_user_id)):
        owner = PageClient(User.objects.get(id=person))
        for address in addresses:
            owner.get(address)
            stranger.get(address, status=404)


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
    if wanted is MOVED:
        response = client.browser.get(address, secure=True)
        assert response.status_code == 301, advice
        assert response.headers["Location"].startswith(settings.STATIC_URL), advice
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
