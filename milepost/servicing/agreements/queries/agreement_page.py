"""The agreement page: the road from start to end, what it costs, the parties, the car and the rights."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from milepost.finance.calendars import add_months
from milepost.finance.products import PRODUCTS
from milepost.plumbing import formats, lender
from milepost.servicing.agreements.queries.loading import Loaded, load
from milepost.servicing.agreements.queries.reading import Reading, money, upfront_fees
from milepost.servicing.agreements.queries.views import AgreementView, CostLine, HalfRule, Milestone
from milepost.servicing.agreements.states import PartyRole

CHOICE_MONTHS = 6
"""Months before the end of a PCP in which the customer chooses what to do."""
WITHDRAWAL_DAYS = 14
BAR = 600
BRITISH = "GB"
"""The rights listed are those of the Consumer Credit Act 1974; another country's customers are not shown them."""


def agreement(agreement_id: int, *, on: date, user_id: int) -> AgreementView:
    """The agreement page for one of its parties."""
    loaded = load([agreement_id])[0]
    reading = Reading(loaded, on)
    half = half_rule(reading)
    return AgreementView(
        head=reading.head(),
        road=tuple(_road(reading, half)),
        costs=tuple(_costs(loaded)) if loaded.as_signed else (),
        cost_words=_cost_words(reading),
        half=half,
        parties=tuple(_parties(loaded, user_id)),
        vehicle_facts=tuple(_vehicle_facts(loaded)),
        fees=tuple(_fees(loaded)),
        rights=tuple(_rights(loaded, on)) if reading.is_live else (),
        as_of=on,
    )


def half_rule(reading: Reading) -> HalfRule | None:
    """How far along to a third and to a half (CCA 1974 ss. 90, 99 and 100), from what was really paid."""
    loaded = reading.loaded
    if not PRODUCTS[loaded.product].rights.voluntary_termination or not loaded.as_signed or not reading.is_live:
        return None
    before = _paid_at_start(loaded)
    total = before + loaded.schedule.total()
    paid = min(total, before + loaded.paid_total)
    third, half = -(-total // 3), -(-total // 2)
    return HalfRule(
        total=total,
        third=third,
        half=half,
        paid=paid,
        past_third=paid >= third,
        past_half=paid >= half,
        to_half=max(0, half - paid),
        half_on=_reached_on(reading, half - before),
        paid_x=_x(paid, total),
        third_x=_x(third, total),
        half_x=_x(half, total),
    )


def _paid_at_start(loaded: Loaded) -> int:
    terms = loaded.terms
    return int(terms.get("deposit", 0)) + int(terms.get("part_exchange", 0)) + upfront_fees(terms)


def _reached_on(reading: Reading, amount: int) -> date | None:
    """The due date by which the schedule, paid as planned, has brought this much."""
    for row, total in enumerate(reading.cumulative):
        if total >= amount:
            return reading.loaded.schedule.due(row)
    return None


def _x(amount: int, total: int) -> str:
    return str(round(BAR * amount / total)) if total else "0"


def _road(reading: Reading, half: HalfRule | None) -> Iterator[Milestone]:
    loaded, on = reading.loaded, reading.on
    begun = loaded.schedule.drawdown_date if loaded.as_signed else loaded.agreed_on
    borrowed = loaded.schedule.opening
    points = [Milestone("You started", begun, f"You borrowed {money(borrowed)}" if loaded.as_signed else "", "done")]
    if half is not None:
        before = _paid_at_start(loaded)
        points.append(
            _threshold(
                "A third paid",
                _reached_on(reading, half.third - before),
                "From here the car is protected",
                half.past_third,
            )
        )
        points.append(
            _threshold("Half paid", half.half_on, "You may return it with nothing more to pay", half.past_half)
        )
    if reading.is_live and loaded.product == "PCP":
        points.append(
            _threshold("You choose", add_months(loaded.ends_on, -CHOICE_MONTHS), "Keep, return or part exchange", False)
        )
    ended = not reading.is_live
    points.append(
        Milestone(
            "The end",
            loaded.ends_on,
            "Last day of the agreement" if reading.is_live else "Of the term as signed",
            "done" if ended or loaded.ends_on <= on else "to-come",
        )
    )
    here = Milestone("You are here", on, _here_words(reading), "now")
    past = [point for point in points if point.state == "done" and point.on is not None and point.on <= on]
    rest = sorted((point for point in points if point not in past), key=lambda point: point.on or date.max)
    yield from sorted(past, key=lambda point: point.on or date.min)
    if reading.is_live:
        yield here
    yield from rest


def _threshold(title: str, on: date | None, text: str, reached: bool) -> Milestone:
    return Milestone(title, on, text, "done" if reached else "to-come")


def _here_words(reading: Reading) -> str:
    return f"{reading.instalments_made} of {reading.instalments_in_all} payments made"


def _costs(loaded: Loaded) -> Iterator[CostLine]:
    plan, terms = loaded.schedule, loaded.terms
    deposit, part_exchange = int(terms.get("deposit", 0)), int(terms.get("part_exchange", 0))
    price = f"{money(loaded.cash_price)} for the car, less your deposit" if loaded.cash_price and deposit else ""
    yield CostLine("You borrowed", price, plan.opening, False)
    apr = f"{loaded.apr_percent}% APR, fixed" if loaded.apr_percent else "Fixed"
    yield CostLine("Interest", apr, sum(plan.interest), False)
    for fee in terms.get("fees", ()):
        label, sub = FEE_WORDS.get(fee["kind"], ("Fee", ""))
        yield CostLine(label, sub if loaded.product == "PCP" else "", int(fee["amount"]), False)
    if deposit:
        yield CostLine("Deposit you paid", "", deposit, False)
    if part_exchange:
        yield CostLine("Part exchange", "For your old car", part_exchange, False)
    yield CostLine("Total amount payable", "", _paid_at_start(loaded) + plan.total(), True)


FEE_WORDS = {
    "ACCEPTANCE": ("Acceptance fee", ""),
    "OPTION_TO_PURCHASE": ("Option to purchase fee", "Only if you keep the car"),
}


def _cost_words(reading: Reading) -> str:
    if not reading.loaded.as_signed:
        return "Your agreement came to us from another system. What is shown here begins with its balance on that day."
    whole = Reading(reading.loaded, reading.on)
    whole.__dict__["left_by_row"] = reading.loaded.schedule.amounts_due()  # the words for all rows, none of them paid
    words = whole.left_words()
    return f"{words}, if you keep the car." if reading.loaded.product == "PCP" else f"{words}."


def _parties(loaded: Loaded, user_id: int) -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.user_id, p.role, trim(c.given_name || ' ' || c.family_name)
            FROM agreements_party p JOIN customers_customer c ON c.id = p.customer_id
            WHERE p.agreement_id = %s ORDER BY p.role, c.id
            """,
            [loaded.id],
        )
        people = cursor.fetchall()
    labels = {PartyRole.BORROWER: "Customer", PartyRole.JOINT: "Joint customer", PartyRole.GUARANTOR: "Guarantor"}
    for person, role, name in sorted(people, key=lambda row: row[0] != user_id):
        yield ("You" if person == user_id else labels[PartyRole(role)]), name or "Name not held"
    owner = {"PCP": "Lender, who owns the car until you keep it", "PERSONAL_LOAN": "Lender"}
    yield owner.get(loaded.product, "Lender, who owns the car until the last payment"), lender.current().name


def _vehicle_facts(loaded: Loaded) -> Iterator[tuple[str, str]]:
    if loaded.make or loaded.model:
        yield "Car", f"{loaded.make} {loaded.model}".strip()
    if loaded.body:
        yield "Type", loaded.body
    if loaded.is_new is not None:
        yield "Bought", "New" if loaded.is_new else "Used"
    if loaded.first_registered:
        yield "First registered", formats.day(loaded.first_registered)
    if loaded.year:
        yield "Year", str(loaded.year)
    if loaded.annual_mileage:
        yield "Mileage allowance", f"{loaded.annual_mileage:,} miles a year"
    if loaded.excess_mileage_tenths:
        yield "Each mile above it, if you return the car", pence_a_mile(loaded.excess_mileage_tenths)


def pence_a_mile(tenths: int) -> str:
    """14.9p, or 8p where there is no tenth."""
    return f"{tenths // 10}p" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}p"


def _fees(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    for fee in loaded.terms.get("fees", ()):
        label, sub = FEE_WORDS.get(fee["kind"], ("Fee", ""))
        yield label, sub if loaded.product == "PCP" else "", money(int(fee["amount"]))
    yield "Paying early, in part or in full", "", "Free"
    charged = lender.current().policy(loaded.agreed_on).returned_payment_fee
    yield "A payment that your bank sends back", "", money(charged) if charged else "Free"
    if loaded.excess_mileage_tenths and loaded.annual_mileage:
        yield "Each mile above your allowance", "If you return the car", pence_a_mile(loaded.excess_mileage_tenths)


def _rights(loaded: Loaded, on: date) -> Iterator[tuple[str, str]]:
    if lender.current().country != BRITISH:
        return
    yield "Pay it all off, any day", "In full or in part. You save the interest of the time that is left"
    if PRODUCTS[loaded.product].rights.voluntary_termination:
        yield (
            "End it and return the car",
            "Once half of the total is paid, there is nothing more to pay if the car is in fair condition",
        )
    last = loaded.agreed_on + timedelta(days=WITHDRAWAL_DAYS)
    yield f"Withdraw in {WITHDRAWAL_DAYS} days", f"{'Ended' if last < on else 'Open until'} {formats.day(last)}"
