"""Second steps: what they are, an authenticator app added or removed, recovery codes shown once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import qrcode
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock
from milepost.plumbing.errors import Refusal, Unavailable
from milepost.servicing.identity import access, operations, queries
from milepost.servicing.identity.operations import NewApp
from milepost.servicing.identity.states import GuessKind
from milepost.web.shared import second_step, sign_in
from milepost.web.shared.entry.typed import TOO_LONG
from milepost.web.shared.pages import CustomerRequest, customer_page, render

BUSY = "Very many people are signing in. Wait a few seconds and try again."
NO_CODE = "Enter the code from your app"
LONGEST = 100
_WAITING = "app_to_confirm"
"""In the session: the app that she is setting up."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code: how many squares a side has, and the dark ones as a path."""

    size: int
    path: str


@customer_page
def second_steps(request: CustomerRequest) -> HttpResponse:
    """A change asks for a code first, unless one was given in the last five minutes."""
    act = request.POST.get("act", "")
    if request.method != "POST":
        return _shown(request)
    if act in ACTS:
        return carry_out(request, act) if second_step.is_fresh(request) else second_step.ask_first(request, act)
    if act == "stop":
        request.session.pop(_WAITING, None)
        return HttpResponseRedirect(reverse("second_steps"))
    return _confirm_app(request) if act == "confirm-app" else _shown(request)


def carry_out(request: CustomerRequest, act: str) -> HttpResponse:
    """Do what she has asked for: her second step is fresh."""
    try:
        return ACTS[act](request)
    except Refusal as refusal:
        return _shown(request, fault=str(refusal))
    except Unavailable:
        busy = _shown(request, fault=BUSY)
        busy.status_code, busy["Retry-After"] = 503, "5"
        return busy


def _add_app(request: CustomerRequest) -> HttpResponse:
    request.session[_WAITING] = operations.begin_app(user_id=request.user.id, at=clock.now())
    return HttpResponseRedirect(reverse("second_steps"))


def _remove_app(request: CustomerRequest) -> HttpResponse:
    operations.remove_app(user_id=request.user.id, at=clock.now())
    return HttpResponseRedirect(reverse("second_steps") + "?done=removed")


def _renew_codes(request: CustomerRequest) -> HttpResponse:
    """Drawn in this answer and never again."""
    return _shown(request, codes=operations.renew_recovery_codes(user_id=request.user.id, at=clock.now()))


ACTS: dict[str, Callable[[CustomerRequest], HttpResponse]] = {
    "add-app": _add_app,
    "remove-app": _remove_app,
    "recovery-codes": _renew_codes,
}


def _confirm_app(request: CustomerRequest) -> HttpResponse:
    typed = request.POST.get("code", "").strip()
    if not typed or len(typed) > LONGEST:
        return _shown(request, code_fault=TOO_LONG if typed else NO_CODE)
    device_id = queries.known_device(request.user.id, sign_in.device_tokens(request))
    try:
        operations.confirm_app(
            user_id=request.user.id,
            factor_id=request.session.get(_WAITING, 0),
            typed=typed,
            subject=queries.guess_subject("", request.user.id, device_id),
            at=clock.now(),
        )
    except operations.Paused as paused:
        return sign_in.pause(request, paused.until, GuessKind.CODE)
    except operations.WrongCode as refusal:
        return _shown(request, code_fault=str(refusal))
    except Refusal as refusal:
        request.session.pop(_WAITING, None)
        return _shown(request, fault=str(refusal))
    request.session.pop(_WAITING, None)
    second_step.record(request.session, "APP", clock.now())
    return HttpResponseRedirect(reverse("second_steps") + "?done=added")


def _shown(
    request: CustomerRequest, *, codes: tuple[str, ...] = (), fault: str = "", code_fault: str = ""
) -> HttpResponse:
    new = _being_set_up(request)
    words = {
        "steps": access.second_steps(request.user.id),
        "new": new,
        "drawing": _drawing(new.uri) if new else None,
        "codes": codes,
        "fault": fault,
        "code_fault": code_fault if new else "",
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/second_steps.html", words)


def _being_set_up(request: CustomerRequest) -> NewApp | None:
    factor_id = request.session.get(_WAITING)
    if factor_id is None:
        return None
    try:
        return operations.new_app(user_id=request.user.id, factor_id=factor_id, at=clock.now())
    except operations.NothingToConfirm:
        return None


def _drawing(uri: str) -> Drawing:
    code = qrcode.QRCode(border=4)
    code.add_data(uri)
    matrix = code.get_matrix()
    return Drawing(len(matrix), "".join(mark for row, line in enumerate(matrix) for mark in _marks(row, line)))


def _marks(row: int, line: list[bool]) -> Iterator[str]:
    place = 0
    for is_dark, run in groupby(line):
        width = len(list(run))
        if is_dark:
            yield f"M{place} {row}h{width}v1h-{width}z"
        place += width
