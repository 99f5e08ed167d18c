"""Before a change of what protects her account: a code, which says what it is for."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock
from milepost.plumbing.errors import Refusal, Unavailable
from milepost.servicing.identity import access, operations, queries
from milepost.servicing.identity.queries import PendingChallenge
from milepost.servicing.identity.states import GuessKind, Purpose
from milepost.web.portal.pages import second_steps
from milepost.web.shared import second_step, sign_in
from milepost.web.shared.entry.sign_in_code import NO_CODE, NO_OWN_CODE
from milepost.web.shared.entry.typed import TOO_LONG
from milepost.web.shared.pages import CustomerRequest, customer_page, render

DEEDS = {
    "add-app": "add an authenticator app",
    "remove-app": "remove your authenticator app",
    "recovery-codes": "get new recovery codes",
}


@customer_page
def confirm_change(request: CustomerRequest) -> HttpResponse:
    """The code, another way to get one, or leaving it. The right code does the change at once."""
    challenge_id, secret, act = request.session.get(second_step.ASKED, (0, "", ""))
    if act not in DEEDS:
        return HttpResponseRedirect(reverse("second_steps"))
    if request.POST.get("act") == "stop":
        del request.session[second_step.ASKED]
        return HttpResponseRedirect(reverse("second_steps"))
    if "way" in request.POST:
        return _another_way(request, challenge_id, secret, act)
    pending = queries.pending_challenge(challenge_id, secret, clock.now())
    if request.method == "POST" and pending:
        return _answered(request, pending, secret, act)
    return _shown(request, pending, act)


def _answered(request: CustomerRequest, pending: PendingChallenge, secret: str, act: str) -> HttpResponse:
    typed = request.POST.get("code", "").strip()
    if not typed or len(typed) > second_steps.LONGEST:
        return _shown(request, pending, act, fault=TOO_LONG if typed else NO_OWN_CODE.get(pending.kind, NO_CODE))
    device_id = queries.known_device(request.user.id, sign_in.device_tokens(request))
    at = clock.now()
    try:
        operations.check_code(
            challenge_id=pending.id, session_secret=secret, typed=typed,
            subject=queries.guess_subject("", request.user.id, device_id), at=at,
            device_words=sign_in.device_words(request),
        )  # fmt: skip
    except operations.Paused as paused:
        return sign_in.pause(request, paused.until, GuessKind.CODE)
    except operations.WrongCode as refusal:
        return _shown(request, pending, act, fault=str(refusal))
    except Unavailable:
        busy = _shown(request, pending, act, fault=second_steps.BUSY)
        busy.status_code, busy["Retry-After"] = 503, "5"
        return busy
    del request.session[second_step.ASKED]
    sign_in.renew_key(request, request.user.id)
    second_step.record(request.session, pending.kind.value, at)
    return second_steps.carry_out(request, act)


def _another_way(request: CustomerRequest, challenge_id: int, secret: str, act: str) -> HttpResponse:
    ways = access.ways(request.user.id, Purpose.CONFIRM_CHANGE)
    chosen = next((way for way in ways if way.name == request.POST["way"]), None)
    refused = "Choose a way to get a code"
    if chosen:
        try:
            renewed = operations.send_another(
                challenge_id=challenge_id, session_secret=secret, kind=chosen.kind, contact_id=chosen.contact_id,
                at=clock.now(),
            )  # fmt: skip
            request.session[second_step.ASKED] = [renewed, secret, act]
            return HttpResponseRedirect(reverse("confirm_change"))
        except Refusal as refusal:
            refused = str(refusal)
    return _shown(request, queries.pending_challenge(challenge_id, secret, clock.now()), act, refused=refused)


def _shown(
    request: CustomerRequest, pending: PendingChallenge | None, act: str, *, fault: str = "", refused: str = ""
) -> HttpResponse:
    words = {
        "pending": pending,
        "deed": DEEDS[act],
        "ways": access.ways(request.user.id, Purpose.CONFIRM_CHANGE),
        "fault": fault,
        "refused": refused,
    }
    return render(request, "portal/confirm_change.html", words)
