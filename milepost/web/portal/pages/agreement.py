"""The agreement: terms, costs, parties, car and rights."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.servicing.agreements import access, queries
from milepost.web.shared.pages import CustomerRequest, customer_page, render


@require_safe
@customer_page
def agreement(request: CustomerRequest, reference: str) -> HttpResponse:
    """One of her agreements."""
    agreement_id = access.agreement_of(request.user.id, reference)
    view = queries.agreement(agreement_id, on=request.on, user_id=request.user.id)
    return render(request, "portal/agreement.html", {"view": view})
