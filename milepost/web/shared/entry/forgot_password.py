"""A forgotten password and a forgotten user name. The same answer, as fast, for somebody we do not know."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from milepost.plumbing import clock, lender
from milepost.plumbing.errors import Unavailable
from milepost.servicing.identity import operations, queries
from milepost.web.shared import pages
from milepost.web.shared.entry import new_password
from milepost.web.shared.entry.typed import TypedForm


class ForgotPasswordForm(TypedForm):
    login = forms.CharField(max_length=254, error_messages={"required": "Enter your email or user name"})


class ForgotUserNameForm(TypedForm):
    email = forms.CharField(max_length=254, error_messages={"required": "Enter your email"})


class NewPasswordForm(TypedForm):
    password = forms.CharField(max_length=2000, strip=False, error_messages={"required": "Enter a new password"})


@pages.public_page
def forgot_password(request: pages.PublicRequest) -> HttpResponse:
    form = ForgotPasswordForm(request.POST or None)
    if form.is_valid():
        user_id = queries.user_id_for_login(form.cleaned_data["login"])
        operations.request_password_reset(user_id=user_id, at=clock.now())
        return HttpResponseRedirect(reverse("forgot_password_sent"))
    return pages.render(request, "account/forgot_password.html", {"form": form})


@require_safe
@pages.public_page
def forgot_password_sent(request: pages.PublicRequest) -> HttpResponse:
    return pages.render(request, "account/forgot_password_sent.html")


@sensitive_post_parameters("password")
@pages.public_page
def reset_password(request: pages.PublicRequest, token: str) -> HttpResponse:
    """GET shows and spends nothing: mail scanners open every link. POST sets the password, and signs nobody in."""
    at = clock.now()
    user_id = queries.user_of_reset_link(token, at)
    if user_id is None:
        return pages.render(request, "account/link_closed.html", {}, status=410)
    form, busy = NewPasswordForm(request.POST or None), False
    if form.is_valid():
        try:
            operations.reset_password(
                token=token, password=form.cleaned_data["password"], at=at, words=new_password.known_of(user_id)
            )
        except operations.LinkClosed:
            return pages.render(request, "account/link_closed.html", {}, status=410)
        except (operations.PasswordRefused, Unavailable) as refusal:
            form.add_error("password", str(refusal))
            busy = isinstance(refusal, Unavailable)
        else:
            request.session.flush()
            return HttpResponseRedirect(reverse("password_changed"))
    rules = lender.current().security
    strong = queries.has_second_step(user_id)
    shortest = rules.password_minimum_with_second_step if strong else rules.password_minimum
    drawn = pages.render(request, "account/reset_password.html", {"form": form, "shortest": shortest})
    return new_password.busy(drawn) if busy else drawn


@require_safe
@pages.public_page
def password_changed(request: pages.PublicRequest) -> HttpResponse:
    return pages.render(request, "account/password_changed.html")


@pages.public_page
def forgot_user_name(request: pages.PublicRequest) -> HttpResponse:
    form = ForgotUserNameForm(request.POST or None)
    is_sent = form.is_valid()
    if is_sent:
        user_id = queries.user_id_for_login(form.cleaned_data["email"])
        operations.request_user_name(user_id=user_id, at=clock.now())
    return pages.render(request, "account/forgot_user_name.html", {"form": form, "is_sent": is_sent})
