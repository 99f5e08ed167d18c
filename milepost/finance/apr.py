"""The annual percentage rate of charge, from cash flows at exact times.

Equation: sum of advances / (1+X)^t = sum of payments / (1+X)^t, times in years from the first drawdown (Directive
2008/48/EC Annex I; CONC App 1.2; SI 2010/1011). Percentages are returned unrounded: what is printed, to one decimal
half up, always comes from the unrounded root.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import groupby, pairwise
from math import lcm

from milepost.finance import law
from milepost.finance.calendars import add_months
from milepost.finance.money import FinanceError
from milepost.finance.periods import YEARS, Period, years_between
from milepost.finance.rates import decimal_of
from milepost.finance.schedule import UNDATED, Schedule

MOST_FLOWS = 2_000
LONGEST_YEARS = 1_000
FINEST_UNIT = 10**9
_DIGITS = Context(prec=28)
_TOLERANCE = Decimal("1e-18")
SHORTEST_MONTH = 28
# Bounds between which a root is looked for, as ln(1 + X): outwards from nought, to 120 million percent and to -99 %.
_GROWTH = tuple(map(Decimal, ("0", "0.03", "0.06", "0.12", "0.18", "0.25", "0.5", "1", "2", "4", "8", "14")))
_SHRINKAGE = tuple(map(Decimal, ("0", "-0.03", "-0.06", "-0.12", "-0.25", "-0.5", "-1", "-2", "-4", "-4.6")))
_NARROW = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Flow:
    """`count` equal amounts (minor units), the first at a time in years, the others `step` years apart.

    A charge paid before the first drawdown has a negative time.
    """

    amount: int
    time: Fraction = Fraction(0)
    count: int = 1
    step: Fraction = YEARS[Period.MONTH]


def apr(advances: Sequence[Flow], payments: Sequence[Flow]) -> Decimal:
    """The APR in percent, unrounded: the positive root nearest nought, else the negative one nearest nought.

    Raises FinanceError when a side has no amounts, when there are more than 2,000 of them, or when no rate solves the
    equation.
    """
    for field, flows in (("advances", advances), ("payments", payments)):
        if any(flow.amount < 0 or flow.count < 1 for flow in flows):
            raise FinanceError("negative", field, "amounts must not be negative, counts must be at least 1")
        if not any(flow.amount for flow in flows):
            raise FinanceError("missing", field, "must hold at least one amount")
        if sum(flow.count for flow in flows) > MOST_FLOWS:
            raise FinanceError("too_many", field, f"must not hold more than {MOST_FLOWS} amounts")
        if any(abs(flow.time) + flow.count * abs(flow.step) > LONGEST_YEARS for flow in flows):
            raise FinanceError("out_of_range", field, f"times must lie within {LONGEST_YEARS} years")
    with localcontext(_DIGITS):
        equation = _Equation(advances, payments)
        for bounds in (_GROWTH, _SHRINKAGE):
            bracket = _bracket(equation, bounds)
            if bracket:
                return 100 * (_root(equation, *bracket).exp() - 1)
    raise FinanceError(
        "no_rate", "payments", "no rate between -99 and 120,000,000 percent makes the payments worth the advances"
    )


class _Equation:
    """Worth of the payments less that of the advances at a rate given as ln(1 + X), where powers are products."""

    def __init__(self, advances: Sequence[Flow], payments: Sequence[Flow]) -> None:
        flows = [(flow, 1) for flow in payments] + [(flow, -1) for flow in advances]
        self.unit = lcm(*{time.denominator for flow, _ in flows for time in (flow.time, flow.step)})
        if self.unit > FINEST_UNIT:
            raise FinanceError(
                "out_of_range", "payments", "times must have a common denominator up to a thousand million"
            )
        self.single: dict[int, int] = {}
        self.repeated: list[tuple[int, int, int, int]] = []
        for flow, sign in flows:
            time, step = int(flow.time * self.unit), int(flow.step * self.unit)
            if flow.count == 1:
                self.single[time] = self.single.get(time, 0) + sign * flow.amount
            elif flow.amount:
                self.repeated.append((sign * flow.amount, flow.count, time, step))
        self.times = sorted({*self.single, *(time for _, _, time, _ in self.repeated)})

    def excess(self, growth: Decimal) -> tuple[Decimal, Decimal]:
        """The excess, and its derivative by `growth`; times are counted in the smallest unit that divides them all."""
        discount = (-growth / self.unit).exp()
        powers = self._powers(discount)
        worth = slope = Decimal(0)
        for time, amount in self.single.items():
            now = amount * powers[time]
            worth += now
            slope -= now * time
        for amount, count, time, step in self.repeated:
            first = powers[time]
            annuity, later = _annuity(discount**step, count)
            worth += amount * first * annuity
            slope -= amount * first * (time * annuity + step * later)
        return worth, slope / self.unit

    def _powers(self, discount: Decimal) -> dict[int, Decimal]:
        """`discount` to each time, by steps: payments mostly lie at few different distances from one another."""
        gaps = {gap: discount**gap for gap in {later - time for time, later in pairwise(self.times)}}
        last = self.times[0]
        powers = {last: discount**last}
        for time in self.times[1:]:
            powers[time] = powers[last] * gaps[time - last]
            last = time
        return powers


def _annuity(ratio: Decimal, count: int) -> tuple[Decimal, Decimal]:
    """1 + v + ... + v^(count-1), and 0 + v + 2v² + ... by Horner's rule, which no rate near nought upsets."""
    total, weighted = Decimal(1), Decimal(0)
    for _ in range(count - 1):
        weighted = (weighted + total) * ratio
        total = 1 + total * ratio
    return total, weighted


def _bracket(equation: _Equation, bounds: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """The first two neighbouring points between which the excess changes sign, or meets nought.

    Where it turns round between two bounds, the point where it turns may lie on the other side: two roots then.
    """
    last, (before, slope_before) = bounds[0], equation.excess(bounds[0])
    if before == 0:
        return last, last
    for bound in bounds[1:]:
        excess, slope = equation.excess(bound)
        if (excess < 0) != (before < 0):
            return last, bound
        outwards = bound - last
        if slope_before * outwards * before < 0 < slope * outwards * excess:
            turn = _turn(equation, last, bound, negative=before < 0)
            if turn is not None:
                return last, turn
        last, before, slope_before = bound, excess, slope
    return None


def _turn(equation: _Equation, low: Decimal, high: Decimal, *, negative: bool) -> Decimal | None:
    """A point between two bounds where the excess has the other sign, by halving towards where its slope is nought."""
    rising = negative
    while abs(high - low) > _NARROW:
        middle = (low + high) / 2
        excess, slope = equation.excess(middle)
        if (excess < 0) != negative:
            return middle
        towards = (slope > 0) == (high > low)
        if towards == rising:
            low = middle
        else:
            high = middle
    return None


def _root(equation: _Equation, low: Decimal, high: Decimal) -> Decimal:
    """Newton's method inside a bracket that always shrinks: halved where a step would leave it or moves too little."""
    negative_at_low = equation.excess(low)[0] < 0
    growth, moved = low, abs(high - low)
    while True:
        worth, slope = equation.excess(growth)
        if (worth < 0) == negative_at_low:
            low = growth
        else:
            high = growth
        step = worth / slope if slope else moved
        if abs(step) < _TOLERANCE or abs(high - low) < _TOLERANCE:
            return growth - step
        guess = growth - step
        if abs(step) > moved / 2 or not min(low, high) < guess < max(low, high):
            guess = (low + high) / 2
        moved, growth = abs(guess - growth), guess


def rounded(percent: Decimal, places: int = 1) -> Decimal:
    """A percentage to so many decimals, half up: one for print (CONC App 1.2), six to compare engines."""
    with localcontext(Context(prec=40)):
        return percent.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + Decimal(0).scaleb(-places)


def permitted(percent: Decimal, on: date) -> tuple[Decimal, Decimal]:
    """The lowest and the highest figure that may be printed for a true APR (SI 2010/1014 Sch 4; CONC 3.6)."""
    short = law.in_force(law.Provision.APR_MAY_FALL_SHORT_BY, on).value
    over = law.in_force(law.Provision.APR_MAY_EXCEED_BY, on).value
    with localcontext(Context(prec=40)):
        return percent - decimal_of(short), percent + decimal_of(over)


def of_schedule(schedule: Schedule, upfront_fees: int = 0) -> Decimal:
    """The APR of an agreement, fees included, in percent, unrounded; without dates every period is an equal month."""
    payments = schedule_flows(schedule)
    if upfront_fees:
        payments.append(Flow(upfront_fees))
    return apr([Flow(schedule.opening)], payments)


def schedule_flows(schedule: Schedule) -> list[Flow]:
    """What the customer pays, as flows."""
    amounts = schedule.amounts_due()
    dated = schedule.first_due is not UNDATED
    time = _times(schedule.drawdown_date, schedule.first_due, schedule.due_day, Period.MONTH) if dated else _equal_month
    flows = [Flow(amount) for amount in amounts[: schedule.advance]]
    row = schedule.advance
    for amount, equal in groupby(amounts[row:]):
        count = len(list(equal))
        flows += _runs(amount, count, row - schedule.advance, time, Period.MONTH, schedule.due_day if dated else 1)
        row += count
    return flows


def dated_flows(
    advances: Sequence[tuple[int, date]],
    period: Period,
    first_payment_date: date,
    payments: Sequence[tuple[int, int]],
) -> tuple[list[Flow], list[Flow]]:
    """Advances (amount, date) and groups of payments (amount, count), one period apart, as flows at exact times.

    Times are measured by `periods.years_between` in the given period; groups follow one another.
    """
    if not advances:
        raise FinanceError("missing", "advances", "must hold at least one amount")
    start = min(on for _, on in advances)
    time = _times(start, first_payment_date, first_payment_date.day, period)
    repaid: list[Flow] = []
    number = 0
    for amount, count in payments:
        if number + count > MOST_FLOWS:
            raise FinanceError("too_many", "payments", f"must not hold more than {MOST_FLOWS} amounts")
        repaid += _runs(amount, count, number, time, period, first_payment_date.day)
        number += count
    return [Flow(amount, years_between(start, on, period)) for amount, on in advances], repaid


def _equal_month(number: int) -> Fraction:
    return (number + 1) * YEARS[Period.MONTH]


def _times(start: date, first: date, due_day: int, period: Period) -> Callable[[int], Fraction]:
    """The time of the payment `number` periods after the first."""
    first_time = years_between(start, first, period)
    months = {Period.MONTH: 1, Period.YEAR: 12}.get(period, 0)
    if due_day <= SHORTEST_MONTH or not months:
        return lambda number: first_time + number * YEARS[period]
    return lambda number: years_between(start, add_months(first, number * months, due_day), period)


def _runs(
    amount: int, count: int, number: int, time: Callable[[int], Fraction], period: Period, due_day: int
) -> list[Flow]:
    """Equal payments from the `number`-th on: one flow, unless short months move some of their dates."""
    if due_day <= SHORTEST_MONTH:
        return [Flow(amount, time(number), count, YEARS[period])]
    return [Flow(amount, time(number + later)) for later in range(count)]
