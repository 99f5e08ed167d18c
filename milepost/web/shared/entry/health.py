"""For machines: is the process alive, can it serve, and where things are."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from milepost.plumbing import clock, lender


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 when it does not. Says no more than that."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("not ready\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers send people."""
    return HttpResponseRedirect(reverse("account_reset_password"))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The lender's mark, for what asks at this address without reading the page."""
    response = HttpResponsePermanentRedirect(static("mark.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: how to tell the lender about a weakness."""
    expires = clock.now().replace(microsecond=0, second=0) + timedelta(days=180)
    lines = (
        f"Contact: mailto:{lender.current().contact.email}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
