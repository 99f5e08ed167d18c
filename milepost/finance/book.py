"""The terms of a whole book as arrays, for `bulk`: one element an agreement, whole numbers throughout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from milepost.finance import apr
from milepost.finance.calendars import add_months
from milepost.finance.first_period import FirstPeriod
from milepost.finance.money import LARGEST_AMOUNT, FinanceError
from milepost.finance.rates import HIGHEST_ANNUAL_PERCENT
from milepost.finance.terms import MOST_INSTALMENTS, Balloon, Fee, FeeKind, RateConvention, Terms, Timing

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

CONVENTIONS = tuple(RateConvention)
"""A book's `convention` is a place in this tuple."""

NOMINAL, EFFECTIVE, FLAT, CONTRACT = map(CONVENTIONS.index, RateConvention)


@dataclass(frozen=True, slots=True)
class Book:
    """Terms of N agreements: int64 arrays of one element an agreement, named as in `Terms`, amounts in minor units.

    `annual_millionths` are millionths of a percent (8.9 % is 8,900,000). `balloon` is nought where there is none, and
    `balloon_later` 1 where it is due a month after the last instalment. `instalment` and `final_instalment` count for
    CONTRACT alone. `first_fee` is due with the first row. `irregular` marks agreements that only the scalar code can
    schedule, `uneven` those whose APR only it can find; both have their Terms in `own`.
    """

    amount_of_credit: Ints
    number_of_instalments: Ints
    convention: Ints
    annual_millionths: Ints
    advance_instalments: Ints
    balloon: Ints
    balloon_later: Ints
    instalment: Ints
    final_instalment: Ints
    first_fee: Ints
    last_fee: Ints
    upfront_fee: Ints
    irregular: Truths
    uneven: Truths
    own: Mapping[int, Terms]

    @classmethod
    def from_arrays(cls, *, amount_of_credit: Any, **others: Any) -> Self:
        """A book from one-dimensional arrays of whole numbers, its periods equal months.

        What is not given is nought, and `final_instalment` is `instalment`. Raises FinanceError for an array that is
        unknown, of another type or length; the figures are looked at when they are used.
        """
        credit = _column("amount_of_credit", amount_of_credit, np.size(amount_of_credit))
        given = {"final_instalment": others["instalment"]} | others if "instalment" in others else others
        for name in given.keys() - _COLUMNS:
            raise FinanceError("unknown", name, "is not a column of a book")
        nothing = np.zeros(len(credit), np.int64)
        columns: dict[str, Any] = {name: _column(name, given.get(name, nothing), len(credit)) for name in _COLUMNS[1:]}
        return cls(credit, **columns, irregular=nothing > 0, uneven=nothing > 0, own={})

    @classmethod
    def of(cls, agreements: Sequence[Terms]) -> Self:
        """A book from terms of any kind, one at a time: some microseconds each."""
        rows = [_row(terms) for terms in agreements]
        table = np.array([row for row, _, _ in rows], np.int64).reshape(len(rows), len(_COLUMNS))
        irregular, uneven = (np.array([row[place] for row in rows], np.bool_) for place in (1, 2))
        own = {index: agreements[index] for index in np.flatnonzero(uneven).tolist()}
        columns: dict[str, Any] = dict(zip(_COLUMNS, table.T.copy(), strict=True))
        return cls(**columns, irregular=irregular, uneven=uneven, own=own)

    def __len__(self) -> int:
        """How many agreements."""
        return len(self.amount_of_credit)

    def terms(self, index: int) -> Terms:
        """One agreement's terms. Raises FinanceError where there cannot be such."""
        if index in self.own:
            return self.own[index]
        (credit, number, convention, annual, advance, balloon, later, *printed, first_fee, last_fee, upfront_fee) = (
            int(getattr(self, name)[index]) for name in _COLUMNS
        )
        if not 0 <= convention < len(CONVENTIONS):
            raise FinanceError("out_of_range", "convention", f"must be from 0 to {len(CONVENTIONS) - 1}")
        fees: dict[int | Timing, int] = {1: first_fee, Timing.LAST: last_fee, Timing.UPFRONT: upfront_fee}
        fixed = convention == CONTRACT
        return Terms(
            credit,
            number,
            CONVENTIONS[convention],
            annual_percent=None if fixed else Decimal(annual).scaleb(-6),
            advance_instalments=advance,
            balloon=Balloon(balloon, number - advance + later) if balloon else None,
            fees=tuple(Fee(FeeKind.OTHER, amount, timing) for timing, amount in fees.items()),
            instalment=printed[0] if fixed else None,
            final_instalment=printed[1] if fixed else None,
        )


_COLUMNS = tuple(field.name for field in fields(Book))[:12]
MOST = dict.fromkeys(_COLUMNS, LARGEST_AMOUNT) | {
    "number_of_instalments": MOST_INSTALMENTS,
    "convention": len(CONVENTIONS) - 1,
    "annual_millionths": HIGHEST_ANNUAL_PERCENT * 10**6,
    "balloon_later": 1,
}
"""The largest figure of each column; none is below nought."""


def _column(name: str, values: Any, length: int) -> Ints:
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise FinanceError("wrong_type", name, "must hold whole numbers")
    if array.shape != (length,):
        raise FinanceError("contradiction", name, "must have one element for each agreement")
    return array.astype(np.int64)


def _row(terms: Terms) -> tuple[list[int], bool, bool]:
    """An agreement's columns, whether only the scalar code can schedule it, and whether only it can find its APR."""
    millionths = (terms.annual_percent or Decimal(0)).scaleb(6)
    balloon, instalment, drawn = terms.balloon, terms.instalment or 0, terms.drawdown_date
    fees: dict[int | Timing, int] = {1: 0, Timing.LAST: 0, Timing.UPFRONT: 0}
    for fee in terms.fees:
        fees[fee.timing] = fees.get(fee.timing, 0) + fee.amount
    irregular = millionths != int(millionths) or not FirstPeriod.of(terms).is_equal
    moved = drawn is not None and (
        max(drawn.day, terms.day_of_month) > apr.SHORTEST_MONTH or terms.first_due != add_months(drawn, 1)
    )
    row = [
        terms.amount_of_credit,
        terms.number_of_instalments,
        CONVENTIONS.index(terms.rate_convention),
        int(millionths),
        terms.advance_instalments,
        balloon.amount if balloon else 0,
        int(balloon is not None and balloon.month > terms.last_instalment_month),
        instalment,
        instalment if terms.final_instalment is None else terms.final_instalment,
        *list(fees.values())[:3],
    ]
    return row, irregular, irregular or moved or len(fees) > 3
