"""Pages of words for everybody: each says what its address promises, from the lender's own facts."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.web.shared.pages import PublicRequest, public_page, render


@require_safe
@public_page
def help_index(request: PublicRequest) -> HttpResponse:
    """Short answers, and where the long ones are."""
    return render(request, "portal/help.html")


@require_safe
@public_page
def help_signing_in(request: PublicRequest) -> HttpResponse:
    """Choose what you see on your screen; no sign-in is needed to read it."""
    return render(request, "portal/help_signing_in.html")


@require_safe
@public_page
def contact(request: PublicRequest) -> HttpResponse:
    """Numbers, hours, relay, post."""
    return render(request, "portal/contact.html")


@require_safe
@public_page
def money_worries(request: PublicRequest) -> HttpResponse:
    """Help with payments, and free advice that is not ours."""
    return render(request, "portal/money_worries.html")


@require_safe
@public_page
def scams(request: PublicRequest) -> HttpResponse:
    """How to tell that it is us, and our genuine numbers."""
    return render(request, "portal/scams.html")


@require_safe
@public_page
def complaints(request: PublicRequest) -> HttpResponse:
    """How to complain, how long it takes, and who decides if we do not agree."""
    return render(request, "portal/complaints.html")


@require_safe
@public_page
def accessibility(request: PublicRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")


@require_safe
@public_page
def privacy(request: PublicRequest) -> HttpResponse:
    """What this site holds, why and for how long."""
    return render(request, "portal/privacy.html")


@require_safe
@public_page
def cookies(request: PublicRequest) -> HttpResponse:
    """Every cookie by its name."""
    return render(request, "portal/cookies.html")
