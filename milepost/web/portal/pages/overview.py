"""Where a customer lands: the next payment, what is owed, how it falls."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.plumbing import references
from milepost.servicing.agreements import access
from milepost.servicing.identity import queries as identity
from milepost.servicing.payments import queries
from milepost.web.shared.pages import CustomerRequest, customer_page, render


@require_safe
@customer_page
def overview(request: CustomerRequest) -> HttpResponse:
    """`?agreement=` chooses one of several; without it the first live one."""
    mine = access.agreements_of(request.user.id)
    if not mine:
        return render(request, "portal/overview_empty.html")
    wanted = references.tidy(request.GET.get("agreement", mine[0].reference))
    chosen = next((item for item in mine if item.reference == wanted), None)
    if chosen is None:
        raise access.NotYours
    view = queries.overview(
        mine=mine,
        agreement_id=chosen.id,
        user_id=request.user.id,
        last_sign_in=identity.last_sign_in(request.user.id),
        on=request.on,
    )
    return render(request, "portal/overview.html", {"view": view})
