"""The page of one settlement quote: the figure as it was given, line by line, and where it is today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from milepost.finance import direct_debit_calendar, early_settlement
from milepost.finance.early_settlement import LineKind
from milepost.finance.law import Provision
from milepost.finance.products import PRODUCTS
from milepost.finance.schedule import Schedule
from milepost.plumbing import formats, lender, references
from milepost.servicing.agreements.models import SettlementQuote, SettlementQuoteMove
from milepost.servicing.agreements.queries.loading import load
from milepost.servicing.agreements.queries.reading import Reading, money
from milepost.servicing.agreements.queries.settlement_figures import ask_of
from milepost.servicing.agreements.queries.settlement_quotes import PREFIX, quote_of, quotes_of, read_on
from milepost.servicing.agreements.queries.settlement_views import (
    Comparison,
    QuoteLine,
    QuoteView,
    RebateWorking,
    Step,
)
from milepost.servicing.agreements.states import OPEN_QUOTE, QuoteState

BAR = 600
GAP = 3
TO_COME = {LineKind.INSTALMENTS, LineKind.FINAL_PAYMENT, LineKind.FEES}
LAW = {
    Provision.SETTLEMENT_NOTICE_DAYS.value: "A figure is good for {} days",
    Provision.SETTLEMENT_DEFERRAL_DAYS.value: "A lender may count {} days longer",
    Provision.SETTLEMENT_DEFERRAL_OVER_MONTHS.value: "That is so for credit of more than {} months",
}
BEHIND = {LineKind.UNPAID, LineKind.DEFAULT_SUMS}


def settlement_quote(agreement_id: int, quote_reference: str, *, on: date, by_direct_debit: bool) -> QuoteView | None:
    """One quote of an agreement, from what is stored alone; None where the agreement has no quote of this name."""
    quote = quote_of(agreement_id, quote_reference)
    if quote is None:
        return None
    reading = Reading(load([agreement_id])[0], on)
    move = SettlementQuoteMove.objects.filter(quote_id=quote.id).order_by("-id")[0]
    state = read_on(QuoteState(move.state), quote.good_until, on)
    others = tuple(other for other in quotes_of(agreement_id, on=on) if other.id != quote.id)
    lines = [_line(line) for line in quote.lines]
    is_open = state in OPEN_QUOTE and reading.is_live
    result = quote.result
    charged = sum(line.amount for line in lines if line.kind == LineKind.COMPENSATION)
    return QuoteView(
        head=reading.head(),
        reference=references.reference(PREFIX, quote.id),
        state=state.value,
        is_open=is_open,
        amount=quote.amount_to_settle,
        received_on=quote.received_on,
        requested_at=quote.requested_at,
        settle_on=quote.settle_on,
        pays_on_one_day=_for_one_day(quote),
        good_until=quote.good_until,
        settlement_date=quote.settlement_date,
        to_come_lines=tuple(line for line in lines if line.kind in TO_COME),
        to_come=result["to_come"],
        other_lines=tuple(line for line in lines if line.kind not in TO_COME),
        up_to_date=not any(line.kind in BEHIND for line in lines),
        saving=max(0, result["rebate"] - charged),
        working=_working(quote),
        comparison=_comparison(quote, charged),
        steps=tuple(_steps(quote, on, by_direct_debit)) if is_open else (),
        returns_goods=PRODUCTS[reading.loaded.product].rights.voluntary_termination,
        reason=move.reason,
        newer=next((other.reference for other in others if other.state in OPEN_QUOTE), ""),
        law=tuple(
            (LAW[row["provision"]].format(row["value"]), row["source"]) for row in quote.law if row["provision"] in LAW
        ),
        policy_version=quote.policy_version,
        engine=quote.engine,
        seal=quote.seal,
        others=others,
        ends_on=reading.loaded.ends_on,
        as_of=on,
    )


def _for_one_day(quote: SettlementQuote) -> bool:
    return quote.good_until > quote.received_on + timedelta(days=early_settlement.notice_days(quote.received_on))


def _line(line: dict[str, Any]) -> QuoteLine:
    return QuoteLine(**line, is_less=line["amount"] < 0)


def _working(quote: SettlementQuote) -> RebateWorking:
    result = quote.result
    return RebateWorking(
        apr_percent=quote.inputs["apr_percent"],
        opening=quote.inputs["schedule"]["opening"],
        rate=f"{Decimal(result['monthly_rate']) * 100:.4f}%",
        whole_months=result["whole_months"],
        days_left=result["days_left"],
        days_in_month=result["days_in_month"],
        owing=result["owing"],
        payments_after=result["payments_after"],
        rounded=result["rebate_rounded_rate"],
        exact=result["rebate_exact_rate"],
        rebate=result["rebate"],
    )


def _comparison(quote: SettlementQuote, charged: int) -> Comparison:
    """Both ways to the end, without what was behind or ahead on the day of the notice."""
    result = quote.result
    carry_on = result["to_come"]
    principal = quote.inputs["schedule"]["principal"]
    borrowed = sum(principal[len(principal) - result["rows_to_come"] :])
    pay_off = carry_on - result["rebate"] + charged
    interest = carry_on - borrowed
    paid_off = max(0, min(interest, pay_off - borrowed))
    total = max(1, carry_on)
    # Paid off early enough, it costs less than the principal the plan would still count: the bar ends there.
    first = BAR * min(borrowed, pay_off) // total
    second = BAR * paid_off // total
    saving_x = first + (second + GAP if second else 0) + GAP
    return Comparison(
        carry_on=carry_on,
        pay_off=pay_off,
        borrowed=borrowed,
        interest_carrying_on=interest,
        interest_paying_off=paid_off,
        saving=max(0, carry_on - pay_off),
        borrowed_x=str(first),
        carry_on_width=str(max(0, BAR - BAR * borrowed // total - GAP)),
        pay_off_width=str(second),
        saving_x=str(saving_x),
        saving_width=str(max(0, BAR - saving_x)),
    )


@dataclass(frozen=True, slots=True)
class _Due:
    """A payment that falls due while a quote is open, as far as nothing was paid ahead for it."""

    collected_on: date
    stop_by: date
    amount: int


def _dues(quote: SettlementQuote) -> Iterator[_Due]:
    asked = ask_of(quote.inputs)
    schedule: Schedule = asked.schedule
    days = lender.working_days()
    ahead = asked.credit
    for row in range(schedule.rows_due_by(quote.received_on - timedelta(days=1)), len(schedule)):
        dates = direct_debit_calendar.dates(schedule.due(row), days)
        if dates.collection_date > quote.good_until:
            return
        used = min(ahead, schedule.amount_due(row))
        ahead -= used
        if schedule.amount_due(row) > used:
            yield _Due(dates.collection_date, days.subtract(dates.input_day, 1), schedule.amount_due(row) - used)


def _steps(quote: SettlementQuote, on: date, by_direct_debit: bool) -> Iterator[Step]:
    dues = list(_dues(quote))
    if not dues:
        return
    going_out = sum(line["amount"] for line in quote.lines if line["kind"] == LineKind.GOING_OUT)
    if _for_one_day(quote):
        for due in dues:
            how = "goes out by Direct Debit as usual" if by_direct_debit else "is due, and you pay it as usual"
            yield _step(due.collected_on, due.collected_on, on, formats.weekday(due.collected_on),
                        f"{money(due.amount)} {how}.")  # fmt: skip
        yield _step(quote.settle_on, quote.settle_on, on, f"Pay on {formats.weekday(quote.settle_on)}",
                    f"You pay {money(quote.amount_to_settle)}.")  # fmt: skip
        return
    yield from _open_window(quote, dues, quote.amount_to_settle - going_out, on, by_direct_debit)


def _open_window(
    quote: SettlementQuote, dues: Sequence[_Due], amount: int, on: date, by_direct_debit: bool
) -> Iterator[Step]:
    """Any day until the figure ends, with a payment or two falling due inside."""
    begins = quote.received_on
    for due in dues:
        taken = formats.day(due.collected_on)
        eve = due.collected_on - timedelta(days=1)
        if by_direct_debit:
            if due.stop_by >= begins:
                yield _step(begins, due.stop_by, on, f"Pay by {formats.weekday(due.stop_by)}",
                            f"We stop the collection of {taken}. You pay {money(amount)}.")  # fmt: skip
                begins = due.stop_by + timedelta(days=1)
            if begins <= eve:
                yield _step(begins, eve, on, f"Pay {_span(begins, eve)}",
                            f"You pay {money(amount)}. Your bank already has the collection of {taken}: it still goes "
                            f"out, and we send the {money(due.amount)} back to you.")  # fmt: skip
        elif begins <= eve:
            yield _step(begins, eve, on, f"Pay by {formats.weekday(eve)}",
                        f"You pay {money(amount)}, and not the payment of {taken}.")  # fmt: skip
        begins = due.collected_on
        amount = max(0, amount - due.amount)
    done = "has gone out" if by_direct_debit else "counts, once you have paid it"
    yield _step(begins, quote.good_until, on, f"Pay {_span(begins, quote.good_until)}",
                f"{money(dues[-1].amount)} {done}, so you pay {money(amount)}.")  # fmt: skip


def _step(begins: date, ends: date, on: date, title: str, text: str) -> Step:
    return Step(title, text, "now" if begins <= on <= ends else "done" if ends < on else "to-come")


def _span(first: date, last: date) -> str:
    if first == last:
        return f"on {formats.weekday(last)}"
    begins = str(first.day) if (first.year, first.month) == (last.year, last.month) else formats.day_of_month(first)
    return f"from {begins} to {formats.day(last)}"
