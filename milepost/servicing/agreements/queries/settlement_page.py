"""The settlement page: about what it costs to pay everything off, on the days a customer may choose from."""

from collections.abc import Iterator
from datetime import date, timedelta

from milepost.finance import early_settlement
from milepost.finance.calendars import add_months
from milepost.finance.early_settlement import Figure
from milepost.finance.money import FinanceError
from milepost.finance.policy import LenderPolicy
from milepost.plumbing import formats, lender
from milepost.servicing.agreements.queries import settlement_figures as figures
from milepost.servicing.agreements.queries.reading import Reading
from milepost.servicing.agreements.queries.settlement_quotes import quotes_of
from milepost.servicing.agreements.queries.settlement_views import DayChoice, SettlementView

CARDS = 5


def settlement(agreement_id: int, *, on: date, settle_on: date | None) -> SettlementView:
    """About what paying off costs on a day (default: today), and on others. A day that cannot be is a fault, and the
    figures are today's."""
    reading = figures.read(agreement_id, on=on)
    policy = lender.current().policy(on)
    reason = figures.why_not(reading)
    furthest = on if reason else figures.furthest_day(reading, policy)
    fault = _fault(settle_on or on, on, furthest) if not reason else ""
    chosen = on if fault or reason or settle_on is None else settle_on
    figure = None
    if not reason:
        try:
            figure = early_settlement.figure(figures.ask(reading, chosen, policy))
        except FinanceError:
            reason = figures.NO_FIGURE
    choices = tuple(_choices(reading, policy, furthest, chosen)) if figure else ()
    return SettlementView(
        head=reading.head(),
        reason=reason,
        fault="" if reason else fault,
        settle_on=chosen,
        furthest=furthest,
        estimate=figure.amount if figure else 0,
        good_until=figure.good_until if figure else on,
        saving=saved(figure) if figure else 0,
        left_to_pay=reading.left_to_pay,
        ends_on=reading.loaded.ends_on,
        choices=choices,
        first_debit_on=choices[1].settle_on if len(choices) > 1 and choices[0].until >= choices[1].settle_on
        - timedelta(days=1) else None,
        quotes=tuple(quotes_of(agreement_id, on=on)),
        as_of=on,
    )  # fmt: skip


def saved(figure: Figure) -> int:
    """What the customer keeps: the rebate, less what the lender claims for being paid early."""
    charged = sum(line.amount for line in figure.lines if line.kind is early_settlement.LineKind.COMPENSATION)
    return max(0, figure.rebate - charged)


def _fault(settle_on: date, on: date, furthest: date) -> str:
    if settle_on < on:
        return "Choose today or a later day"
    return f"Choose a day up to {formats.day(furthest)}" if settle_on > furthest else ""


def _choices(reading: Reading, policy: LenderPolicy, furthest: date, chosen: date) -> Iterator[DayChoice]:
    """Now, after each payment that goes out while the figure holds, and the last working days of the months after."""
    on = reading.on
    good_until = on + timedelta(days=early_settlement.notice_days(on))
    begins = [on]
    begins += [day for row in figures.rows_going_out(reading, good_until)
               if (day := reading.collected(row)) > on]  # fmt: skip
    ends = [*(day - timedelta(days=1) for day in begins[1:]), good_until]
    spans = list(zip(begins, ends, strict=True))
    month = good_until
    while len(spans) < CARDS:
        month = add_months(month.replace(day=1), 2) - timedelta(days=1)
        last = lender.working_days().on_or_before(month)
        if last > furthest:
            break
        spans.append((last, last))
    for first, until in spans[:CARDS]:
        figure = early_settlement.figure(figures.ask(reading, first, policy))
        yield DayChoice(
            settle_on=first,
            until=until,
            weekday=formats.WEEKDAYS[until.weekday()],
            is_now=first == on,
            amount=figure.amount,
            saving=saved(figure) // 1000 * 1000,
            is_current=first <= chosen <= until,
        )
