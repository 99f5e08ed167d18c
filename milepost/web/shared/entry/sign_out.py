"""Signing out, and the page that says one is out."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from milepost.plumbing import clock
from milepost.servicing.identity import operations
from milepost.web.shared import pages, sign_in as ours

WHY = ("by-you", "timed-out", "elsewhere", "frozen")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session on the server, and let the browser forget what it kept. The device stays known."""
    if request.user.is_authenticated:
        key = request.session.session_key or ""
        operations.record_sign_out(user_id=request.user.pk, at=clock.now(), session_key=key)
    logout(request)
    response = HttpResponseRedirect(reverse("signed_out"))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
@pages.public_page
def signed_out(request: pages.PublicRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("overview"))
    why = request.GET.get("why", "")
    words = {"why": why if why in WHY else "by-you", "next": ours.own_path(request.GET.get("next")) or ""}
    return pages.render(request, "account/signed_out.html", words)
