"""Addresses are a promise: letters print them and customers bookmark them. Each keeps its name, or the test fails."""

import pytest
from django.urls import Resolver404, resolve, reverse

from tests.support.routes import every_route

AGREEMENT = "7034118255"
PROMISED = {
    "/": "home",
    "/sign-in/": "account_login",
    "/sign-in/code/": "sign_in_code",
    "/sign-in/another-way/": "sign_in_another_way",
    "/sign-in/locked/": "sign_in_locked",
    "/sign-out/": "account_logout",
    "/signed-out/": "signed_out",
    "/forgot-password/": "account_reset_password",
    "/overview/": "overview",
    "/security/": "security",
    "/security/password/": "security_password",
    "/security/devices/": "security_devices",
    "/security/activity/": "security_activity",
    "/security/second-steps/": "second_steps",
    f"/agreements/{AGREEMENT}/": "agreement",
    f"/agreements/{AGREEMENT}/schedule/": "schedule",
    f"/agreements/{AGREEMENT}/payments/": "payments",
    f"/agreements/{AGREEMENT}/payments/PY8K2M4Q7/": "payment",
}
"""Address -> name. An address that is taken away answers with a redirect for ever; it never leaves this table."""

KEPT = (
    "/forgot-password/sent/", "/reset/token/", "/forgot-user-name/", "/invitation/start/", "/invitation/",
    "/invitation/token/", "/health/live", "/health/ready", "/.well-known/change-password",
    "/.well-known/security.txt", "/demo/outbox", "/demo/outbox.json", "/demo/people.json",
)  # fmt: skip
"""Addresses that exist under whatever name."""

LIBRARY_NEEDS = ("account_login", "account_logout", "account_reset_password")
"""Names that allauth reverses: a missing one is a 500 on the day it is needed."""


@pytest.mark.parametrize(("address", "name"), PROMISED.items(), ids=PROMISED)
def test_an_address_keeps_its_name(address: str, name: str):
    found = resolve(address)
    assert found.url_name == name
    assert reverse(name, kwargs=found.kwargs) == address


@pytest.mark.parametrize("address", KEPT)
def test_an_address_is_not_lost(address: str):
    try:
        resolve(address)
    except Resolver404:
        pytest.fail(f"{address} is on the site map and does not answer. Bring it back, or redirect from it.")


@pytest.mark.parametrize("name", LIBRARY_NEEDS)
def test_a_name_that_the_library_reverses_is_there(name: str):
    assert reverse(name).startswith("/")


def test_every_address_has_a_name_and_ends_as_the_others_do():
    for route in every_route():
        assert route.name, f"{route.route} has no name: templates and tests could only spell it out"
        assert route.route == route.route.lower() or "<" in route.route, (
            f"{route.route}: lower case, words with hyphens"
        )
        machine = route.route.startswith(("health/", ".well-known/", "demo/", "metrics", "favicon.ico"))
        assert machine or not route.route or route.route.endswith("/"), f"{route.route} does not end in a slash"
        assert "_" not in route.route.split("<")[0], (
            f"{route.route}: hyphens between words, as customers read addresses"
        )


def test_no_view_of_a_library_is_included_whole():
    strangers = [
        f"{route.route} ({route.view_module})"
        for route in every_route()
        if not route.view_module.startswith(("milepost.", "django.views.static"))
    ]
    assert not strangers, (
        f"These answer with a library's view and so with its page: {strangers}. Wrap each in a page file of "
        "web/shared/pages, with our template, under the name that the library reverses."
    )
