"""The one template environment: what every page may say without being given it.

Globals: `static(path)`, `url(name, **parts)`, `lender()`, `demo`. Filters: those of plumbing/formats.py, the money ones
speaking the lender's currency. Django adds `request`, `csrf_input` and `csrf_token` to each page.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.templatetags import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from milepost.plumbing import formats, lender

MONEY = ("money", "money_whole", "money_about", "pounds_part")
"""Filters that take a currency: a template never names one."""
MOMENTS = ("time_of_day", "moment")
"""Filters that take a time zone: the lender's."""


def environment(**options: Any) -> Environment:
    """Django's options with ours: a name that was not given is an error, and tags leave no blank lines behind."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    made = Environment(**options)  # noqa: S701 - autoescape is set just above
    made.globals |= {"static": cache(static.static), "url": url, "lender": lender.current, "demo": settings.DEMO}
    made.filters |= formats.FILTERS
    made.filters |= {name: _in_the_lenders_currency(formats.FILTERS[name]) for name in MONEY}
    made.filters |= {name: _in_the_lenders_zone(formats.FILTERS[name]) for name in MOMENTS}
    made.filters["tel"] = tel
    return made


def url(name: str, **parts: Any) -> str:
    """The address of a page by its name: url("schedule", reference="7034118255")."""
    if not parts:
        return _pattern(name, ())
    address = _pattern(name, tuple(parts))
    for part, value in parts.items():
        address = address.replace(_place(part), quote(str(value), safe=""))
    return address


@cache
def _pattern(name: str, parts: tuple[str, ...]) -> str:
    """The address with a place for each part. Django's reverse costs a tenth of a page when each link asks it."""
    return reverse(name, kwargs={part: _place(part) for part in parts} or None)


def _place(part: str) -> str:
    return f"--{part}--"


def tel(number: str) -> str:
    """tel:08081570140, for a link that dials."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _in_the_lenders_currency(rule: Callable[..., str]) -> Callable[[int], str]:
    @wraps(rule)
    def in_currency(minor: int) -> str:
        return rule(minor, lender.current().currency)

    return in_currency


def _in_the_lenders_zone(rule: Callable[..., str]) -> Callable[[datetime], str]:
    @wraps(rule)
    def in_zone(at: datetime) -> str:
        return rule(at, lender.current().time_zone)

    return in_zone
