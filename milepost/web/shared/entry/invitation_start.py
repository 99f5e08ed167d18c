"""First access by herself: three facts that say whose agreement it is, and nothing more.

The code goes to a contact already on file, and the answer is the same whether or not there is such an agreement.
"""

from datetime import date, datetime

from django import forms
from django.http import HttpResponse
from django.utils.dateparse import parse_date

from milepost.plumbing import clock, references
from milepost.servicing.agreements import queries as agreements
from milepost.servicing.customers import queries as customers
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.states import GuessKind
from milepost.web.shared import pages
from milepost.web.shared.entry.typed import TypedForm

WRITTEN = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y")


class FactsForm(TypedForm):
    agreement = forms.CharField(max_length=40, error_messages={"required": "Enter your agreement number"})
    birth_date = forms.CharField(max_length=40, error_messages={"required": "Enter your date of birth"})
    postcode = forms.CharField(max_length=20, error_messages={"required": "Enter your postcode"})

    def clean_agreement(self) -> str:
        number = references.tidy(str(self.cleaned_data["agreement"]))
        if not references.is_agreement_number(number):
            raise forms.ValidationError("An agreement number has 10 digits. You find it on every letter from us")
        return number

    def clean_birth_date(self) -> date:
        found = read_date(str(self.cleaned_data["birth_date"]))
        if found is None or not date(1900, 1, 1) <= found <= clock.now().date():
            raise forms.ValidationError("Enter your date of birth with day, month and year, like 31 3 1980")
        return found


@pages.public_page
def invitation_start(request: pages.PublicRequest) -> HttpResponse:
    form = FactsForm(request.POST or None)
    is_sent = form.is_valid()
    if is_sent:
        user_id = _whose(form)
        operations.request_invitation(user_id=user_id, letter_to=customers.postal_address(user_id), at=clock.now())
    return pages.render(request, "account/invitation_start.html", {"form": form, "is_sent": is_sent})


def read_date(typed: str) -> date | None:
    """A date as people write it in Britain, day first, or as a machine fills it in."""
    text = " ".join(typed.replace(",", " ").split())
    if found := _iso(text):
        return found
    for pattern in WRITTEN:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None


def _iso(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _whose(form: FactsForm) -> int | None:
    """The user behind the facts. Guesses are counted on the agreement's number, and past the fifth not looked at."""
    facts = form.cleaned_data
    subject = queries.guess_subject(f"agreement {facts['agreement']}", None)
    try:
        operations.spend_guess(subject=subject, kind=GuessKind.INVITATION, at=clock.now())
    except operations.Paused:
        return None
    return agreements.user_for_invitation(facts["agreement"], facts["birth_date"], facts["postcode"])
