"""Pay it all off: about what it costs on a day of her choice, and the way to the exact figure."""

import re
import secrets
from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock, references
from milepost.plumbing.errors import Refusal
from milepost.servicing.agreements import access, operations, queries
from milepost.web.shared.entry.invitation_start import read_date
from milepost.web.shared.pages import CustomerRequest, customer_page, render

LONGEST = 40
FORM_KEY = re.compile(r"[\w-]{1,40}", re.ASCII)
NOT_A_DAY = "Enter a day with its month and year, like 14 12 2026"


@customer_page
def settlement(request: CustomerRequest, reference: str) -> HttpResponse:
    """`?on=` is the day she wants to pay, however it is written. POST gives the exact figure, once for each form."""
    agreement_id = access.agreement_of(request.user.id, reference)
    typed = (request.POST.get("settle_on", "") if request.method == "POST" else request.GET.get("on", "")).strip()
    settle_on = read_date(typed[:LONGEST]) if typed else None
    fault = NOT_A_DAY if typed and settle_on is None else ""
    if request.method == "POST" and not fault:
        try:
            return _given(request, reference, agreement_id, settle_on or request.on)
        except Refusal as refusal:
            fault = str(refusal)
    view = queries.settlement(agreement_id, on=request.on, settle_on=settle_on)
    words = {"view": view, "typed": typed[:LONGEST], "fault": view.fault or fault, "key": secrets.token_urlsafe(12)}
    return render(request, "portal/settlement.html", words)


def _given(request: CustomerRequest, reference: str, agreement_id: int, settle_on: date) -> HttpResponse:
    """The quote of this form. Sent twice, the same form gets the same quote."""
    typed = request.POST.get("key", "")
    form = typed if FORM_KEY.fullmatch(typed) else secrets.token_urlsafe(12)
    issued = operations.issue_settlement_quote(
        agreement_id=agreement_id,
        received_on=request.on,
        settle_on=settle_on,
        key=f"{agreement_id} {settle_on} {form}",
        actor=request.actor,
        at=clock.now(),
    )
    quote = references.reference("SQ", issued.quote_id)
    return HttpResponseRedirect(reverse("settlement_quote", args=[references.tidy(reference), quote]))
