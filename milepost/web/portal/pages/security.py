"""How her sign-in is protected, where she is signed in, and what happened last."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.plumbing import clock
from milepost.servicing.identity.queries import activity, devices, protection
from milepost.web.shared.pages import CustomerRequest, customer_page, render

DEVICES, ACTS = 4, 6
"""How many of each are shown before the page that has them all."""


@require_safe
@customer_page
def security(request: CustomerRequest) -> HttpResponse:
    """`?done=password`: she has just changed it."""
    key = request.session.session_key
    hers = devices.devices(request.user.id, session_key=key, at=clock.now(), on=request.on, limit=DEVICES + 1)
    words = {
        "protection": protection.protection(request.user),
        "devices": hers[:DEVICES],
        "has_more_devices": len(hers) > DEVICES,
        "activity": activity.activity(request.user.id, on=request.on, session_key=key, lines=ACTS),
        "is_password_new": request.GET.get("done") == "password",
    }
    return render(request, "portal/security.html", words)
