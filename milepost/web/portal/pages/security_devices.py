"""Where she is signed in and which browsers she has used: sign one out, sign out all others, forget one."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock
from milepost.servicing.identity import operations
from milepost.servicing.identity.queries import devices
from milepost.web.shared import sign_in
from milepost.web.shared.pages import CustomerRequest, customer_page, render

DONE = ("ended", "others", "forgotten")


@customer_page
def security_devices(request: CustomerRequest) -> HttpResponse:
    """`?done=` says what the form sent before has done."""
    if request.method == "POST":
        done = _act(request, request.POST.get("act", ""), _number(request.POST.get("id", "")))
        return HttpResponseRedirect(reverse("security_devices") + (f"?done={done}" if done else ""))
    done = request.GET.get("done", "")
    words = {
        "devices": devices.devices(
            request.user.id, session_key=request.session.session_key, at=clock.now(), on=request.on
        ),
        "done": done if done in DONE else "",
    }
    return render(request, "portal/security_devices.html", words)


def _act(request: CustomerRequest, act: str, row_id: int) -> str:
    """Do one of the three; what was done. An id that is nobody's, or another's, changes nothing."""
    hers, at, key = request.user.id, clock.now(), request.session.session_key or ""
    if act == "end" and row_id:
        operations.end_session(user_id=hers, sign_in_id=row_id, actor=request.actor, at=at)
        return "ended"
    if act == "end-others":
        epoch = operations.end_sessions(user_id=hers, actor=request.actor, at=at, keep=key)
        sign_in.stay(request, hers, epoch)
        return "others"
    if act == "forget" and row_id:
        operations.forget_device(user_id=hers, device_id=row_id, actor=request.actor, at=at, keep=key)
        return "forgotten"
    return ""


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else 0
