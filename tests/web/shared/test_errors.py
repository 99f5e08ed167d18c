"""Pages of errors: plain, with a number to call, drawn without the database, silent about what broke inside."""

import re

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from milepost.web.shared import errors, middleware
from tests.support import markup

LENDER = "Larkfield Motor Finance"
ALL = {
    400: errors.bad_request,
    403: errors.forbidden,
    404: errors.not_found,
    410: errors.gone,
    429: lambda request: errors.too_many(request, 90),
    500: errors.server_error,
    503: errors.maintenance,
}


@pytest.fixture
def request_of_nobody() -> HttpRequest:
    """A request that no middleware has seen: there is no session and no user to ask."""
    return RequestFactory().get("/agreements/7034118255/")


@pytest.mark.parametrize("status", ALL)
def test_it_is_drawn_without_a_database(status: int, request_of_nobody: HttpRequest):
    answer = ALL[status](request_of_nobody)
    html = answer.content.decode()
    assert answer.status_code == status
    assert not markup.faults(html, lender=LENDER)
    assert "0808" in html
    assert "7034118255" not in html


@pytest.mark.parametrize("status", [500, 503])
def test_the_last_pages_need_nothing_but_themselves(status: int, request_of_nobody: HttpRequest):
    html = ALL[status](request_of_nobody).content.decode()
    assert not re.search(r"<(link|script|img|style)\b", html)


def test_a_page_that_cannot_be_drawn_still_says_something(request_of_nobody: HttpRequest, monkeypatch):
    monkeypatch.setattr("milepost.web.shared.errors.loader.get_template", _broken)
    answer = errors.server_error(request_of_nobody)
    assert answer.status_code == 500
    assert b"Something went wrong" in answer.content
    assert b"secret" not in answer.content


def test_a_lost_database_is_told_as_maintenance(request_of_nobody: HttpRequest):
    answer = middleware.page_rules(lambda _: HttpResponse()).process_exception(  # type: ignore[attr-defined]
        request_of_nobody, OperationalError("host 10.0.0.7 does not answer")
    )
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert b"10.0.0.7" not in answer.content


def test_a_form_that_was_open_too_long_says_so(request_of_nobody: HttpRequest):
    answer = errors.csrf_failure(request_of_nobody, "CSRF cookie not set.")
    assert answer.status_code == 403
    assert b"open too long" in answer.content
    assert b"CSRF cookie" not in answer.content


def test_too_many_tries_say_when_to_come_back(request_of_nobody: HttpRequest):
    answer = errors.too_many(request_of_nobody, 61)
    assert answer["Retry-After"] == "61"
    assert "about 2 minutes" in answer.content.decode()


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("secret")


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_no_page_answers_another_method(client: Client, method: str) -> None:
    response = client.generic(method, "/sign-in/", headers={"host": "localhost"})
    assert response.status_code == 405
    assert b"Nothing has been changed" in response.content
