"""A settlement figure of one agreement: what it is worked out from, what comes out, and the words of its lines.

Everything the calculation needs is kept with a quote as JSON, so that the same figure comes out for ever, whatever
the lender's policy says by then.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from milepost.finance import ENGINE, apr, early_settlement
from milepost.finance.chart_of_accounts import CUSTOMER_CREDIT, DEFAULT_SUMS, DUE_FROM_CUSTOMER
from milepost.finance.early_settlement import Ask, Figure, LineKind
from milepost.finance.money import FinanceError
from milepost.finance.policy import Deferral, LenderPolicy
from milepost.finance.products import PRODUCTS
from milepost.finance.schedule import Schedule
from milepost.plumbing import formats, lender
from milepost.servicing.agreements.models import SettlementQuote
from milepost.servicing.agreements.queries.loading import Loaded, load
from milepost.servicing.agreements.queries.reading import Reading, money, upfront_fees
from milepost.servicing.agreements.states import ScheduleReason
from milepost.servicing.ledger import queries as ledger

NO_FIGURE = "We can't work this out here. Call us and we will tell you the figure."


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A stored quote worked out again from its own inputs."""

    figure: Figure
    seal: str


def read(agreement_id: int, *, on: date) -> Reading:
    """The agreement as the transfers have it at the end of a day: paid, due and charged, whatever came later."""
    return read_from(load([agreement_id])[0], ledger.balances(agreement_id, on=on), on)


def read_from(loaded: Loaded, balances: Mapping[int, int], on: date) -> Reading:
    """The same, from what was asked already."""
    if loaded.as_signed and len(loaded.schedule):
        loaded = replace(loaded, paid_total=_paid_by(loaded, balances, on))
    return Reading(loaded, on, max(0, balances.get(DEFAULT_SUMS, 0)))


def _paid_by(loaded: Loaded, balances: Mapping[int, int], on: date) -> int:
    due = loaded.schedule.total(0, loaded.schedule.rows_due_by(on))
    return max(0, due - balances.get(DUE_FROM_CUSTOMER, 0) - balances.get(CUSTOMER_CREDIT, 0))


def why_not(reading: Reading) -> str:
    """Why no figure can be given here, as a sentence for the customer; empty where one can."""
    loaded = reading.loaded
    if not reading.is_live:
        return "This agreement has ended, so there is nothing to pay off."
    if not PRODUCTS[loaded.product].rights.early_settlement_rebate:
        return "This is a hire agreement, so nothing was lent that could be paid off early. Ask us about ending it."
    if not loaded.as_signed or not loaded.apr_percent:
        return "We work this out for you when you ask, because your agreement began in another system."
    if reading.left_to_pay == 0:
        return "Every payment of this agreement is made, so there is nothing left to pay off."
    return ""


def estimate(reading: Reading) -> tuple[int | None, date | None, str]:
    """What it would cost to pay everything off today, until when that holds, or why it cannot be said here."""
    if reason := why_not(reading):
        return None, None, reason
    try:
        figure = early_settlement.figure(ask(reading, reading.on, lender.current().policy(reading.on)))
    except FinanceError:
        return None, None, NO_FIGURE
    return figure.amount, figure.good_until, ""


def furthest_day(reading: Reading, policy: LenderPolicy) -> date:
    """The last day that may be chosen: as far ahead as policy says, while payments are still to come."""
    schedule = reading.loaded.schedule
    before_the_end = schedule.due(len(schedule) - 1) - timedelta(days=1)
    good_until = reading.on + timedelta(days=early_settlement.notice_days(reading.on))
    return max(good_until, min(before_the_end, reading.on + timedelta(days=policy.settlement_choice_days)))


def ask(reading: Reading, settle_on: date, policy: LenderPolicy) -> Ask:
    """What the figure for a chosen day depends on. Raises FinanceError when the printed APR is not a number.

    Once a rate was corrected the printed APR is no longer the true one: both are tried, and the one by which she pays
    less counts (domain.md 4.2, step 5).
    """
    loaded = reading.loaded
    if not loaded.apr_percent.replace(".", "", 1).isdecimal():
        raise FinanceError("missing", "apr_percent", "the agreement prints no rate to work with")
    asked = Ask(
        schedule=loaded.schedule,
        apr_percent=Decimal(loaded.apr_percent),
        received_on=reading.on,
        settle_on=settle_on,
        deferral=policy.settlement_deferral,
        balloon=reading.balloon if loaded.schedule.due(len(loaded.schedule) - 1) >= reading.on else 0,
        unpaid=reading.position.overdue,
        default_sums=reading.default_sums,
        credit=reading.position.paid_ahead,
        upfront_fees=upfront_fees(loaded.terms),
        rows_going_out=len(rows_going_out(reading, settle_on)),
        claims_compensation=policy.claims_compensatory_amount,
    )
    if loaded.schedule_reason is not ScheduleReason.RATE_CORRECTED:
        return asked
    true = apr.rounded(apr.of_schedule(loaded.schedule, upfront_fees(loaded.terms)), 6)
    return min(asked, replace(asked, apr_percent=true), key=lambda each: early_settlement.figure(each).amount)


def rows_going_out(reading: Reading, settle_on: date) -> list[int]:
    """The rows, not due by the day of the notice, that will have been collected by a day.

    What falls due on that very day is asked for unless the ledger has it already: its collection may still fail.
    """
    schedule = reading.loaded.schedule
    first = schedule.rows_due_by(reading.on)
    return [row for row in range(first, schedule.rows_due_by(settle_on)) if reading.collected(row) <= settle_on]


def inputs_of(ask: Ask, *, schedule_version: int, product: str, policy_version: int) -> dict[str, Any]:
    """The inputs as they are stored."""
    schedule = ask.schedule
    return {
        "received_on": ask.received_on.isoformat(),
        "settle_on": ask.settle_on.isoformat(),
        "product": product,
        "apr_percent": str(ask.apr_percent),
        "balloon": ask.balloon,
        "unpaid": ask.unpaid,
        "default_sums": ask.default_sums,
        "credit": ask.credit,
        "upfront_fees": ask.upfront_fees,
        "rows_going_out": ask.rows_going_out,
        "paid_early_last_12_months": ask.paid_early_last_12_months,
        "policy": {
            "version": policy_version,
            "settlement_deferral": ask.deferral.value,
            "claims_compensatory_amount": ask.claims_compensation,
        },
        "schedule": {
            "version": schedule_version,
            "drawdown_date": schedule.drawdown_date.isoformat(),
            "first_due": schedule.first_due.isoformat(),
            "due_day": schedule.due_day,
            "advance": schedule.advance,
            "opening": schedule.opening,
            "principal": list(schedule.principal),
            "interest": list(schedule.interest),
            "fees": list(schedule.fees),
        },
    }


def ask_of(inputs: Mapping[str, Any]) -> Ask:
    """Stored inputs as the calculation takes them."""
    plan, policy = inputs["schedule"], inputs["policy"]
    arrays = tuple(plan["principal"]), tuple(plan["interest"]), tuple(plan["fees"])
    return Ask(
        schedule=Schedule(
            date.fromisoformat(plan["drawdown_date"]), date.fromisoformat(plan["first_due"]), plan["due_day"],
            plan["advance"], plan["opening"], *arrays,
        ),
        apr_percent=Decimal(inputs["apr_percent"]),
        received_on=date.fromisoformat(inputs["received_on"]),
        settle_on=date.fromisoformat(inputs["settle_on"]),
        deferral=Deferral(policy["settlement_deferral"]),
        balloon=inputs["balloon"],
        unpaid=inputs["unpaid"],
        default_sums=inputs["default_sums"],
        credit=inputs["credit"],
        upfront_fees=inputs["upfront_fees"],
        rows_going_out=inputs["rows_going_out"],
        claims_compensation=policy["claims_compensatory_amount"],
        paid_early_last_12_months=inputs["paid_early_last_12_months"],
    )  # fmt: skip


def result_of(figure: Figure) -> dict[str, Any]:
    """What came out, as it is stored: dates, figures and the working of the rebate."""
    working = figure.workings.rounded_rate
    return {
        "engine": ENGINE,
        "good_until": figure.good_until.isoformat(),
        "settlement_date": figure.settlement_date.isoformat(),
        "whole_months": figure.whole_months,
        "days_left": figure.days_left,
        "days_in_month": figure.days_in_month,
        "payments_after": figure.payments_after,
        "rows_to_come": figure.rows_to_come,
        "to_come": figure.to_come,
        "monthly_rate": str(working.monthly_rate),
        "lent": working.lent,
        "repaid": working.repaid,
        "owing": working.owing,
        "rebate": figure.rebate,
        "rebate_rounded_rate": working.rebate,
        "rebate_exact_rate": figure.workings.exact_rate.rebate,
        "amount": figure.amount,
        "lines": [[line.kind.value, line.amount] for line in figure.lines],
    }


def seal_of(inputs: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """SHA-256 over both as canonical JSON: keys in order, no spaces."""
    text = json.dumps({"inputs": inputs, "result": result}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def recompute(quote: SettlementQuote) -> Recomputed:
    """Work a stored quote out again from its own inputs; its seal is the stored one when nothing differs."""
    figure = early_settlement.figure(ask_of(quote.inputs))
    return Recomputed(figure, seal_of(quote.inputs, result_of(figure)))


def lines_in_words(figure: Figure, reading: Reading, settle_on: date) -> Iterator[dict[str, Any]]:
    """The lines as they are stored and shown: kind, label, sub, amount, rule, source."""
    for line in figure.lines:
        label, sub = _words(line.kind, figure, reading, settle_on)
        yield {
            "kind": line.kind.value, "label": label, "sub": sub, "amount": line.amount, "rule": line.rule,
            "source": line.source,
        }  # fmt: skip


def _words(kind: LineKind, figure: Figure, reading: Reading, settle_on: date) -> tuple[str, str]:
    schedule = reading.loaded.schedule
    last = schedule.due(len(schedule) - 1)
    keeps_car = reading.loaded.product == "PCP"
    match kind:
        case LineKind.INSTALMENTS:
            return _instalment_words(figure, reading)
        case LineKind.FINAL_PAYMENT:
            return "Optional final payment" if keeps_car else "Final payment", f"Due {formats.day(last)}"
        case LineKind.FEES:
            option = {fee["kind"] for fee in reading.loaded.terms.get("fees", ())} == {"OPTION_TO_PURCHASE"}
            return ("Option to purchase fee", "It is what makes the car yours") if option else ("Fees to come", "")
        case LineKind.REBATE:
            since = formats.day(figure.settlement_date)
            return "Less your rebate", f"Interest and fees from {since} that you no longer pay"
        case LineKind.UNPAID:
            return "Due already and not paid", "Payments that have not reached us yet"
        case LineKind.DEFAULT_SUMS:
            return "Charges not paid yet", ""
        case LineKind.CREDIT:
            return "Less what you have paid ahead", ""
        case LineKind.GOING_OUT:
            dues = [schedule.due(row) for row in rows_going_out(reading, settle_on)]
            count = f"{len(dues)} payments, due " if len(dues) > 1 else "Due "
            return "Less what you pay before then", count + _between(dues[0], dues[-1])
        case LineKind.COMPENSATION:
            return "Charge for paying early", "The law lets a lender ask for up to 1% of what is paid early"


def _instalment_words(figure: Figure, reading: Reading) -> tuple[str, str]:
    schedule = reading.loaded.schedule
    rows = list(range(len(schedule) - figure.rows_to_come, len(schedule)))
    amounts = [schedule.payment(row) for row in rows]
    amounts[-1] -= reading.balloon
    if amounts[-1] == 0:
        rows, amounts = rows[:-1], amounts[:-1]
    count, dues = len(rows), _between(schedule.due(rows[0]), schedule.due(rows[-1]))
    if count == 1:
        return "1 payment still to come", f"Due {dues}"
    each = money(amounts[0]) if len(set(amounts)) == 1 else f"{money(min(amounts))} to {money(max(amounts))}"
    return f"{count} monthly payments still to come", f"{count} × {each}, {dues}"


def _between(first: date, last: date) -> str:
    return formats.day(first) if first == last else f"{formats.day(first)} to {formats.day(last)}"
