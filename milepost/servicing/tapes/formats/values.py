"""Reading one cell. A reader takes the trimmed text of a cell and gives a value, or raises Unreadable with the reason.

Money is whole minor units, a rate is a percentage a year as text ("6.64"), a date is a date.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from milepost.finance.money import LARGEST_AMOUNT

LONGEST_CELL = 64_000
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
EARLIEST_OF_LIFE = date(1900, 1, 1)
"""For the dates that are older than any agreement: when a customer was born, when a car was first registered."""
MOST_PLACES = 20
"""Before or after the point: beyond it a number is no money, rate or count, and too large to reckon with."""


class Unreadable(Exception):
    """A cell does not hold what its column should; the message is for the person who corrects the file."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a format adds to a reader's name."""

    dates: tuple[str, ...] = ("%Y-%m-%d",)
    months: tuple[str, ...] = ("%Y-%m",)
    codes: Mapping[str, Any] = field(default_factory=dict)
    longest: int = 0
    earliest: date = EARLIEST


Reader = Callable[[str, Options], Any]

_GUARD = re.compile(r'^="(.*)"$', re.DOTALL)
_PLAIN_MONEY = re.compile(r"^(-?)([0-9]{1,13})(?:\.([0-9]{1,12}))?$")
_GROUPED_MONEY = re.compile(r"^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,12})?$")


def unguarded(cell: str) -> str:
    """A cell without the ="…" by which people keep a spreadsheet from eating leading noughts, and without padding."""
    cell = cell.strip()
    if cell[:2] == '="' and (match := _GUARD.match(cell)):
        return match[1].strip()
    if cell[:2] in ("'=", "'+", "'-", "'@"):  # as our own rejects file guards a formula
        return cell[1:]
    return cell


def text(cell: str, options: Options) -> str:
    """Words, single-spaced. Refuses control characters and what is longer than the column allows."""
    words = " ".join(cell.split())
    if not words.isprintable():
        raise Unreadable("holds characters that cannot be printed")
    longest = options.longest or 120
    if len(words) > longest:
        raise Unreadable(f"is {len(words)} characters long; at most {longest} fit")
    return words


def name(cell: str, options: Options) -> str:
    """A name typed in capitals is put into title case; anything else is kept as it is."""
    words = text(cell, options)
    return words.title() if words.isupper() and len(words) > 3 else words


def reference(cell: str, options: Options) -> str:
    """The number of an agreement or a customer in the lender's old system."""
    return text(cell, Options(longest=options.longest or 60))


@lru_cache(maxsize=65_536)
def _date(cell: str, forms: tuple[str, ...], earliest: date) -> date:
    for form in forms:
        try:
            found = datetime.strptime(cell, form).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
        if not earliest <= found <= LATEST:
            raise Unreadable(f"is not between {earliest.year} and {LATEST.year}")
        return found
    raise Unreadable(f"is not a date that exists, written as {' or '.join(map(_shown, forms))}")


def day(cell: str, options: Options) -> date:
    """A date in the first of the format's ways of writing one that fits."""
    return _date(cell, options.dates, options.earliest)


def month(cell: str, options: Options) -> date:
    """A month without a day: its first day, which the format's assumptions then speak of."""
    return _date(cell, options.months, options.earliest).replace(day=1)


def money(cell: str, options: Options) -> int:
    """An amount of nought or more, with two decimals at most that are not nought."""
    amount = signed_money(cell, options)
    if amount < 0:
        raise Unreadable("must not be negative")
    return amount


def signed_money(cell: str, options: Options) -> int:
    """An amount that may be negative: 1234.50, -1234.5, 1,234.50 or (1,234.50)."""
    match = _PLAIN_MONEY.match(cell)
    if match is None:
        match = _PLAIN_MONEY.match(_plain(cell))
        if match is None:
            raise Unreadable("is not an amount of money such as 1234.50")
    sign, whole, part = match.groups()
    part = (part or "").ljust(2, "0")
    if len(part) > 2 and part[2:].strip("0"):
        raise Unreadable("has more than two decimals")
    amount = int(whole) * 100 + int(part[:2])
    if amount > LARGEST_AMOUNT:
        raise Unreadable("is absurdly large: more than 21,474,836.47")
    return -amount if sign else amount


def rounded_money(cell: str, options: Options) -> int:
    """An amount that the other system worked out to more decimals than money has: half up."""
    value = _decimal(_plain(cell))
    amount = int((value * 100).to_integral_value("ROUND_HALF_UP"))
    if amount < 0:
        raise Unreadable("must not be negative")
    if amount > LARGEST_AMOUNT:
        raise Unreadable("is absurdly large: more than 21,474,836.47")
    return amount


def percent(cell: str, options: Options) -> str:
    """A percentage a year: 6.64 or 6.64%."""
    return _rate(_decimal(cell.removesuffix("%").strip()))


def fraction(cell: str, options: Options) -> str:
    """A rate written as a fraction: 0.0664 is 6.64 percent. One above 1 was written as a percentage."""
    value = _decimal(cell)
    if value > 1:
        raise Unreadable("should be a fraction such as 0.0664, not a percentage")
    return _rate(value * 100)


def whole(cell: str, options: Options) -> int:
    """A whole number; -3 and 73.0 are whole."""
    value = _decimal(cell)
    if value != value.to_integral_value() or abs(value) > 1_000_000_000:
        raise Unreadable("is not a whole number")
    return int(value)


def year(cell: str, options: Options) -> int:
    """A year alone."""
    number = whole(cell, options)
    if not EARLIEST.year <= number <= LATEST.year:
        raise Unreadable(f"is not a year between {EARLIEST.year} and {LATEST.year}")
    return number


def code(cell: str, options: Options) -> Any:
    """One of the codes that the format lists, whatever its case."""
    try:
        return options.codes[cell.upper()]
    except KeyError:
        known = ", ".join(list(options.codes)[:12])
        raise Unreadable(f"is not one of {known}") from None


def first_code(cell: str, options: Options) -> Any:
    """The first of several codes in one cell: "2; 1"."""
    return code(re.split(r"[;,|]", cell)[0].strip(), options)


def flag(cell: str, options: Options) -> bool:
    """Yes or no in any of the usual ways."""
    word = cell.upper()
    if word in ("Y", "YES", "TRUE", "T", "1"):
        return True
    if word in ("N", "NO", "FALSE", "F", "0"):
        return False
    raise Unreadable("is neither yes nor no")


def email(cell: str, options: Options) -> str:
    """An e-mail address: something, an at sign, a host with a dot."""
    address = text(cell, Options(longest=254))
    if not re.fullmatch(r"[^\s@\"<>(),;:]+@[^\s@\"<>(),;:]+\.[^\s@\"<>(),;:.]+", address):
        raise Unreadable("is not an e-mail address")
    return address


def phone(cell: str, options: Options) -> str:
    """A telephone number: digits, spaces and the usual signs, 7 to 15 digits."""
    number = text(cell, Options(longest=30))
    digits = sum(character.isdigit() for character in number)
    if not re.fullmatch(r"\+?[0-9 ()./-]+", number) or not 7 <= digits <= 15:
        raise Unreadable("is not a telephone number")
    return number


def tenths(cell: str, options: Options) -> int:
    """Pence with one decimal, in tenths of a penny: 14.9 is 149."""
    value = _decimal(cell.removesuffix("p").strip()) * 10
    if value != value.to_integral_value() or not 0 <= value <= 10_000:
        raise Unreadable("is not an amount of pence with one decimal, such as 14.9")
    return int(value)


def letters(cell: str, options: Options) -> str:
    """Letters and digits without spaces, in capitals: a vehicle's number plate or VIN."""
    word = cell.replace(" ", "").upper()
    if not (word.isascii() and word.isalnum()):
        raise Unreadable("may hold letters and digits alone")
    return text(word, options)


def account_ending(cell: str, options: Options) -> str:
    """The last four digits of a bank account. A longer number is refused: a tape should not carry it."""
    if not re.fullmatch(r"[0-9]{4}", cell):
        raise Unreadable("must be the last four digits alone")
    return cell


def _rate(percentage: Decimal) -> str:
    if not 0 <= percentage <= 1000:
        raise Unreadable("is not a rate between 0 and 1,000 percent a year")
    return f"{percentage.normalize():f}"


def _decimal(cell: str) -> Decimal:
    try:
        value = Decimal(cell)
    except InvalidOperation:
        raise Unreadable("is not a number") from None
    if not value.is_finite():
        raise Unreadable("is not a number")
    if value and abs(value.adjusted()) > MOST_PLACES:
        raise Unreadable(f"is absurd: a number has {MOST_PLACES} places at most before and after its point")
    return value or Decimal(0)


def _plain(cell: str) -> str:
    """1,234.50 and (1,234.50) and £1,234.50 as a plain number."""
    if cell.startswith("(") and cell.endswith(")"):
        return "-" + _plain(cell[1:-1])
    bare = cell.lstrip("£$€").strip()
    if bare.startswith("-"):
        return "-" + _plain(bare[1:])
    return bare.replace(",", "") if _GROUPED_MONEY.match(bare) else bare


def _shown(form: str) -> str:
    return form.replace("%Y", "YYYY").replace("%m", "MM").replace("%d", "DD").replace("%y", "YY").replace("%b", "Mon")


READERS: dict[str, Reader] = {
    reader.__name__: reader
    for reader in (
        text, name, reference, day, month, money, signed_money, rounded_money, percent, fraction, whole, year, code,
        first_code, flag, email, phone, tenths, letters, account_ending,
    )
}  # fmt: skip
