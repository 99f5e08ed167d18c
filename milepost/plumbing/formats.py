"""Money, dates and numbers as people read them: one set of filters for pages, e-mails and documents.

Non-breaking spaces keep a date and an amount on one line; the minus is a true minus.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
NBSP = "\u00a0"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def money(minor: int, currency: str = "GBP") -> str:
    """£1,234.56: always two decimals."""
    sign = "\u2212" if minor < 0 else ""
    return f"{sign}{_symbol(currency)}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"


def money_whole(minor: int, currency: str = "GBP") -> str:
    """£1,235: half up to the pound, for charts and for what is said to be about."""
    sign = "\u2212" if minor < 0 else ""
    return f"{sign}{_symbol(currency)}{(abs(minor) + 50) // 100:,}"


def money_about(minor: int, currency: str = "GBP") -> str:
    """About £17,230: up to the next ten pounds, so that an estimate never says too little."""
    return f"About {_symbol(currency)}{-(-minor // 1000) * 10:,}"


def pounds_part(minor: int, currency: str = "GBP") -> str:
    """£363, the large part of an amount whose pence are drawn small."""
    return money(minor, currency)[:-3]


def pence_part(minor: int) -> str:
    """.30, the small part."""
    return f".{abs(minor) % 100:02d}"


def day(on: date) -> str:
    """14 December 2026."""
    return f"{on.day}{NBSP}{MONTHS[on.month - 1]}{NBSP}{on.year}"


def day_of_month(on: date) -> str:
    """14 December, where the year is plain from the heading."""
    return f"{on.day}{NBSP}{MONTHS[on.month - 1]}"


def weekday(on: date) -> str:
    """Monday 14 December 2026, for anything due."""
    return f"{WEEKDAYS[on.weekday()]} {day(on)}"


def month(on: date) -> str:
    """Feb 2025, on the axis of a chart."""
    return f"{MONTHS[on.month - 1][:3]}{NBSP}{on.year}"


def time_of_day(at: datetime, zone: str = "Europe/London") -> str:
    """8:14pm, in the lender's own time."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def moment(at: datetime, zone: str = "Europe/London") -> str:
    """Thursday 19 November at 8:14pm."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{WEEKDAYS[local.weekday()]} {local.day}{NBSP}{MONTHS[local.month - 1]} at {time_of_day(at, zone)}"


def days_away(due: date, on: date) -> str:
    """today, tomorrow, in 22 days, 3 days ago: only ever said beside the date itself."""
    days = (due - on) // timedelta(days=1)
    if days in (0, 1):
        return ("today", "tomorrow")[days]
    if days == -1:
        return "yesterday"
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def percent(text: str) -> str:
    """7.9%, from the decimal string that the agreement prints."""
    return f"{text}%"


def initials(name: str) -> str:
    """PS, for a round picture of Priya Shah."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def masked_email(address: str) -> str:
    """p••••@example.com: enough to know which, too little to write to."""
    local, _, host = address.partition("@")
    return f"{local[:1]}••••@{host}"


def phone_ending(number: str) -> str:
    """318, the last three digits."""
    return number[-3:]


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency, currency + NBSP)


FILTERS: dict[str, Callable[..., str]] = {
    rule.__name__: rule
    for rule in (
        money, money_whole, money_about, pounds_part, pence_part, day, day_of_month, weekday, month, time_of_day,
        moment, days_away, percent, initials, masked_email, phone_ending,
    )
}  # fmt: skip
