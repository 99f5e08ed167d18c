"""The front page: what the account is for, and the way in."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.web.shared.pages import PublicRequest, public_page, render


@require_safe
@public_page
def home(request: PublicRequest) -> HttpResponse:
    """For everybody; somebody signed in finds the way back to her agreement."""
    return render(request, "portal/home.html")
