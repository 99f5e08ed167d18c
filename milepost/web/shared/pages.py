"""What every page wears: who may open it, and the one way to draw it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template import loader
from django.urls import reverse

from milepost.plumbing import clock, lender, references
from milepost.plumbing.actor import Actor
from milepost.servicing.agreements import access
from milepost.servicing.business_days import queries as business_days
from milepost.servicing.identity.models import User
from milepost.servicing.identity.states import Role

P = ParamSpec("P")

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
_SEEN_STEP = 30
"""Seconds: a session's last use is written at most this often, so that most pages write nothing."""


class PublicRequest(HttpRequest):
    """A request to a page that anybody may open."""

    user: User | AnonymousUser
    on: date


class CustomerRequest(HttpRequest):
    """A request by a customer who has passed both steps."""

    user: User
    actor: Actor
    on: date


def public_page(
    page: Callable[Concatenate[PublicRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for everybody. A session that has run out is ended here too, so no page greets somebody who left."""

    @wraps(page)
    def open_page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated and not _still_signed_in(request, clock.now()):
            logout(request)
        opened = cast(PublicRequest, request)
        opened.on = business_days.today()
        return page(opened, *args, **kwargs)

    return open_page


def customer_page(
    page: Callable[Concatenate[CustomerRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for a signed-in customer. Somebody else's agreement answers exactly as one that does not exist.

    References in the address may be typed as they are printed, in groups: they lead to the one address of the page.
    """

    @wraps(page)
    def open_page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to("account_login", request)
        if not _still_signed_in(request, clock.now()):
            logout(request)
            return _to("signed_out", request, why="timed-out")
        opened = cast(CustomerRequest, request)
        if opened.user.role != Role.CUSTOMER:
            raise PermissionDenied
        opened.actor = Actor.customer(opened.user.id)
        opened.on = business_days.today()
        try:
            return _elsewhere(opened, kwargs) or page(opened, *args, **kwargs)
        except access.NotYours:
            raise Http404 from None

    return open_page


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page drawn by this Jinja2 template, with what every layout needs beside the page's own context."""
    on = getattr(request, "on", None)
    words = {"on": on, "user": request.user, "signed_in": request.user.is_authenticated}
    drawn = loader.get_template(template, using="jinja2").render({**words, **(context or {})}, request)
    return HttpResponse(drawn, status=status)


def begin(session: SessionBase, at: datetime) -> None:
    """Both steps are done: the session's two limits count from now."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(at.timestamp())


def _elsewhere(request: CustomerRequest, parts: Mapping[str, object]) -> HttpResponse | None:
    """To the page's own address from one with spaces in it. Raises NotYours before it says anything about it."""
    typed = {name: str(value) for name, value in parts.items() if name.endswith("reference")}
    tidy = {name: references.tidy(value) for name, value in typed.items()}
    if tidy == typed or request.method == "POST" or request.resolver_match is None:
        return None
    if any(references.row_id(word[:2], word) is None for name, word in tidy.items() if name != "reference"):
        raise access.NotYours
    access.agreement_of(request.user.id, tidy["reference"])
    address = reverse(request.resolver_match.view_name, kwargs={**parts, **tidy})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(address + (f"?{query}" if query else ""))


def _still_signed_in(request: HttpRequest, at: datetime) -> bool:
    """Inside the idle and the absolute limit? Both are the server's to keep; a cookie's own age proves nothing."""
    limits = lender.current().security
    second = int(at.timestamp())
    began, seen = (request.session.get(key, 0) for key in (SIGNED_IN_AT, SEEN_AT))
    if second - began >= timedelta(hours=limits.session_hours).total_seconds():
        return False
    if second - seen >= timedelta(minutes=limits.idle_minutes).total_seconds():
        return False
    if second - seen >= _SEEN_STEP:
        request.session[SEEN_AT] = second
    return True


def _to(name: str, request: HttpRequest, **words: str) -> HttpResponse:
    wanted = {"next": request.get_full_path()} if request.method == "GET" else {}
    query = urlencode({**words, **wanted})
    return HttpResponseRedirect(reverse(name) + (f"?{query}" if query else ""))
