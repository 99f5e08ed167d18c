"""A short address without the agreement: it leads to the only one, or asks which."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from milepost.plumbing import references
from milepost.servicing.agreements import access
from milepost.servicing.agreements.queries import STATUS_TEXTS, vehicle
from milepost.web.shared.pages import CustomerRequest, customer_page, render


@require_safe
@customer_page
def which_agreement(request: CustomerRequest, page: str) -> HttpResponse:
    """`page` is the name of the page that every agreement has."""
    mine = access.agreements_of(request.user.id)
    if len(mine) == 1:
        return HttpResponseRedirect(reverse(page, args=[mine[0].reference]))
    if not mine:
        return HttpResponseRedirect(reverse("overview"))
    choices = [
        (
            vehicle(item.registration, item.make, item.model),
            f"{references.grouped(item.reference)}, {STATUS_TEXTS.get(item.status, 'Live')}",
            reverse(page, args=[item.reference]),
        )
        for item in mine
    ]
    return render(request, "portal/which_agreement.html", {"choices": choices})
