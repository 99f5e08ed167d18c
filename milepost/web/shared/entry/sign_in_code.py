"""The second step: the code, a new one, another way, or starting again."""

from datetime import timedelta
from typing import cast

from allauth.account.internal.decorators import login_stage_required
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock, lender
from milepost.plumbing.errors import Refusal, Unavailable
from milepost.servicing.identity import access, operations
from milepost.servicing.identity.states import GuessKind, Purpose
from milepost.web.shared import pages, sign_in as ours
from milepost.web.shared.entry.typed import TypedForm

NO_CODE = "Enter the code we sent you"
NO_OWN_CODE = {"APP": "Enter the code from your app", "RECOVERY": "Enter one of your recovery codes"}


class CodeForm(TypedForm):
    code = forms.CharField(max_length=100, error_messages={"required": NO_CODE})
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
        refused = _send(stage)
        if not refused:
            return HttpResponseRedirect(reverse("sign_in_code") + "?sent=again")
    pending = stage.pending
    if pending is None:
        return HttpResponseRedirect(reverse("sign_in_another_way"))
    form.fields["code"].error_messages["required"] = NO_OWN_CODE.get(pending.kind, NO_CODE)
    status = 200
    if form.is_valid():
        try:
            return stage.answer(form.cleaned_data["code"], form.cleaned_data["trust_device"], pending.kind.value)
        except operations.WrongCode as refusal:
            form.add_error("code", str(refusal))
        except operations.Paused as paused:
            return ours.pause(request, paused.until, GuessKind.CODE)
        except Unavailable:
            form.add_error("code", "Very many people are signing in. Wait a few seconds and try again.")
            status = 503
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
            "ways": [way for way in access.ways(stage.user_id, Purpose.SIGN_IN) if not way.is_of(pending)],
            "host": request.get_host().partition(":")[0],
        },
        status=status,
    )


@pages.public_page
@login_stage_required(stage=ours.STAGE, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def another_way(request: pages.PublicRequest) -> HttpResponse:
    """Choose where the code goes, among what she proved long ago: at sign-in nothing can be added or changed."""
    stage = _stage(request)
    ways = access.ways(stage.user_id, Purpose.SIGN_IN)
    refused = ""
    if request.method == "POST":
        chosen = next((way for way in ways if way.name == request.POST.get("way")), None)
        refused = _send(stage, chosen) if chosen else "Choose a way to get a code"
        if not refused:
            return HttpResponseRedirect(reverse("sign_in_code"))
    words = {"ways": ways, "refused": refused, "is_waiting": stage.pending is not None}
    return pages.render(request, "account/another_way.html", words)


def _send(stage: ours.SecondStep, way: access.Way | None = None) -> str:
    """Why there is no new code; nothing when there is one."""
    try:
        stage.send_another(way.kind if way else None, way.contact_id if way else None)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _stage(request: pages.PublicRequest) -> ours.SecondStep:
    return cast(ours.SecondStep, request._login_stage)  # type: ignore[attr-defined]
