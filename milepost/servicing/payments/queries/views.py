"""What the overview and the payment pages are given: frozen, every figure worked out. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date

from milepost.servicing.agreements.queries.views import AgreementHead, ComingUp, NextPayment, PlotView, SwitcherItem


@dataclass(frozen=True, slots=True)
class RecentPayment:
    """One line of recent payments. Kind: ok, returned or out (a mistake is shown as returned)."""

    reference: str
    title: str
    on: date
    amount: int
    kind: str


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The overview of one agreement, and the switcher where she has several."""

    given_name: str
    head: AgreementHead
    others: tuple[SwitcherItem, ...]
    next: NextPayment | None
    overdue: int
    overdue_count: int
    arrears_since: date | None
    left_to_pay: int
    left_words: str
    ends_on: date
    settlement_estimate: int | None
    settlement_good_until: date | None
    settlement_reason: str
    """Why there is no estimate, where there is none."""
    plot: PlotView | None
    payments_made: int
    payments_count: int
    months_left: int
    facts: tuple[tuple[str, str], ...]
    recent: tuple[RecentPayment, ...]
    last_sign_in: str
    as_of: date


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """Where a part of a payment went."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentItem:
    """A payment with what it did."""

    reference: str
    title: str
    on: date
    amount: int
    kind: str
    tag_kind: str
    tag_text: str
    note: str
    parts: tuple[PaymentPart, ...]
    parts_note: str


@dataclass(frozen=True, slots=True)
class PaymentYear:
    """The payments of a calendar year."""

    year: int
    summary: str
    is_open: bool
    items: tuple[PaymentItem, ...]


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What a year's payments came to."""

    label: str
    sub: str
    paid: int
    principal: int
    interest: int


@dataclass(frozen=True, slots=True)
class PaymentsView:
    """The payments page."""

    head: AgreementHead
    next: NextPayment | None
    then: tuple[ComingUp, ...]
    show: str
    totals: tuple[YearTotal, ...]
    total: YearTotal
    years: tuple[PaymentYear, ...]
    page: int
    pages: int
    schedule_count: int
    as_of: date


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One payment."""

    head: AgreementHead
    item: PaymentItem
    as_of: date
