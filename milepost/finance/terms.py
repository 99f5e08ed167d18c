"""The terms of a credit agreement as signed: what a schedule is computed from, and what is frozen as JSON.

All amounts are minor units; rates are percentages a year as Decimal, exactly as printed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from milepost.finance.calendars import add_months, days_in_month
from milepost.finance.money import FinanceError, require_amount
from milepost.finance.rates import annual_rate

VERSION = 1
MOST_INSTALMENTS = 600
EARLIEST_YEAR, LATEST_YEAR = 1900, 2900


class RateConvention(StrEnum):
    """What the agreement's annual rate means (domain.md 2.1); CONTRACT: the printed payments rule, not a rate."""

    NOMINAL = "NOMINAL"
    EFFECTIVE = "EFFECTIVE"
    FLAT = "FLAT"
    CONTRACT = "CONTRACT"


class OddFirstPeriod(StrEnum):
    """How interest runs when the first due date is not one month after the drawdown (domain.md 2.2)."""

    EQUAL = "EQUAL"
    COMPOUND = "COMPOUND"
    SIMPLE = "SIMPLE"


class FeeKind(StrEnum):
    """What a fee is for."""

    ACCEPTANCE = "ACCEPTANCE"
    OPTION_TO_PURCHASE = "OPTION_TO_PURCHASE"
    OTHER = "OTHER"


class Timing(StrEnum):
    """A fee paid before the first row, or with the last row whichever that is."""

    UPFRONT = "UPFRONT"
    LAST = "LAST"


class Rounding(StrEnum):
    """Frozen with the terms, so that an old agreement keeps its rule if another one is ever added."""

    HALF_UP = "HALF_UP"


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee of the agreement, outside the balance; `timing` is an instalment's number (1 is the first) or a Timing."""

    kind: FeeKind
    amount: int
    timing: int | Timing


@dataclass(frozen=True, slots=True)
class Balloon:
    """A final payment, months after the drawdown: the last instalment's month (same day) or one month later."""

    amount: int
    month: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed. Checked on creation: FinanceError names the field that cannot be.

    `number_of_instalments` counts advance ones (paid on the drawdown date) and never the balloon. Without dates every
    period is one equal month. `due_day` defaults to the drawdown's day where the first due date is that day shortened
    to its month (31 January, 29 February), otherwise to the first due date's own day.
    """

    amount_of_credit: int
    number_of_instalments: int
    rate_convention: RateConvention
    annual_percent: Decimal | None = None
    drawdown_date: date | None = None
    first_due_date: date | None = None
    due_day: int | None = None
    advance_instalments: int = 0
    balloon: Balloon | None = None
    fees: tuple[Fee, ...] = ()
    instalment: int | None = None
    final_instalment: int | None = None
    odd_first_period: OddFirstPeriod = OddFirstPeriod.EQUAL
    deposit: int = 0
    part_exchange: int = 0
    apr_percent: Decimal | None = None
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        self._check_amounts()
        self._check_term()
        self._check_rate()
        self._check_dates()
        for fee in self.fees:
            require_amount(fee.amount, "fees")
            if not isinstance(fee.timing, Timing) and not _is_count(fee.timing, 1, self.number_of_instalments):
                raise FinanceError("out_of_range", "fees", "a fee's instalment number must be one of the agreement's")

    def _check_amounts(self) -> None:
        require_amount(self.amount_of_credit, "amount_of_credit", least=1)
        for field, amount in (("deposit", self.deposit), ("part_exchange", self.part_exchange)):
            require_amount(amount, field)
        for field, printed in (("instalment", self.instalment), ("final_instalment", self.final_instalment)):
            if printed is not None:
                require_amount(printed, field)

    def _check_term(self) -> None:
        number, advance = self.number_of_instalments, self.advance_instalments
        if not _is_count(number, 1, MOST_INSTALMENTS):
            raise FinanceError("out_of_range", "number_of_instalments", f"must be from 1 to {MOST_INSTALMENTS}")
        if not _is_count(advance, 0, number - 1):
            raise FinanceError("out_of_range", "advance_instalments", "must leave at least one monthly instalment")
        if self.balloon is None:
            return
        require_amount(self.balloon.amount, "balloon.amount", least=1)
        if self.balloon.amount > self.amount_of_credit:
            raise FinanceError("too_large", "balloon.amount", "must not exceed the amount of credit")
        if not _is_count(self.balloon.month, self.last_instalment_month, self.last_instalment_month + 1):
            raise FinanceError("out_of_range", "balloon.month", "must be the last instalment's month or the next")

    def _check_rate(self) -> None:
        if self.apr_percent is not None:
            annual_rate(self.apr_percent, "apr_percent")
        if self.rate_convention is RateConvention.CONTRACT:
            if self.instalment is None:
                raise FinanceError("missing", "instalment", "a CONTRACT agreement needs its printed instalment")
            return
        if self.annual_percent is None:
            raise FinanceError("missing", "annual_percent", f"a {self.rate_convention} agreement needs its rate")
        annual_rate(self.annual_percent)
        if self.instalment is not None or self.final_instalment is not None:
            raise FinanceError("not_allowed", "instalment", "is computed from the rate unless the rate is CONTRACT")

    def _check_dates(self) -> None:
        if self.due_day is not None and not _is_count(self.due_day, 1, 31):
            raise FinanceError("out_of_range", "due_day", "must be from 1 to 31")
        if self.drawdown_date is None:
            if self.first_due_date is not None:
                raise FinanceError("missing", "drawdown_date", "is needed beside the first due date")
            return
        for field, day in (("drawdown_date", self.drawdown_date), ("first_due_date", self.first_due_date)):
            if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
                raise FinanceError("out_of_range", field, f"must be from {EARLIEST_YEAR} to {LATEST_YEAR}")
        if self.first_due <= self.drawdown_date:
            raise FinanceError("too_early", "first_due_date", "must be after the drawdown date")
        if self.due_day is not None and self.first_due != add_months(self.first_due, 0, self.due_day):
            raise FinanceError("contradiction", "due_day", "the first due date does not fall on it")

    @property
    def first_due(self) -> date:
        """When the first instalment not paid in advance is due: one month after the drawdown unless stated."""
        if self.first_due_date is not None:
            return self.first_due_date
        if self.drawdown_date is None:
            raise FinanceError("missing", "drawdown_date", "the agreement has no dates")
        return add_months(self.drawdown_date, 1, self.due_day)

    @property
    def day_of_month(self) -> int:
        """The due day, 1 to 31; shorter months use their last day."""
        if self.due_day is not None:
            return self.due_day
        first = self.first_due
        shortened = first.day == days_in_month(first.year, first.month)
        if self.drawdown_date is not None and shortened and self.drawdown_date.day > first.day:
            return self.drawdown_date.day
        return first.day

    @property
    def last_instalment_month(self) -> int:
        """Months from the drawdown to the last instalment."""
        return self.number_of_instalments - self.advance_instalments

    @property
    def annual(self) -> Fraction:
        """The annual rate as a fraction; FinanceError where the agreement has none."""
        if self.annual_percent is None:
            raise FinanceError("missing", "annual_percent", "the agreement states no rate")
        return annual_rate(self.annual_percent)

    @property
    def upfront_fees(self) -> int:
        """Fees paid before the first row: part of the total payable and of the APR, never of the schedule."""
        return sum(fee.amount for fee in self.fees if fee.timing is Timing.UPFRONT)

    def to_json(self) -> dict[str, Any]:
        """The terms as they are frozen with the agreement: text, whole numbers, lists and null only."""
        return {
            "terms": VERSION,
            "amount_of_credit": self.amount_of_credit,
            "number_of_instalments": self.number_of_instalments,
            "rate_convention": str(self.rate_convention),
            "annual_percent": _text(self.annual_percent),
            "drawdown_date": _text(self.drawdown_date),
            "first_due_date": _text(self.first_due_date),
            "due_day": self.due_day,
            "advance_instalments": self.advance_instalments,
            "balloon": self.balloon and {"amount": self.balloon.amount, "month": self.balloon.month},
            "fees": [{"kind": str(f.kind), "amount": f.amount, "timing": _timing(f.timing)} for f in self.fees],
            "instalment": self.instalment,
            "final_instalment": self.final_instalment,
            "odd_first_period": str(self.odd_first_period),
            "deposit": self.deposit,
            "part_exchange": self.part_exchange,
            "apr_percent": _text(self.apr_percent),
            "rounding": str(self.rounding),
        }

    @classmethod
    def from_json(cls, frozen: Mapping[str, Any]) -> Self:
        """Read frozen terms back. Raises FinanceError for another version, an unknown field or a wrong type."""
        if frozen.get("terms") != VERSION:
            raise FinanceError("unknown_version", "terms", f"must be {VERSION}")
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in frozen.items() if key != "terms" and value is not None}
        for key in values:
            if key not in known:
                raise FinanceError("unknown", key, "is not one of the terms")
        for key in ("amount_of_credit", "number_of_instalments", "rate_convention"):
            if key not in values:
                raise FinanceError("missing", key, "is one of the terms that every agreement has")
        return cls(**{key: _read(key, value) for key, value in values.items()})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _timing(timing: int | Timing) -> int | str:
    return str(timing) if isinstance(timing, Timing) else timing


def _read(key: str, value: Any) -> Any:
    """One frozen value as its field's type; whole numbers are checked by Terms itself."""
    reader = _READERS.get(key)
    if reader is None:
        return value
    try:
        return reader(value)
    except (InvalidOperation, KeyError, TypeError, ValueError) as error:
        raise FinanceError("invalid", key, f"cannot be {value!r}") from error


def _fees(rows: Iterable[Mapping[str, Any]]) -> tuple[Fee, ...]:
    return tuple(
        Fee(FeeKind(row["kind"]), row["amount"], Timing(timing) if isinstance(timing, str) else timing)
        for row in rows
        for timing in [row["timing"]]
    )


_READERS: Mapping[str, Callable[[Any], object]] = {
    "rate_convention": RateConvention,
    "annual_percent": Decimal,
    "drawdown_date": date.fromisoformat,
    "first_due_date": date.fromisoformat,
    "balloon": lambda row: Balloon(row["amount"], row["month"]),
    "fees": _fees,
    "odd_first_period": OddFirstPeriod,
    "apr_percent": Decimal,
    "rounding": Rounding,
}


def _is_count(value: int, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
