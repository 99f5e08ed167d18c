"""Why is it this number? The balance on any day, taken apart down to each transfer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from milepost.plumbing import formats
from milepost.servicing.agreements import access, queries
from milepost.servicing.payments import queries as payments
from milepost.web.shared.pages import CustomerRequest, customer_page, render

ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
LONGEST = 20
"""Characters of what was typed that are shown again."""
PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class AskedDay:
    """A day as it was asked for: in an address (`?on=2026-05-14`) or in three fields. Empty when it was not."""

    day: str = ""
    month: str = ""
    year: str = ""
    value: date | None = None
    error: str = ""
    typed: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str], name: str) -> "AskedDay":
        """The day of this name, with what is wrong with it."""
        typed = any(f"{name}_{part}" in asked for part in PARTS)
        if typed:
            day, month, year = (_tidy(asked.get(f"{name}_{part}", "")) for part in PARTS)
        elif found := ISO.fullmatch(asked.get(name, "").strip()):
            year, month, day = found[1], found[2].lstrip("0"), found[3].lstrip("0")
        else:
            day, month, year = _tidy(asked.get(name, "")), "", ""
        if not (day or month or year):
            return cls(typed=typed)
        value = _day(day, month, year)
        error = "" if value else "That is not a day of the calendar. Enter one like 14 5 2026"
        return cls(day, month, year, value, error, typed)

    @classmethod
    def on(cls, value: date) -> "AskedDay":
        """A day to begin with."""
        return cls(str(value.day), str(value.month), str(value.year), value)


@require_safe
@customer_page
def balance(request: CustomerRequest, reference: str) -> HttpResponse:
    """`?on=` the day whose balance is asked, `?known=` the day whose knowledge is. What was typed gets an address."""
    agreement_id = access.agreement_of(request.user.id, reference)
    on, known = (AskedDay.of(request.GET.dict(), name) for name in ("on", "known"))
    if (on.typed or known.typed) and not (on.error or known.error):
        asked = {name: day.value.isoformat() for name, day in (("on", on), ("known", known)) if day.value}
        return HttpResponseRedirect(f"{request.path}?{urlencode(asked)}" if asked else request.path)
    usable = not (on.error or known.error)
    view = queries.balance(
        agreement_id,
        today=request.on,
        on=on.value if usable else None,
        known=known.value if usable else None,
        titles=payments.titles(agreement_id, until=request.on),
    )
    faults = {name: day.error for name, day in (("on", on), ("known", known)) if day.error} | dict(view.faults)
    fields = {"on": on if on.value or on.error else AskedDay.on(view.on), "known": known}
    links = [(f"{name}-day", words) for name, words in faults.items()]
    context = {"view": view, "faults": faults, "fault_links": links, "fields": fields}
    return render(request, "portal/balance.html", context)


def _tidy(text: str) -> str:
    """What was typed, fit to be shown again."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST]


def _day(day: str, month: str, year: str) -> date | None:
    """The day that these three say; the month may be a name. None where there is no such day."""
    names = [name.lower() for name in formats.MONTHS]
    if len(month) >= 3:
        month = next((str(place) for place, name in enumerate(names, 1) if name.startswith(month.lower())), month)
    if not all(part.isascii() and part.isdigit() for part in (day, month, year)) or len(year) != 4:
        return None
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None
