"""The client that page tests fetch with: it checks every answer it gets, so that no test has to."""

import json
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milepost.plumbing import clock, lender
from milepost.servicing.identity.models import User
from milepost.web.shared import pages
from tests.support import markup

QUERY_BUDGET = 12
"""Statements a page may ask, whatever the size of the book: session, user, lender's date, and its own few."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class Page:
    """An answer that passed every check."""

    response: Any
    address: str
    queries: tuple[str, ...]

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def html(self) -> str:
        return str(self.response.content.decode())

    @cached_property
    def root(self) -> Element:
        found: Element = html5lib.parse(self.html, namespaceHTMLElements=False)
        return found

    @cached_property
    def text(self) -> str:
        """The words in <main> as a person reads them: one line, non-breaking spaces as plain ones."""
        main = self.root.find(".//main")
        return markup.text_of(self.root if main is None else main)

    @property
    def heading(self) -> str:
        found = self.root.find(".//h1")
        return "" if found is None else markup.text_of(found)

    @property
    def goes_to(self) -> str:
        """Where a redirect leads; empty for a page."""
        return str(self.response.headers.get("Location", ""))

    @cached_property
    def links(self) -> dict[str, str]:
        """The words of every link, and where it leads."""
        return {markup.text_of(link): link.get("href", "") for link in self.root.iter("a")}

    def one(self, path: str) -> Element:
        """The only element at this ElementTree path."""
        found = self.root.findall(path)
        assert len(found) == 1, f"{len(found)} elements at {path} on {self.address}"
        return found[0]

    def fields(self, form: str = "") -> dict[str, str]:
        """What the form with this action (or the page's only POST form) would send, untouched."""
        forms = [each for each in self.root.iter("form") if each.get("method", "").lower() == "post"]
        chosen = [each for each in forms if not form or each.get("action") == form]
        assert len(chosen) == 1, f"{len(chosen)} POST forms to {form or 'anywhere'} on {self.address}"
        return {
            str(field.get("name")): field.get("value", "on")
            for field in chosen[0].iter("input")
            if field.get("name")
            and (field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None)
        }


class PageClient:
    """A browser without a screen. `get` and `post` return the page, or fail with what is wrong with it."""

    def __init__(self, user: User | None = None) -> None:
        self.browser = Client(
            enforce_csrf_checks=True, headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Tests/1.0"}
        )
        self.signed_in = False
        if user is not None:
            self.sign_in(user)

    def sign_in(self, user: User) -> None:
        """Straight to a session with both steps done. The way through the pages has tests of its own."""
        self.browser.force_login(user)
        session = self.browser.session
        pages.begin(session, clock.now())
        session.save()
        self.signed_in = True

    def get(self, address: str, *, status: int = 200, queries: int = QUERY_BUDGET, fragment: bool = False) -> Page:
        """Fetch and check. Redirects are not followed: give `status=302` and read `goes_to`."""
        headers = {"HX-Request": "true"} if fragment else {}
        return self._fetch("get", address, {}, headers, status=status, queries=queries, fragment=fragment)

    def post(
        self,
        address: str,
        data: dict[str, Any] | None = None,
        *,
        status: int = 302,
        queries: int = 40,
        on: str | None = None,
    ) -> Page:
        """Open the page (at `on`, where the form stands elsewhere), fill its form in, send it, check the answer.

        A POST that leads back to the form shows it with its faults: `status=200`, or what the page promises.
        """
        self._fetch("get", on or address, {}, {}, status=200, queries=QUERY_BUDGET, fragment=False)
        token = self.browser.cookies[settings.CSRF_COOKIE_NAME].value
        sent = {"csrfmiddlewaretoken": token, **(data or {})}
        return self._fetch("post", address, sent, {}, status=status, queries=queries, fragment=False)

    def json(self, address: str, *, status: int = 200) -> Any:
        """An answer for machines."""
        response = self.browser.get(address, secure=True)
        assert response.status_code == status, f"{address} answered {response.status_code}, not {status}"
        assert response.headers["Content-Type"].startswith("application/json"), response.headers["Content-Type"]
        return json.loads(response.content)

    def _fetch(
        self, method: str, address: str, data: dict[str, Any], headers: dict[str, str], *,
        status: int, queries: int, fragment: bool,
    ) -> Page:  # fmt: skip
        if method == "post":
            headers = {**headers, "origin": "https://testserver"}
        with CaptureQueriesContext(connection) as asked:
            response = getattr(self.browser, method)(address, data, secure=True, headers=headers)
        page = Page(response, address, tuple(query["sql"] for query in asked.captured_queries))
        faults = [*self._answer_faults(page, status, queries), *_header_faults(page), *_cookie_faults(response.cookies)]
        if page.status < 300 or page.status >= 400:
            faults += markup.faults(page.html, lender=lender.current().name, fragment=fragment)
        assert not faults, f"{method.upper()} {address}:\n- " + "\n- ".join(faults)
        return page

    def _answer_faults(self, page: Page, status: int, queries: int) -> list[str]:
        faults = []
        if page.status != status:
            where = f" to {page.goes_to}" if page.goes_to else f" {page.heading!r}"
            faults.append(f"answered {page.status}{where}, not {status}")
        if len(page.queries) > queries:
            faults.append(
                f"{len(page.queries)} statements, over the budget of {queries}:\n    " + "\n    ".join(page.queries)
            )
        if page.goes_to and urlsplit(page.goes_to).netloc:
            faults.append(f"redirects to another site: {page.goes_to}")
        return faults


def _header_faults(page: Page) -> list[str]:
    headers = page.response.headers
    faults = [
        f"{name} is {headers.get(name)!r}, not {value!r}"
        for name, value in HEADERS.items()
        if headers.get(name) != value
    ]
    policy = dict(part.strip().partition(" ")[::2] for part in headers.get("Content-Security-Policy", "").split(";"))
    if (
        policy.get("default-src") != "'none'"
        or policy.get("base-uri") != "'none'"
        or policy.get("frame-ancestors") != "'none'"
    ):
        faults.append(f"the content security policy is not strict: {policy}")
    loose = ("unsafe", "*", "data:", "http:", "https:")
    faults += [f"{kind} allows {value}" for kind, value in policy.items() if any(word in value for word in loose)]
    if "no-store" not in headers.get("Cache-Control", ""):
        faults.append(
            f"Cache-Control is {headers.get('Cache-Control')!r}: a page that is kept can be seen after signing out"
        )
    if "Strict-Transport-Security" not in headers:
        faults.append("no Strict-Transport-Security")
    return faults


def _cookie_faults(cookies: SimpleCookie) -> list[str]:
    faults = []
    for name, cookie in cookies.items():
        if not cookie.value:
            continue  # it is being removed
        if not name.startswith("__Host-"):
            faults.append(f"cookie {name} lacks the __Host- prefix, which ties it to this host")
        if not (cookie["secure"] and cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict")):
            faults.append(
                f"cookie {name} must be Secure, HttpOnly and SameSite: {cookie.OutputString().partition(';')[2]}"
            )
        if cookie["path"] != "/" or cookie["domain"]:
            faults.append(f"cookie {name} must have path / and no domain")
    return faults
