"""The balance taken apart: what happened, by line and by month. Pure, on transfers that the ledger gave."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from milepost.finance import schedule as schedules
from milepost.finance.entries import Event
from milepost.finance.money import FinanceError, round_division
from milepost.finance.rates import effective_monthly, nominal_monthly
from milepost.finance.terms import RateConvention, Terms
from milepost.plumbing import formats, references
from milepost.servicing.agreements.queries.balance_views import BalanceLine, Month, Row, Year
from milepost.servicing.agreements.queries.balance_words import (
    MONTH_EVENTS,
    MONTH_KINDS,
    PAID_RULE,
    RULES,
    Kind,
    parts,
    words,
)
from milepost.servicing.agreements.queries.loading import Loaded
from milepost.servicing.agreements.queries.reading import money
from milepost.servicing.agreements.states import ScheduleReason
from milepost.servicing.ledger.queries import Posted

BAR = 6000
"""Tenths of the 600 that a bar is wide."""
FEW = 6
"""So many rows are shown one by one; more are shown year by year."""
ORDER = list(Kind)
OPENING = (Kind.BORROWED, Kind.CARRIED)
ALWAYS = (Kind.INTEREST, Kind.PAID, Kind.FEES)


@dataclass(frozen=True, slots=True)
class Move:
    """All that one event of one day did to one line."""

    on: date
    kind: Kind
    event: Event
    source: int
    amount: int


def moves(posted: Iterable[Posted]) -> list[Move]:
    """What these transfers did to the balance, oldest first; what moved nothing is left out."""
    sums: dict[tuple[date, int, Event, int], int] = defaultdict(int)
    for transfer in posted:
        for kind, amount in parts(transfer):
            sums[transfer.effective_on, ORDER.index(kind), transfer.event, transfer.source] += amount
    return [
        Move(on, ORDER[place], event, source, amount)
        for (on, place, event, source), amount in sorted(sums.items())
        if amount
    ]


def total(found: Iterable[Move]) -> int:
    """By how much the balance rose."""
    return sum(move.amount for move in found)


def monthly_rate(loaded: Loaded) -> Fraction | None:
    """The rate of a month on which the contract's interest is reckoned; none where it cannot be said."""
    if loaded.schedule_reason is not ScheduleReason.AS_SIGNED or not sum(loaded.schedule.interest):
        return None  # once a rate was corrected, no one rate is behind all months
    try:
        terms = Terms.from_json(loaded.terms)
        if terms.rate_convention is RateConvention.NOMINAL:
            return nominal_monthly(terms.annual)
        if terms.rate_convention is RateConvention.EFFECTIVE:
            return Fraction(effective_monthly(terms.annual))
        return schedules.implied_rate(terms, loaded.schedule)
    except FinanceError:
        return None


def percentage(rate: Fraction) -> str:
    """0.635634%."""
    millionths = round_division(rate.numerator * 10**8, rate.denominator)
    return f"{millionths // 10**6}.{millionths % 10**6:06d}%"


@dataclass(frozen=True)
class Account:
    """What happened on one agreement, ready to be told: its moves, its contract and its payments' names by number."""

    loaded: Loaded
    moves: Sequence[Move]
    rate: Fraction | None
    titles: Mapping[int, str]
    policies: tuple[int, ...]

    def lines(self) -> Iterator[BalanceLine]:
        """The lines of the sum. Their amounts add up to the balance."""
        by_kind = {kind: [move for move in self.moves if move.kind is kind] for kind in Kind}
        opening = [kind for kind in OPENING if by_kind[kind]] or [Kind.BORROWED]
        shown = [kind for kind in Kind if kind in opening or kind in ALWAYS or by_kind[kind]]
        ends, standing = [], 0
        for kind in shown:
            standing += total(by_kind[kind])
            ends.append(standing)
        scale = max(*ends, 1)
        before = 0
        for kind, after in zip(shown, ends, strict=True):
            label, rule, source = self._rule(kind)
            yield BalanceLine(
                label=label, amount=after - before, rule=rule, source=source, sub=self._sub(kind, by_kind[kind]),
                rows=tuple(self._rows(kind, by_kind[kind])), kind=kind, bar_x=place(min(before, after), scale),
                bar_width=place(abs(after - before), scale),
            )  # fmt: skip
            before = after

    def row(self, move: Move) -> Row:
        """One move in words."""
        title = self.titles.get(move.source) if move.kind is Kind.PAID else None
        label = words(move.event, move.kind)
        if title and move.event in (Event.PAYMENT_RECEIVED, Event.IMPORTED_MOVEMENT):
            label = title if move.amount < 0 else f"{title}, taken back"
        elif title and move.event is Event.PAYMENT_RETURNED:
            label = f"{title} came back"
        elif move.kind is Kind.INTEREST and (period := self._period(move)):
            label = f"Interest, {period}"
        told = title and move.event in (Event.PAYMENT_RECEIVED, Event.PAYMENT_RETURNED, Event.IMPORTED_MOVEMENT)
        reference = references.reference("PY", move.source) if told else ""
        return Row(move.on, f"{_short(move.on)}{formats.NBSP}{move.on.year}", label, move.amount, reference)

    def summed(self, found: Sequence[Move]) -> Iterator[Row]:
        """Many moves, as one row for each line."""
        for kind in Kind:
            of_kind = [move for move in found if move.kind is kind]
            if of_kind:
                first, last = of_kind[0].on.year, of_kind[-1].on.year
                when = str(first) if first == last else f"{first} to {last}"
                count = f"{len(of_kind)} {'entry' if len(of_kind) == 1 else 'entries'}"
                yield Row(of_kind[-1].on, when, f"{self._rule(kind)[0]}: {count}", total(of_kind))

    def years(self) -> tuple[Year, ...]:
        """Every month in which something happened, newest first, each with the balance after it."""
        standing = 0
        months: list[tuple[int, Month, int]] = []
        groups = [list(group) for _, group in groupby(self.moves, key=lambda move: (move.on.year, move.on.month))]
        for place, group in enumerate(groups):
            standing += total(group)
            changed = total(move for move in group if move.kind not in OPENING)
            months.append((group[0].on.year, self._month(group, standing, is_open=place == len(groups) - 1), changed))
        years = []
        for year, of_year in groupby(reversed(months), key=lambda month: month[0]):
            found = list(of_year)
            summary = _year_words([month for _, month, _ in found], sum(changed for *_, changed in found))
            latest = year == months[-1][0]
            years.append(Year(str(year), summary, latest, tuple(month for _, month, _ in found)))
        return tuple(years)

    def _month(self, group: list[Move], balance: int, *, is_open: bool) -> Month:
        interest, paid = (total(move for move in group if move.kind is kind) for kind in (Kind.INTEREST, Kind.PAID))
        rules = [rule for move in group if move.kind is Kind.INTEREST if (rule := self._working(move))]
        first = group[0].on
        return Month(
            name=formats.MONTHS[first.month - 1], year=first.year, interest=interest, paid=paid,
            other=total(group) - interest - paid, balance=balance, rows=tuple(self.row(move) for move in group),
            rule=" ".join(rules), tags=_tags(group), is_open=is_open,
        )  # fmt: skip

    def _rows(self, kind: Kind, found: list[Move]) -> Iterator[Row]:
        if len(found) <= FEW:
            yield from (self.row(move) for move in found)
            return
        for year, group in groupby(found, key=lambda move: move.on.year):
            of_year = list(group)
            yield Row(of_year[0].on, f"In {year}", _year_of(kind, of_year), total(of_year))

    def _sub(self, kind: Kind, found: list[Move]) -> str:
        if not found:
            return "None in this time"
        if kind is Kind.PAID:
            return _payments(found)
        if kind is Kind.INTEREST:
            count = len({(move.on.year, move.on.month) for move in found})
            said = f"{count} month{'' if count == 1 else 's'}"
            return f"{said} at {percentage(self.rate)} a month" if self.rate else said
        return formats.day(found[0].on) if len(found) == 1 else f"{len(found)} entries"

    def _rule(self, kind: Kind) -> tuple[str, str, str]:
        """Label, rule and source of a line."""
        if kind is Kind.BORROWED:
            return "You borrowed", self._borrowed(), "your agreement"
        if kind is Kind.INTEREST:
            return "Interest added", *self._interest()
        if kind is Kind.PAID:
            versions = " and ".join(map(str, self.policies))
            source = f"our rules for sharing out a payment, version {versions}" if versions else "your agreement"
            return "You paid", PAID_RULE, source
        return RULES[kind]

    def _borrowed(self) -> str:
        loaded = self.loaded
        deposit = int(loaded.terms.get("deposit", 0)) + int(loaded.terms.get("part_exchange", 0))
        credit = loaded.schedule.opening
        if loaded.as_signed and deposit and loaded.cash_price == credit + deposit:
            return (
                f"The price of the car, {money(loaded.cash_price)}, less the {money(deposit)} that you paid at the "
                "start. Your agreement calls it the amount of credit."
            )
        return "The amount of credit in your agreement. We paid it out on that day."

    def _interest(self) -> tuple[str, str]:
        if self.loaded.schedule_reason is ScheduleReason.IMPORTED_BALANCE:
            return "The interest of each month, as the earlier system recorded it.", "the record we took over"
        if self.loaded.schedule_reason is ScheduleReason.RATE_CORRECTED:
            words = "The interest that your payment schedule shows for each month, since its rate was corrected."
            return words, "your agreement, and the correction of its rate"
        if not self.rate:
            return "The interest that your payment schedule shows for each month.", "your agreement"
        apr = f" That is {self.loaded.apr_percent}% APR, fixed." if self.loaded.apr_percent else ""
        words = (
            f"Interest for a month is what was left of the amount you borrowed × {percentage(self.rate)}, rounded so "
            f"that all months together come to exactly the interest in your agreement.{apr}"
        )
        return words, "your agreement"

    def _row_of(self, move: Move) -> int | None:
        """The schedule's row behind an instalment's interest; none where the schedule in force is a later one."""
        plan, row = self.loaded.schedule, move.source - 1
        fits = self.loaded.as_signed and move.event is Event.INSTALMENT_DUE and 0 <= row < len(plan)
        return row if fits and plan.due(row) == move.on and plan.interest[row] == move.amount else None

    def _period(self, move: Move) -> str:
        row = self._row_of(move)
        if row is None or row < self.loaded.schedule.advance:
            return ""
        plan = self.loaded.schedule
        begins = plan.due(row - 1) if row > plan.advance else plan.drawdown_date
        return f"{_short(begins)} to {_short(move.on)}"

    def _working(self, move: Move) -> str:
        """The multiplication behind a month's interest, where it comes out to the penny (or to the rounding's)."""
        row = self._row_of(move)
        if row is None or self.rate is None:
            return ""
        plan = self.loaded.schedule
        before, rest = plan.balance_after(row - 1), plan.principal[row]
        product = round_division(before * self.rate.numerator, self.rate.denominator)
        if abs(product - move.amount) > 1:
            return ""
        rounded = "" if product == move.amount else f", or {money(move.amount)} once the running total is rounded"
        return (
            f"{money(before)} × {percentage(self.rate)} = {money(product)}{rounded}. "
            f"The other {money(rest)} of that payment comes off what you borrowed."
        )


def place(amount: int, scale: int) -> str:
    """An amount's length on the shared bar, to a tenth."""
    tenths = max(0, min(BAR, BAR * amount // scale))
    return f"{tenths // 10}.{tenths % 10}"


def _payments(found: list[Move]) -> str:
    came, back = [move for move in found if move.amount < 0], [move for move in found if move.amount > 0]
    amounts = {abs(move.amount) for move in found}
    stayed = len(came) - len(back)
    if len(amounts) == 1 and stayed > 0:
        return f"{stayed} payment{'' if stayed == 1 else 's'} of {money(amounts.pop())}"
    return _counted(len(came), len(back))


def _counted(came: int, back: int) -> str:
    said = f"{came} payment{'' if came == 1 else 's'}"
    return f"{said}, {back} came back" if back else said


def _year_of(kind: Kind, found: list[Move]) -> str:
    """What a year's moves of one line are, in a few words."""
    if kind is Kind.PAID:
        return _counted(sum(move.amount < 0 for move in found), sum(move.amount > 0 for move in found))
    if kind is Kind.INTEREST:
        first, last = found[0].amount, found[-1].amount
        months = f"{len(found)} month{'' if len(found) == 1 else 's'}"
        return f"{months}, from {money(first)} down to {money(last)}" if first > last else months
    return f"{len(found)} entries"


def _year_words(months: list[Month], changed: int) -> str:
    count = sum(1 for month in months if month.interest or month.paid)
    interest, paid = sum(month.interest for month in months), -sum(month.paid for month in months)
    way = f"balance {'down' if changed <= 0 else 'up'} {money(abs(changed))}"
    return f"{count} month{'' if count == 1 else 's'}: {money(interest)} interest, {money(paid)} paid, {way}"


def _tags(group: list[Move]) -> tuple[str, ...]:
    """What is out of the ordinary in a month; amounts beside interest and payments, so that its columns add up."""
    happened = [said for event, said in MONTH_EVENTS.items() if any(move.event is event for move in group)]
    for kind, said in MONTH_KINDS.items():
        if amount := total(move for move in group if move.kind is kind):
            happened.append(f"{said} {money(amount)}")
    return tuple(happened)


def _short(on: date) -> str:
    return f"{on.day}{formats.NBSP}{formats.MONTHS[on.month - 1][:3]}"
