"""What happened to her sign-in, and what to press when it was not she."""

from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock
from milepost.servicing.identity import operations
from milepost.servicing.identity.queries import activity
from milepost.web.shared.pages import CustomerRequest, customer_page, render

NOW = "now"
"""In place of an entry: freeze, whatever happened."""


@customer_page
def security_activity(request: CustomerRequest) -> HttpResponse:
    """`?before=` an entry: what is older. `?not_me=` an entry, or `now`: asks whether to freeze. POST freezes."""
    if request.method == "POST":
        return _freeze(request)
    asked = request.GET.get("not_me", "")
    if asked:
        act = None if asked == NOW else _act(request, asked)
        return render(request, "portal/security_not_me.html", {"act": act, "about": asked})
    before = request.GET.get("before", "")
    view = activity.activity(
        request.user.id,
        on=request.on,
        session_key=request.session.session_key,
        before=_number(before) if before else None,
    )
    return render(request, "portal/security_activity.html", {"activity": view})


def _freeze(request: CustomerRequest) -> HttpResponse:
    """End everything, here too. Without a word of what it is about, nothing is done."""
    asked = request.POST.get("about", "")
    if not asked:
        return HttpResponseRedirect(reverse("security_activity"))
    about = None if asked == NOW else _act(request, asked).id
    operations.freeze_sign_in(user_id=request.user.id, actor=request.actor, at=clock.now(), about=about)
    logout(request)
    response = HttpResponseRedirect(f"{reverse('signed_out')}?why=frozen")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _act(request: CustomerRequest, asked: str) -> activity.Act:
    """An entry of hers that may be disowned; anything else does not exist."""
    found = activity.act(request.user.id, _number(asked))
    if found is None:
        raise Http404
    return found


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 18):
        raise Http404
    return int(typed)
