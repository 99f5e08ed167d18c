"""A cookie of ours that came back broken is nobody's: every page answers as if it were not there, and replaces it."""

from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client

from milepost.servicing.identity.models import User
from milepost.web.shared import sign_in as ours
from tests.support.page_client import PageClient
from tests.web.entry.steps import sign_in

OURS = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, ours.DEVICE_COOKIE, ours.LOGIN_COOKIE, "messages")
"""The last one is not set any more; browsers that met it keep it."""
BROKEN = {
    "unquoted bytes": "\xff\xfe\x80\x81",
    "an escaped NUL": r'"\000\001' + "a" * 30 + '"',
    "a NUL as long as a session's key": r'"\000' + "a" * 31 + '"',
    "escaped bytes": r'"\377\376\355\240\200' + "b" * 30 + '"',
    "ten kilobytes": "x" * 10_000,
    "ten kilobytes in pieces": ".".join(["y" * 43] * 230),
    "signed wrongly": "cHJpeWE:1tABCD:" + "s" * 43,
    "signed with another key": signing.dumps("priya", key="not ours", salt=ours.LOGIN_COOKIE),
    "half a list": '[["__json_message",0,25,"',
    "empty": "",
    "only a quote": '"',
    "somebody else's length": "Z" * 64,
}
PAGES = ("/", "/help/", "/sign-in/", "/sign-in/locked/", "/forgot-password/", "/invitation/", "/signed-out/")


def ask(client: Client, address: str, **cookies: str) -> Any:
    """A request with these cookies beside the browser's own, sent as they are."""
    kept = [f"{name}={held.value}" for name, held in client.cookies.items() if name not in cookies]
    sent = "; ".join([*kept, *(f"{name}={value}" for name, value in cookies.items())])
    return Client().get(address, secure=True, HTTP_COOKIE=sent)


@pytest.mark.parametrize("value", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", OURS)
def test_every_page_is_drawn_with_it(visitor: PageClient, name: str, value: str) -> None:
    for address in PAGES:
        assert ask(visitor.browser, address, **{name: value}).status_code == 200, address
    assert ask(visitor.browser, "/overview/", **{name: value}).status_code == 302


@pytest.mark.parametrize("value", BROKEN.values(), ids=BROKEN)
def test_only_a_broken_session_asks_her_to_sign_in_again(visitor: PageClient, priya: User, value: str) -> None:
    sign_in(visitor)
    for name in set(OURS) - {settings.SESSION_COOKIE_NAME}:
        assert ask(visitor.browser, "/overview/", **{name: value}).status_code == 200, name
    answer = ask(visitor.browser, "/overview/", **{settings.SESSION_COOKIE_NAME: value})
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "value", [value for value in BROKEN.values() if value], ids=[name for name in BROKEN if name != "empty"]
)
def test_it_is_replaced(visitor: PageClient, value: str) -> None:
    for name in (ours.LOGIN_COOKIE, settings.SESSION_COOKIE_NAME):
        answer = ask(visitor.browser, "/sign-in/", **{name: value})
        if value != '"' or name == ours.LOGIN_COOKIE:
            assert answer.cookies[name]["max-age"] == 0, name
    answer = ask(visitor.browser, "/sign-in/", **{settings.CSRF_COOKIE_NAME: value})
    assert len(answer.cookies[settings.CSRF_COOKIE_NAME].value) == 32


def test_a_device_that_nobody_could_have_is_forgotten(visitor: PageClient) -> None:
    assert (
        ask(visitor.browser, "/sign-in/", **{ours.DEVICE_COOKIE: "x" * 10_000}).cookies[ours.DEVICE_COOKIE]["max-age"]
        == 0
    )
    assert ours.DEVICE_COOKIE not in ask(visitor.browser, "/sign-in/", **{ours.DEVICE_COOKIE: "y" * 43}).cookies


def test_signing_in_works_with_all_of_them_broken(visitor: PageClient, priya: User) -> None:
    for name in (ours.DEVICE_COOKIE, ours.LOGIN_COOKIE, settings.SESSION_COOKIE_NAME, "messages"):
        visitor.browser.cookies[name] = "x" * 3_000
    assert sign_in(visitor) == "/overview/"
