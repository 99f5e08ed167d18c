"""Another password, for somebody who is signed in and knows the present one."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from milepost.plumbing import clock, lender
from milepost.plumbing.errors import Unavailable
from milepost.servicing.identity import operations, queries
from milepost.web.shared import sign_in
from milepost.web.shared.entry import new_password
from milepost.web.shared.entry.typed import TypedForm
from milepost.web.shared.pages import CustomerRequest, customer_page, render


class ChangePasswordForm(TypedForm):
    old = forms.CharField(max_length=2000, strip=False, error_messages={"required": "Enter your present password"})
    new = forms.CharField(max_length=2000, strip=False, error_messages={"required": "Enter a new password"})


@sensitive_post_parameters("old", "new")
@customer_page
def security_password(request: CustomerRequest) -> HttpResponse:
    form, busy = ChangePasswordForm(request.POST if request.method == "POST" else None), False
    if form.is_valid():
        try:
            return _change(request, form.cleaned_data["old"], form.cleaned_data["new"])
        except operations.WrongOldPassword as refusal:
            form.add_error("old", str(refusal))
        except operations.Paused as paused:
            form.add_error("old", _told(paused))
        except operations.PasswordRefused as refusal:
            form.add_error("new", str(refusal))
        except Unavailable as away:
            form.add_error("new", str(away))
            busy = True
    rules = lender.current().security
    strong = queries.has_second_step(request.user.id)
    shortest = rules.password_minimum_with_second_step if strong else rules.password_minimum
    drawn = render(request, "portal/security_password.html", {"form": form, "shortest": shortest})
    return new_password.busy(drawn) if busy else drawn


def _change(request: CustomerRequest, old: str, new: str) -> HttpResponse:
    hers = request.user.id
    epoch = operations.change_password(
        user_id=hers, old=old, new=new, device_id=queries.known_device(hers, sign_in.device_tokens(request)),
        keep=request.session.session_key or "", actor=request.actor, at=clock.now(), words=new_password.known_of(hers),
        device_words=sign_in.device_words(request), address=sign_in.client_address(request),
    )  # fmt: skip
    sign_in.stay(request, hers, epoch)
    return HttpResponseRedirect(f"{reverse('security')}?done=password")


def _told(paused: operations.Paused) -> str:
    if paused.until is None:
        return "Too many wrong passwords. Sign out, and choose a new one by a link to your email."
    return f"Too many wrong passwords. You can try again at {queries.told_minute(paused.until)}."
