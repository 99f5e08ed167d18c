"""`milepost bench schedules`: schedules of 60 instalments on one core, one by one and a book at a time.

The reference is the plain loop that anyone would write first: Decimal at its usual 28 digits, in pounds, the instalment
by the annuity formula, each month's interest quantized half up; where payments are printed, the rate they imply by
Newton's method and the rounded running total. All three get the same terms, ready in their own form.

Before anything is timed they are proved equal, to the penny and row by row, on random agreements of all conventions.
Times are of CPU, the median of rounds in which the three take turns; the plain loop and the single call are timed on a
sample, the book in portions of a size that memory is used again for.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

import click
import numpy as np

from milepost.cli.bench import figure
from milepost.finance import apr, bulk, schedule
from milepost.finance.book import CONVENTIONS, Book
from milepost.finance.terms import Balloon, RateConvention, Terms

AGREEMENTS = 100_000
SEED = 20261122
MONTHS = 60
ROUNDS, SAMPLE, PORTION = 5, 500, 16_384
PENNY = Decimal("0.01")
Row = tuple[Decimal, Decimal]
"""(principal, interest) in pounds."""


def run(agreements: int | None = None) -> list[dict[str, Any]]:
    """Prove on so many agreements (default 100,000), then measure."""
    figures = [_proved(agreements or AGREEMENTS)]
    for convention in (RateConvention.NOMINAL, RateConvention.EFFECTIVE, RateConvention.CONTRACT):
        figures += _timed(convention)
    return figures


# --- the plain loop ---


def plain(terms: Terms) -> Callable[[], list[Row]]:
    """The plain loop for an agreement, its figures put into Decimal already."""
    credit, number = Decimal(terms.amount_of_credit) / 100, terms.number_of_instalments
    balloon = Decimal(terms.balloon.amount) / 100 if terms.balloon else Decimal(0)
    percent = terms.annual_percent or Decimal(0)
    if terms.rate_convention is RateConvention.CONTRACT:
        instalment = Decimal(terms.instalment or 0) / 100
        return lambda: printed(credit, [instalment] * (number - 1) + [instalment + balloon])
    if terms.rate_convention is RateConvention.FLAT:
        return lambda: flat(credit, number, percent, balloon)
    effective = terms.rate_convention is RateConvention.EFFECTIVE
    return lambda: rated(credit, number, percent, balloon, effective=effective)


def rated(credit: Decimal, number: int, percent: Decimal, balloon: Decimal, *, effective: bool) -> list[Row]:
    """Interest of each month on what is left; the last instalment takes the pence."""
    monthly = (1 + percent / 100) ** (Decimal(1) / 12) - 1 if effective else percent / 1200
    instalment = (credit - balloon) / number
    if monthly:
        discount = (1 + monthly) ** -number
        instalment = (credit - balloon * discount) * monthly / (1 - discount)
    instalment = instalment.quantize(PENNY, ROUND_HALF_UP)
    rows = []
    balance = credit
    for row in range(1, number + 1):
        owed = balance * monthly if effective else balance * percent / 1200
        interest = owed.quantize(PENNY, ROUND_HALF_UP)
        principal = balance if row == number else instalment - interest
        rows.append((principal, interest))
        balance -= principal
    return rows


def flat(credit: Decimal, number: int, percent: Decimal, balloon: Decimal) -> list[Row]:
    """The charge spread evenly, then as printed."""
    charge = (credit * percent * number / 1200).quantize(PENNY, ROUND_HALF_UP)
    instalment = ((credit + charge - balloon) / number).quantize(PENNY, ROUND_HALF_UP)
    return printed(credit, [instalment] * (number - 1) + [credit + charge - instalment * (number - 1)])


def printed(credit: Decimal, payments: Sequence[Decimal]) -> list[Row]:
    """Interest by the rounded running total at the rate that the payments imply."""
    monthly = _implied(credit, payments)
    rows = []
    balance, total, shown = credit, Decimal(0), Decimal(0)
    for payment in payments:
        owed = balance * monthly
        balance += owed - payment
        total += owed
        interest = total.quantize(PENNY, ROUND_HALF_UP) - shown
        rows.append((payment - interest, interest))
        shown += interest
    return rows


def _implied(credit: Decimal, payments: Sequence[Decimal]) -> Decimal:
    if sum(payments) == credit:
        return Decimal(0)
    rate = Decimal("0.005")
    while True:
        discount = 1 / (1 + rate)
        worth = slope = Decimal(0)
        for payment in reversed(payments):  # Horner's rule, with its derivative by the discount
            slope = slope * discount + worth
            worth = worth * discount + payment
        slope = slope * discount + worth
        worth = worth * discount - credit
        step = worth / (slope * discount * discount)
        rate += step
        if abs(step) < Decimal("1e-24"):
            return rate


# --- equal to the penny ---


def _proved(count: int) -> dict[str, Any]:
    """How many of so many random agreements are equal; stops at the first that is not."""
    chance = random.Random(SEED)
    with _progress(count, "Proving") as bar:
        for first in range(0, count, 5_000):
            agreements = [_invent(chance) for _ in range(min(5_000, count - first))]
            made = bulk.schedules(Book.of(agreements))
            for place, terms in enumerate(agreements):
                single = schedule.build(terms)
                at_once = made.of(place)
                loop = plain(terms)()
                first_principles = tuple([int(row[part] * 100) for row in loop] for part in (0, 1))
                if not (list(single.principal), list(single.interest)) == at_once == first_principles:
                    raise click.ClickException(f"The benchmark stops: the three differ on {terms}.")
            bar.update(len(agreements))
    return figure(
        "agreements whose every row is equal to the penny, single, bulk and plain", "agreements", count,
        "agreements invented", count, "all", met=True,
    )  # fmt: skip


def _invent(chance: random.Random, convention: RateConvention | None = None, number: int | None = None) -> Terms:
    """1,000 to 60,000 pounds over 12 to 84 months at up to 24.99 %, a third with a balloon unless `number` is given."""
    convention = convention or chance.choices(CONVENTIONS, (40, 30, 15, 15))[0]
    credit, percent = chance.randint(1_000_00, 60_000_00), Decimal(chance.randint(0, 2499)).scaleb(-2)
    balloon = None
    if number is None:
        number = chance.randint(12, 84)
        balloon = Balloon(credit * chance.randint(10, 45) // 100, number) if chance.random() < 1 / 3 else None
    if convention is not RateConvention.CONTRACT:
        return Terms(credit, number, convention, percent, balloon=balloon)
    to_spread = credit - (balloon.amount if balloon else 0) + int(credit * percent * number / 2000)
    return Terms(credit, number, convention, balloon=balloon, instalment=-(-to_spread // number))


# --- how fast ---


def _timed(convention: RateConvention) -> list[dict[str, Any]]:
    chance = random.Random(SEED)
    sample = [_invent(chance, convention, MONTHS) for _ in range(SAMPLE)]
    loops = [plain(terms) for terms in sample]
    portion = _portion(convention)
    made = bulk.schedules(portion)
    schedules = [schedule.build(terms) for terms in sample[: SAMPLE // 5]]
    works: dict[str, tuple[Callable[[], object], int]] = {
        "plain": (lambda: [loop() for loop in loops], SAMPLE),
        "single": (lambda: [schedule.build(terms) for terms in sample], SAMPLE),
        "bulk": (lambda: bulk.schedules(portion), PORTION),
        "levels": (lambda: bulk.level_instalments(portion), PORTION),
        "single apr": (lambda: [apr.of_schedule(each) for each in schedules], len(schedules)),
        "bulk apr": (lambda: bulk.aprs(portion, made), PORTION),
    }
    rates: dict[str, list[float]] = {name: [] for name in works}
    with _progress(ROUNDS, f"Timing {convention}") as bar:
        for _ in range(ROUNDS):
            for name, (work, count) in works.items():
                began = time.process_time()
                work()
                rates[name].append(count / (time.process_time() - began))
            bar.update(1)
    speed = {name: median(each) for name, each in rates.items()}
    loop = f"plain Decimal loop, timed on {SAMPLE} agreements"
    word = convention.lower()
    is_main = convention is RateConvention.NOMINAL
    return [
        figure(
            f"{word}, {MONTHS} rows, one by one", "schedules/s", speed["single"], loop, speed["plain"],
            ">= 3 x, >= 5,000/s" if is_main else ">= 5,000/s",
            speed["single"] >= 5_000 and (not is_main or speed["single"] >= 3 * speed["plain"]),
        ),
        figure(
            f"{word}, {MONTHS} rows, bulk", "schedules/s", speed["bulk"], loop, speed["plain"],
            ">= 100 x", speed["bulk"] >= 100 * speed["plain"],
        ),
        figure(f"{word}, level instalments, bulk", "instalments/s", speed["levels"]),
        figure(f"{word}, APR, bulk", "APRs/s", speed["bulk apr"], "apr.of_schedule", speed["single apr"]),
    ]  # fmt: skip


def _portion(convention: RateConvention) -> Book:
    """A portion of a book as arrays, of the kind that `_invent` makes."""
    chance = np.random.default_rng(SEED)
    credit = chance.integers(1_000_00, 60_000_00, PORTION, endpoint=True)
    hundredths = chance.integers(0, 2499, PORTION, endpoint=True)
    return Book.from_arrays(
        amount_of_credit=credit,
        number_of_instalments=np.full(PORTION, MONTHS),
        convention=np.full(PORTION, CONVENTIONS.index(convention)),
        annual_millionths=hundredths * 10_000,
        instalment=-(-(credit + credit * hundredths * MONTHS // 200_000) // MONTHS),
    )


def _progress(length: int, label: str) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr)
