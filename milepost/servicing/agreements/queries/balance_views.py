"""What the page "Why is it this number?" is given: frozen, every figure worked out. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date

from milepost.servicing.agreements.queries.views import AgreementHead


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened, as far as it moved one line. Signed: positive where more is owed.

    `when` is the day in words, or a year's; `payment` is the reference of the payment behind it.
    """

    on: date
    when: str
    label: str
    amount: int
    payment: str = ""
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A line of the sum that makes the balance: signed, with the rule and where the rule is written.

    `bar_x` and `bar_width` place it on a bar 600 wide that all lines share.
    """

    label: str
    amount: int
    rule: str
    source: str
    sub: str
    rows: tuple[Row, ...]
    kind: str
    bar_x: str
    bar_width: str


@dataclass(frozen=True, slots=True)
class Month:
    """What one month did: interest, payments and the rest, signed. `rule` says how its interest was reached."""

    name: str
    year: int
    interest: int
    paid: int
    other: int
    balance: int
    rows: tuple[Row, ...]
    rule: str
    tags: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Year:
    """The months of a year, newest first."""

    title: str
    summary: str
    is_open: bool
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What has been recorded since the day whose knowledge is shown: its rows add up to `amount`."""

    then: int
    now: int
    amount: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class LeftToPay:
    """The balance, what is still to come, and what they make; or none, and the reason why it cannot be said."""

    amount: int | None
    interest: int
    fees: int
    reason: str


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A day worth looking at, with its balance."""

    title: str
    on: date
    balance: int


@dataclass(frozen=True, slots=True)
class BalanceView:
    """The balance on a day, as it is known now or was known on another, taken apart."""

    head: AgreementHead
    on: date
    known: date | None
    """The day whose knowledge is shown; none for what is known now."""
    as_of: date
    begins_on: date
    recorded_from: date
    faults: tuple[tuple[str, str], ...]
    """Why a day that was asked for is not shown: field (`on` or `known`) and words."""
    balance: int
    lines: tuple[BalanceLine, ...]
    total_x: str
    parts: tuple[tuple[str, int, str], ...]
    """What the balance consists of where it is more than one thing: label, signed amount, explanation."""
    years: tuple[Year, ...]
    left: LeftToPay
    difference: Difference | None
    other_days: tuple[OtherDay, ...]
