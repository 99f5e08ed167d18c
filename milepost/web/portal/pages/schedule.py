"""The payment schedule, by year."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.servicing.agreements import access, queries
from milepost.web.shared.pages import CustomerRequest, customer_page, render


@require_safe
@customer_page
def schedule(request: CustomerRequest, reference: str) -> HttpResponse:
    """`?show=` all, to-come or paid."""
    agreement_id = access.agreement_of(request.user.id, reference)
    view = queries.schedule(agreement_id, on=request.on, show=request.GET.get("show", "all"))
    return render(request, "portal/schedule.html", {"view": view})
