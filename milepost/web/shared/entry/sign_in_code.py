"""The second step: the code, a new one, another way, or starting again."""

from datetime import timedelta
from typing import cast

from allauth.account.internal.decorators import login_stage_required
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock, lender
from milepost.plumbing.errors import Refusal
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.states import GuessKind
from milepost.web.shared import pages, sign_in as ours
from milepost.web.shared.entry.typed import TypedForm


class CodeForm(TypedForm):
    code = forms.CharField(max_length=100, error_messages={"required": "Enter the code we sent you"})
    trust_device = forms.BooleanField(required=False)


@pages.public_page
@login_stage_required(stage=ours.STAGE, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def sign_in_code(request: pages.PublicRequest) -> HttpResponse:
    stage = _stage(request)
    act = request.POST.get("act", "")
    if act == "start-again":
        return stage.start_again()
    form = CodeForm(request.POST if request.method == "POST" and not act else None)
    refused = ""
    if act == "again":
        refused = _send(stage, None)
        if not refused:
            return HttpResponseRedirect(reverse("sign_in_code") + "?sent=again")
    pending = stage.pending
    if pending is None:
        return HttpResponseRedirect(reverse("sign_in_another_way"))
    if form.is_valid():
        try:
            return stage.answer(form.cleaned_data["code"], form.cleaned_data["trust_device"])
        except operations.WrongCode as refusal:
            form.add_error("code", str(refusal))
        except operations.Paused as paused:
            return ours.pause(request, paused.until, GuessKind.CODE)
    at = clock.now()
    return pages.render(
        request,
        "account/sign_in_code.html",
        {
            "form": form,
            "pending": pending,
            "refused": refused,
            "is_again": request.GET.get("sent") == "again",
            "can_send": pending.again_at <= at,
            "trust_until": (at + timedelta(days=lender.current().security.trusted_device_days)).date(),
            "ways": [way for way in queries.contacts(stage.user_id) if way.id != pending.contact_id],
            "host": request.get_host().partition(":")[0],
        },
    )


@pages.public_page
@login_stage_required(stage=ours.STAGE, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def another_way(request: pages.PublicRequest) -> HttpResponse:
    """Choose where the code goes, among what she proved long ago: at sign-in nothing can be added or changed."""
    stage = _stage(request)
    ways = queries.contacts(stage.user_id)
    refused = ""
    if request.method == "POST":
        chosen = next((way for way in ways if str(way.id) == request.POST.get("way")), None)
        refused = _send(stage, chosen.id) if chosen else "Choose where we send the code"
        if not refused:
            return HttpResponseRedirect(reverse("sign_in_code"))
    words = {"ways": ways, "refused": refused, "is_waiting": stage.pending is not None}
    return pages.render(request, "account/another_way.html", words)


def _send(stage: ours.SecondStep, contact_id: int | None) -> str:
    """Why no code went out; nothing when one did."""
    try:
        stage.send_another(contact_id)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _stage(request: pages.PublicRequest) -> ours.SecondStep:
    return cast(ours.SecondStep, request._login_stage)  # type: ignore[attr-defined]
