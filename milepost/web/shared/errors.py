"""Pages that say something did not work. None of them asks the database anything, and none tells what broke inside."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, HttpResponseServerError
from django.template import loader
from django.urls import reverse

BARE = '<!doctype html><html lang="en"><title>Something went wrong</title><h1>Something went wrong</h1>'
"""What is left to say when even the page of an error cannot be drawn."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page("400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page("403", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or was not ours: the same page whichever it was.

    Somebody who has signed in meanwhile, in another tab, is led to where signing in would have led her.
    """
    if request.path == reverse("account_login") and request.user.is_authenticated:
        return HttpResponseRedirect(reverse("overview"))
    return _page("403", 403, expired=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page("404", 404)


def not_allowed(request: HttpRequest, allowed: str = "GET, HEAD, POST") -> HttpResponse:
    """A method that no page of ours answers, a form sent to a page without one, or a page that is only sent forms."""
    response = _page("405", 405)
    response["Allow"] = allowed
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """A link that worked once, or whose time is up."""
    return _page("410", 410)


def too_many(request: HttpRequest, retry_after: int) -> HttpResponse:
    """Too many tries in a short time; `retry_after` in seconds."""
    response = _page("429", 429, minutes=-(-retry_after // 60))
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    try:
        return _page("500", 500)
    except Exception:  # noqa: BLE001 - this is the last page there is: it must not fail in its turn
        return HttpResponseServerError(BARE)


def maintenance(request: HttpRequest) -> HttpResponse:
    """The database cannot be reached, or we are at work on it."""
    response = _page("maintenance", 503)
    response["Retry-After"] = "300"
    return response


def _page(name: str, status: int, **words: Any) -> HttpResponse:
    """Without the request: nobody is looked up, so nothing is said that depends on who asks."""
    template = loader.get_template(f"errors/{name}.html", using="jinja2")
    return HttpResponse(template.render({"on": None, "signed_in": False, **words}), status=status)
