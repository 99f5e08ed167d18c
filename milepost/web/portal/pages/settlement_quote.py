"""One settlement figure as it was given: to pay, to keep, to print."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from milepost.servicing.agreements import access, queries
from milepost.servicing.payments import queries as payments
from milepost.web.shared.pages import CustomerRequest, customer_page, render


@require_safe
@customer_page
def settlement_quote(request: CustomerRequest, reference: str, quote_reference: str) -> HttpResponse:
    """A quote of one of her agreements, in whatever state it is today."""
    agreement_id = access.agreement_of(request.user.id, reference)
    view = queries.settlement_quote(
        agreement_id, quote_reference, on=request.on, by_direct_debit=payments.has_mandate(agreement_id)
    )
    if view is None:
        raise Http404
    return render(request, "portal/settlement_quote.html", {"view": view})
