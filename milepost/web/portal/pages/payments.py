"""Payments: what is coming, and everything paid so far."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from milepost.plumbing import references
from milepost.servicing.agreements import access
from milepost.servicing.payments import queries
from milepost.web.shared.pages import CustomerRequest, customer_page, render


@require_safe
@customer_page
def payments(request: CustomerRequest, reference: str) -> HttpResponse:
    """`?show=` all, paid or returned; `?page=` counts from 1."""
    agreement_id = access.agreement_of(request.user.id, reference)
    page = request.GET.get("page", "1")
    view = queries.history(
        agreement_id,
        on=request.on,
        show=request.GET.get("show", "all"),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )
    return render(request, "portal/payments.html", {"view": view})


@require_safe
@customer_page
def payment(request: CustomerRequest, reference: str, payment_reference: str) -> HttpResponse:
    """One payment and where it went."""
    agreement_id = access.agreement_of(request.user.id, reference)
    payment_id = references.row_id("PY", payment_reference)
    view = queries.payment(agreement_id, payment_id, on=request.on) if payment_id else None
    if view is None:
        raise Http404
    return render(request, "portal/payment.html", {"view": view})
