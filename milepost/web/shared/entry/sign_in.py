"""The first step: e-mail or user name, and password, on one page."""

from allauth.account.internal.stagekit import get_pending_stage
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from milepost.plumbing.errors import Unavailable
from milepost.servicing.identity import operations
from milepost.servicing.identity.states import GuessKind
from milepost.web.shared import pages, sign_in as ours
from milepost.web.shared.entry.typed import TypedForm


class SignInForm(TypedForm):
    login = forms.CharField(max_length=254, error_messages={"required": "Enter your email or user name"})
    password = forms.CharField(max_length=2000, strip=False, error_messages={"required": "Enter your password"})
    remember = forms.BooleanField(required=False)


@sensitive_post_parameters("password")
@pages.public_page
def sign_in(request: pages.PublicRequest) -> HttpResponse:
    wanted = ours.own_path(request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted or reverse("overview"))
    if get_pending_stage(request):
        return HttpResponseRedirect(reverse("sign_in_code"))
    remembered = ours.remembered_login(request)
    form = SignInForm(request.POST or None, initial={"login": remembered, "remember": bool(remembered)})
    status = 200
    if form.is_valid():
        try:
            return _try(request, form, wanted)
        except operations.WrongPassword as refusal:
            form.add_error(None, str(refusal))
        except operations.Paused as paused:
            return ours.pause(request, paused.until, GuessKind.PASSWORD)
        except Unavailable:
            form.add_error(None, "Very many people are signing in. Wait a few seconds and try again.")
            status = 503
    response = pages.render(request, "account/sign_in.html", {"form": form, "next": wanted or ""}, status=status)
    ours.forget_unreadable_cookies(request, response)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _try(request: pages.PublicRequest, form: SignInForm, wanted: str | None) -> HttpResponse:
    typed = form.cleaned_data["login"]
    user = ours.Adapter(request).authenticate(request, username=typed, password=form.cleaned_data["password"])
    if user is None:
        until = ours.counted_try(request).paused_until
        if until:
            return ours.pause(request, until, GuessKind.PASSWORD)
        raise operations.WrongPassword
    response = ours.password_step(request, user, wanted)
    ours.remember_login(response, typed if form.cleaned_data["remember"] else "")
    return response
