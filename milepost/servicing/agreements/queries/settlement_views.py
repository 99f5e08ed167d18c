"""What the settlement pages are given: frozen, with every figure worked out. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date, datetime

from milepost.servicing.agreements.queries.settlement_quotes import QuoteInList
from milepost.servicing.agreements.queries.views import AgreementHead


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day to pay on: a card with about what it costs. `until` is the last day with the same amount."""

    settle_on: date
    until: date
    weekday: str
    is_now: bool
    amount: int
    saving: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class SettlementView:
    """The settlement page. With a `reason` there is no figure, and the amounts are nought."""

    head: AgreementHead
    reason: str
    fault: str
    """Why the day she typed cannot be; empty when it can."""
    settle_on: date
    furthest: date
    estimate: int
    good_until: date
    saving: int
    left_to_pay: int
    ends_on: date
    choices: tuple[DayChoice, ...]
    first_debit_on: date | None
    """When the next payment is collected, where a card shows the amount after it."""
    quotes: tuple[QuoteInList, ...]
    as_of: date


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line of the sum; `is_less` for what comes off."""

    kind: str
    label: str
    sub: str
    amount: int
    rule: str
    source: str
    is_less: bool


@dataclass(frozen=True, slots=True)
class RebateWorking:
    """How the rebate came about. `rate` is a percentage a month in words."""

    apr_percent: str
    opening: int
    rate: str
    whole_months: int
    days_left: int
    days_in_month: int
    owing: int
    payments_after: int
    rounded: int
    exact: int
    rebate: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Carrying on beside paying off, as two bars 600 wide; the x and widths are places on them."""

    carry_on: int
    pay_off: int
    borrowed: int
    interest_carrying_on: int
    interest_paying_off: int
    saving: int
    borrowed_x: str
    carry_on_width: str
    pay_off_width: str
    saving_x: str
    saving_width: str


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to the payments on the way, by the day she pays. State: now, done or to-come."""

    title: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A settlement quote as it was given, and where it is today."""

    head: AgreementHead
    reference: str
    state: str
    is_open: bool
    amount: int
    received_on: date
    requested_at: datetime
    settle_on: date
    pays_on_one_day: bool
    """The figure is for one later day, and not for any day until it ends."""
    good_until: date
    settlement_date: date
    to_come_lines: tuple[QuoteLine, ...]
    to_come: int
    other_lines: tuple[QuoteLine, ...]
    up_to_date: bool
    saving: int
    working: RebateWorking
    comparison: Comparison
    steps: tuple[Step, ...]
    returns_goods: bool
    """The customer gives up a right to return the car."""
    reason: str
    newer: str
    """The reference of the open quote that took its place; empty without one."""
    law: tuple[tuple[str, str], ...]
    """What the law says, in words, and where."""
    policy_version: int
    engine: str
    seal: str
    others: tuple[QuoteInList, ...]
    ends_on: date
    as_of: date
