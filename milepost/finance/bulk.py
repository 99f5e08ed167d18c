"""Instalments, schedules and APRs of a whole book at once, in numpy: the scalar code's figures, to the penny.

The rules are those of `amortisation` and `apr`, in float64, which holds whole numbers exactly up to 2^53. At a rate n/d
interest is a multiple of 1/2d before it is rounded: a shift of 1/4d keeps each of them, ties too, clear of the edge,
and the figures are exact. Where the rate is irrational or solved for they are a proposal, and an agreement with any of
them within 1e-6 of a rounding edge is done again by the scalar code; so is each one outside the common shape: an odd
first period, a rate of more than six decimals, terms that cannot be.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from milepost.finance import amortisation, apr, schedule
from milepost.finance.book import EFFECTIVE, FLAT, MOST, NOMINAL, Book, Ints, Truths
from milepost.finance.money import LARGEST_AMOUNT, FinanceError
from milepost.finance.terms import Terms

Answer = TypeVar("Answer")
Amounts = NDArray[np.int32]
Floats = NDArray[np.float64]

EDGE = 1e-6
_EXACT, _PROPOSED, _FIXED = range(3)
"""Families that are worked alike: exact at a rate, proposed at a rate, payments fixed by the contract."""
_STEPS = 12 * 100 * 10**6
"""A month's nominal interest on one unit is annual_millionths / _STEPS."""
_BLOCK = 16_384
_MOST_STEPS = 60
_MOST_PLACES = 6
_HIGHEST_GROWTH = 13.9  # of ln(1 + APR): the scalar code decides what is beyond it


class Refused(FinanceError):
    """One agreement of a book cannot be: `index` says which, the rest is what the scalar code says of it."""

    def __init__(self, index: int, why: FinanceError) -> None:
        super().__init__(why.code, why.field, why.message)
        self.index = index

    def __str__(self) -> str:
        return f"agreement {self.index}: {super().__str__()}"


class Group(NamedTuple):
    """Agreements with as many rows: `members` says which of the book; `principal` and `interest` have a line for each
    row of the schedule, a column for each agreement. Minor units.

    `advance` and `instalments` are rows; a row beyond those is the balloon's, a month later.
    """

    members: Ints
    advance: int
    instalments: int
    principal: Amounts
    interest: Amounts


@dataclass(frozen=True, slots=True)
class Schedules:
    """The rows of N agreements, in groups; agreement i is column `column[i]` of group `group[i]`.

    `redone` says which agreements the scalar code did.
    """

    groups: tuple[Group, ...]
    group: Ints
    column: Ints
    redone: Ints

    def of(self, index: int) -> tuple[list[int], list[int]]:
        """(principal, interest) of one agreement, row by row."""
        group, column = self.groups[self.group[index]], self.column[index]
        return group.principal[:, column].tolist(), group.interest[:, column].tolist()


def level_instalments(book: Book) -> Ints:
    """The level instalment of each agreement, as `amortisation.instalment`: minor units, half up.

    Raises Refused for the first agreement whose terms cannot be.
    """
    regular = _regular(book)
    instalments, redo = np.zeros(len(book), np.int64), ~regular
    with np.errstate(all="ignore"):
        for block in (part for _, blocks in _grouped(book, regular) for _, part in blocks):
            fixed = block.family == _FIXED
            level, redo[block.members] = (block.level, np.isnan(block.rate)) if fixed else _levels(block)
            instalments[block.members] = level
    for place in np.flatnonzero(redo).tolist():
        instalments[place] = _scalar(book, place, amortisation.instalment)
    return instalments


def schedules(book: Book) -> Schedules:
    """The schedule of each agreement, as `schedule.build`.

    Raises Refused for the first agreement that cannot be scheduled.
    """
    regular = _regular(book)
    groups, redo = [], ~regular
    with np.errstate(all="ignore"):
        for group, blocks in _grouped(book, regular):
            groups.append(group)
            for part, block in blocks:
                work = _contracted if block.family == _FIXED else _rated
                redo[block.members] = work(block, group.principal[:, part], group.interest[:, part])
    places, columns = np.zeros(len(book), np.int64), np.zeros(len(book), np.int64)
    for place, group in enumerate(groups):
        places[group.members], columns[group.members] = place, np.arange(len(group.members))
    redone = np.flatnonzero(redo)
    for index in redone.tolist():
        made = _scalar(book, index, schedule.build)
        if regular[index]:
            group, column = groups[places[index]], columns[index]
            group.principal[:, column], group.interest[:, column] = made.principal, made.interest
        else:
            places[index] = len(groups)
            tables = (np.array([part], np.int32).T for part in (made.principal, made.interest))
            number = int(book.number_of_instalments[index])
            groups.append(Group(np.array([index]), made.advance, number, *tables))
    return Schedules(tuple(groups), places, columns, redone)


def aprs(book: Book, made: Schedules, places: int = 1) -> Ints:
    """The APR of each agreement of `schedules(book)`, fees included: `apr.rounded(apr.of_schedule(…), places)` in units
    of the last place, so that 8.9 % to one place is 89. `places` of a percent are from 0 to 6.

    Raises Refused for the first agreement whose fees leave no rate that could be an APR.
    """
    if not 0 <= places <= _MOST_PLACES:
        raise FinanceError("out_of_range", "places", f"must be from 0 to {_MOST_PLACES}")
    units, redo = np.zeros(len(book), np.int64), np.zeros(len(book), np.bool_)
    with np.errstate(all="ignore"):
        for group in made.groups:
            percent = _percent(book, group)
            scaled = percent * 10.0**places + 0.5
            slack = EDGE + (100 + percent) * 10.0**places * 1e-12
            sure = (np.abs(scaled - np.rint(scaled)) > slack) | (percent == 0)
            units[group.members] = np.where(sure, scaled, 0)  # drops what is behind the point
            redo[group.members] = ~sure
    for place in np.flatnonzero(redo | book.uneven).tolist():
        units[place] = _scalar(book, place, lambda terms: _units(terms, places))
    return units


def _units(terms: Terms, places: int) -> int:
    percent = apr.of_schedule(schedule.build(terms), terms.upfront_fees)
    return int(apr.rounded(percent, places).scaleb(places))


def _scalar(book: Book, place: int, work: Callable[[Terms], Answer]) -> Answer:
    try:
        return work(book.terms(place))
    except FinanceError as why:
        raise Refused(place, why) from why


class _Block(NamedTuple):
    """Part of a group, in float64. `level` and `last` instalment are known in the fixed family alone, where the rate is
    not. `shared` is the balloon due with the last instalment, `later` the one with a row of its own. `margin` is a
    quarter of the finest step of a month's interest where that is exact, otherwise nought."""

    family: int
    months: int
    members: Ints
    credit: Floats
    advance: Floats
    shared: Floats
    later: Floats
    rate: Floats
    margin: Floats
    level: Floats
    last: Floats


def _regular(book: Book) -> Truths:
    """Which agreements are of the common shape and within bounds; the others the scalar code does or refuses."""
    good: Truths = ~book.irregular & (book.amount_of_credit >= 1) & (book.balloon <= book.amount_of_credit)
    good &= book.advance_instalments < book.number_of_instalments
    for name, most in MOST.items():
        good &= getattr(book, name).view(np.uint64) <= np.uint64(most)  # what is below nought is above them all
    charge = book.amount_of_credit * 2.0 * book.annual_millionths * (book.number_of_instalments + 1)
    good &= (book.convention != FLAT) | (charge < 2.0**62)
    return good


def _grouped(book: Book, regular: Truths) -> Iterator[tuple[Group, Iterator[tuple[slice, _Block]]]]:
    """The regular agreements by family, months, advance instalments and a row for the balloon, each group in blocks
    that fit the processor's cache."""
    annual, advance = book.annual_millionths, book.advance_instalments
    steps = np.where(annual % 10_000 == 0, _STEPS // 10_000, _STEPS)  # of a month's interest in one minor unit
    exact = (book.convention == NOMINAL) & (book.amount_of_credit * (1 + annual / _STEPS) * steps < 2.0**48)
    family = np.where(exact, _EXACT, np.where(book.convention <= EFFECTIVE, _PROPOSED, _FIXED))
    own_row = (book.balloon > 0) & (book.balloon_later == 1)
    kind = ((family * 1024 + book.number_of_instalments - advance) * 1024 + advance) * 2 + own_row
    places = np.flatnonzero(regular)
    ordered = np.sort(kind[places] << 32 | places)  # one sort of whole numbers is faster than one by keys
    ends = [*(np.flatnonzero(np.diff(ordered >> 32)) + 1).tolist(), len(ordered)]
    for first, end in zip([0, *ends], ends, strict=False):
        index = ordered[first:end] & 0xFFFF_FFFF
        if index.size:
            number = int(book.number_of_instalments[index[0]])
            tables = (np.empty((number + int(own_row[index[0]]), len(index)), np.int32) for _ in range(2))
            group = Group(index, int(advance[index[0]]), number, *tables)
            yield group, _blocks(book, group, int(family[index[0]]), steps)


def _blocks(book: Book, group: Group, family: int, steps: Ints) -> Iterator[tuple[slice, _Block]]:
    for first in range(0, len(group.members), _BLOCK):
        part = slice(first, min(first + _BLOCK, len(group.members)))
        index = group.members[part]
        credit, balloon, annual = book.amount_of_credit[index], book.balloon[index], book.annual_millionths[index]
        level, last, rate = book.instalment[index], book.final_instalment[index], np.zeros(len(index))
        later = len(group.principal) > group.instalments
        months, number = group.instalments - group.advance, group.instalments
        if family == _FIXED:  # as in `amortisation`: a flat charge is spread with the credit
            charge = _halves_up(credit * annual * number, _STEPS)
            spread = credit + charge - balloon
            flat = book.convention[index] == FLAT
            level = np.where(flat, _halves_up(spread, number), level)
            last = np.where(flat, spread - level * (number - 1), last)
        else:
            nominal = book.convention[index] == NOMINAL
            rate = np.where(nominal, annual / _STEPS, np.expm1(np.log1p(annual * 12 / _STEPS) / 12))
        columns = (credit, np.full(len(index), group.advance), balloon * (not later), balloon * later, rate,
                   0.25 / steps[index] if family == _EXACT else 0 * rate, level, last)  # fmt: skip
        yield part, _Block(family, months, index, *(column.astype(np.float64) for column in columns))


def _halves_up(numerator: Ints, denominator: int) -> Ints:
    return (2 * numerator + denominator) // (2 * denominator)


def _levels(block: _Block) -> tuple[Floats, Truths]:
    """Level instalments by rate (domain.md 2.2), and which of them are too near a rounding edge to be sure of."""
    growth = np.log1p(block.rate)
    annuity = np.where(block.rate > 0, -np.expm1(-block.months * growth) / block.rate, block.months)
    worth = block.credit - block.shared * np.exp(-block.months * growth)
    worth -= block.later * np.exp(-(block.months + 1) * growth)
    level = worth / (block.advance + annuity)
    rounded = np.floor(level + 0.5)
    slack = EDGE + 1e-14 * block.credit / (block.advance + annuity)
    # Without interest it is a quotient of whole numbers, which float64 puts on no wrong side of an edge.
    return rounded, (np.abs(np.abs(level - rounded) - 0.5) < slack) & (block.rate > 0)


def _rated(block: _Block, principal: Amounts, interest: Amounts) -> Truths:
    """Fill in the rows of a block at its rates; returns the agreements not to be sure of.

    Each balance is floor(the one before x (1 + rate) + 1/2 - instalment), as in the scalar code.
    """
    level, unsure = _levels(block)
    growth, shift, amount = 1 + block.rate, 0.5 + block.margin - level, level.astype(np.int32)
    low, high, exact, after = np.ones_like(level), np.zeros_like(level), np.empty_like(level), np.empty_like(level)
    before = block.credit - level * block.advance
    first, last = int(block.advance[0]), int(block.advance[0]) + block.months - 1
    principal[:first], interest[:first] = amount, 0
    for row in range(first, last + 1):
        np.multiply(before, growth, out=exact)
        exact += shift
        np.floor(exact, out=after)
        if block.family == _PROPOSED:
            exact -= after
            np.minimum(low, exact, out=low)
            np.maximum(high, exact, out=high)
        principal[row] = np.subtract(before, after, out=exact)
        np.subtract(amount, principal[row], out=interest[row])
        before, after = after, before
    own_row = block.later / growth
    balloon = np.floor(own_row + 0.5)
    remaining = after - balloon  # the balance before the last instalment, less what the balloon repays
    principal[last] = remaining
    if block.later[0]:
        principal[-1], interest[-1] = balloon, block.later - balloon
    slack = EDGE + 1e-15 * block.credit
    unsure = unsure | (np.abs(np.abs(own_row - balloon) - 0.5) < slack)
    if block.family == _PROPOSED:
        unsure |= (low < slack) | (high > 1 - slack)
    # Where the first month repays something the balance falls, its interest falls with it, and later months repay more.
    good: Truths = (level > 0) & (principal[first] > 0) & (remaining > 0) & ((balloon > 0) | (block.later == 0))
    good &= (remaining + interest[last] <= LARGEST_AMOUNT) & (level <= LARGEST_AMOUNT)
    pence = remaining + interest[last] - block.shared - level  # absorbed by the last instalment
    good &= (level + pence > 0) & (pence <= np.maximum(level, block.months + block.advance))
    return unsure | ~good


def _contracted(block: _Block, principal: Amounts, interest: Amounts) -> Truths:
    """The same where payments are fixed: interest by steps of the rounded running total at the rate they imply.

    As in the scalar code that total is what is paid so far, less the credit, plus what the rest is worth.
    """
    level, later, at_last = block.level, block.later, block.last + block.shared
    net, months = block.credit - level * block.advance, block.months
    rate = _root(net, block.months, level, np.zeros_like(level), at_last - level, later)
    paid = level * (months - 1) + at_last - net
    discount, worth, above = 1 / (1 + rate), later / (1 + rate), paid + later
    slack = EDGE + 1e-15 * months * (paid + net + later)
    exact, near, total, payment = np.empty_like(level), np.ones_like(level), np.empty_like(level), later
    first = int(block.advance[0])
    principal[:first], interest[:first] = level, 0
    for row in range(first + months - 1, first - 1, -1):
        np.add(worth, paid, out=exact)
        exact += 0.5
        np.floor(exact, out=total)
        exact -= total
        np.minimum(near, exact, out=near)
        np.minimum(near, np.subtract(1, exact, out=exact), out=near)
        if row + 1 < len(interest):
            interest[row + 1] = np.subtract(above, total, out=exact)
            principal[row + 1] = np.subtract(payment, exact, out=exact)
        above, total = total, above
        payment = at_last if row == first + months - 1 else level
        worth += payment
        worth *= discount
        paid -= payment
    interest[first] = above
    principal[first] = payment - above
    good: Truths = (principal.min(axis=0) > 0) & (near > slack) & (rate < 1)
    good &= np.maximum(level, at_last) <= LARGEST_AMOUNT
    return ~good


def _root(
    net: Floats, months: int, level: Floats, first: NDArray[Any], last: NDArray[Any], after: NDArray[Any]
) -> Floats:
    """The monthly rate at which payments are worth `net`; NaN where Newton's method finds none.

    They are `level` in each month, with more in the first and in the last, and one in the month after. The start is
    simple discount, below the root of a falling convex curve, up which the method climbs without passing it.
    """
    total = level * months + first + last + after
    moment = level * (months * (months + 1) / 2) + first + last * months + after * (months + 1)
    rate = (total - net) / moment
    rate[~(rate > 0)] = np.nan
    for _ in range(_MOST_STEPS):
        discount = 1 / (1 + rate)
        part = np.expm1(-months * np.log1p(rate))
        annuity, left = -part / rate, 1 + part
        worth = level * annuity + first * discount + last * left + after * left * discount
        slope = level * (months * left * discount - annuity) / rate - first * discount * discount
        slope -= (last * months + after * (months + 1) * discount) * left * discount
        step = (worth - net) / slope
        rate -= step
        moving = np.abs(step) > 1e-9 * rate + 1e-16  # each step squares the error
        if not moving.any():
            break
    return np.where(total == net, 0, np.where(moving, np.nan, rate))


def _percent(book: Book, group: Group) -> Floats:
    """APRs in percent, unrounded; NaN where the scalar code is to look."""
    index, advance = group.members, group.advance
    level = group.principal[0].astype(np.float64) + group.interest[0]
    last = group.principal[group.instalments - 1].astype(np.float64) + group.interest[group.instalments - 1] - level
    first_fee, last_fee = book.first_fee[index], book.last_fee[index]
    later = len(group.principal) > group.instalments
    net = book.amount_of_credit[index] - level * advance - book.upfront_fee[index] - first_fee * (advance > 0)
    rate = _root(
        net,
        group.instalments - advance,
        level,
        first_fee * (advance == 0),
        last + last_fee * (not later),
        (book.balloon[index] + last_fee) * later,
    )
    growth = 12 * np.log1p(rate)
    return np.where((net > 0) & (growth < _HIGHEST_GROWTH), 100 * np.expm1(growth), np.nan)
