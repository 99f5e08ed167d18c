"""What the pages of an agreement are given: frozen, with every figure worked out. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class VehicleView:
    """LX25 KCD and Averley Finch 1.2 S; either may be empty."""

    registration: str
    description: str


@dataclass(frozen=True, slots=True)
class AgreementHead:
    """What stands at the top of every page of an agreement."""

    reference: str
    grouped: str
    product: str
    product_name: str
    vehicle: VehicleView
    status: str
    tag_kind: str
    tag_text: str
    is_live: bool
    keeps_car: bool
    """The customer decides at the end whether to keep the car (PCP)."""


@dataclass(frozen=True, slots=True)
class SwitcherItem:
    """Another agreement of the same person."""

    reference: str
    grouped: str
    vehicle: VehicleView
    product_name: str
    status_text: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PlotView:
    """The balance over time, on a 480 x 200 field; labels are text beside it."""

    paid_points: str
    ahead_points: str
    paid_area: str
    ahead_area: str
    now_x: str
    now_y: str
    balloon_path: str
    y_labels: tuple[str, ...]
    x_labels: tuple[date, ...]
    opening: int
    opened_on: date
    balance: int
    last_balance: int
    last_on: date
    balloon: int


@dataclass(frozen=True, slots=True)
class NextPayment:
    """The next instalment, as far as it is still to pay."""

    due: date
    collected_on: date
    amount: int
    principal: int
    interest: int
    fee: int
    by_direct_debit: bool
    account_ending: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class ComingUp:
    """An instalment after the next."""

    due: date
    collected_on: date
    amount: int
    note: str


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One row of the schedule. Status: PAID, PART_PAID, MISSED, NEXT, TO_COME or FINAL."""

    number: int
    due: date
    status: str
    status_text: str
    interest: int
    principal: int
    fee: int
    balance: int
    payment: int
    is_next: bool
    note: str


@dataclass(frozen=True, slots=True)
class ScheduleYear:
    """The rows of a calendar year."""

    year: int
    summary: str
    is_open: bool
    rows: tuple[ScheduleRow, ...]


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """The schedule page. Totals are of the whole schedule, whichever rows are shown."""

    head: AgreementHead
    show: str
    years: tuple[ScheduleYear, ...]
    total_interest: int
    total_principal: int
    total_fees: int
    total: int
    paid_count: int
    to_come_count: int
    final_payment: int
    final_on: date | None
    final_is_optional: bool
    starts_after_import: bool
    as_of: date


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point on the agreement's road. State: done, now or to-come."""

    title: str
    on: date | None
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line of what it costs."""

    label: str
    sub: str
    amount: int
    is_total: bool


@dataclass(frozen=True, slots=True)
class HalfRule:
    """A third and a half of the total amount payable; the x are places on a bar 600 wide."""

    total: int
    third: int
    half: int
    paid: int
    past_third: bool
    past_half: bool
    to_half: int
    half_on: date | None
    paid_x: str
    third_x: str
    half_x: str


@dataclass(frozen=True, slots=True)
class AgreementView:
    """The agreement page."""

    head: AgreementHead
    road: tuple[Milestone, ...]
    costs: tuple[CostLine, ...]
    cost_words: str
    half: HalfRule | None
    parties: tuple[tuple[str, str], ...]
    vehicle_facts: tuple[tuple[str, str], ...]
    fees: tuple[tuple[str, str, str], ...]
    rights: tuple[tuple[str, str], ...]
    as_of: date
