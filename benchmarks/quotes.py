"""`milepost bench quotes`: a settlement figure with its lines, and the replay of 24 payments, on 60 instalments.

The references are the plain loops that anyone would write first, checked to give the same answer: for the settlement
the regulations' sum in Decimal, each payment carried forward by its own power, by the rounded rate and the exact one;
for the replay a loop over dues and payments in order of their dates. Times are of CPU, the median of rounds in which
all take turns.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from statistics import median
from typing import Any

import click

from milepost.cli.bench import figure
from milepost.finance import chart_of_accounts as chart, settlement
from milepost.finance.calendars import add_months
from milepost.finance.policy import Deferral, LenderPolicy
from milepost.finance.replay import Facts, Receipt, replay
from milepost.finance.schedule import Schedule, build
from milepost.finance.terms import RateConvention, Terms

SEED = 20261122
ROUNDS, TIMES = 15, 60
DRAWN, PAYMENTS = date(2024, 11, 10), 24
APR = Decimal("9.3")
ON = date(2026, 11, 22)
PENNY = Decimal("0.01")
MOST_MILLISECONDS = 1


def run(agreements: int | None = None) -> list[dict[str, Any]]:
    """Measure. `agreements` is how many quotes and replays each round makes (default 60)."""
    terms = Terms(12_000_00, 60, RateConvention.NOMINAL, Decimal("8.9"), drawdown_date=DRAWN, apr_percent=APR)
    schedule = build(terms)
    facts = _facts(schedule)
    plain_policy = [LenderPolicy(1, DRAWN)]
    with_interest = [LenderPolicy(1, DRAWN, default_interest_percent=Decimal(8))]
    works: dict[str, Callable[[], object]] = {
        "quote": lambda: _quote(schedule),
        "plain quote": lambda: plain_quote(schedule),
        "replay": lambda: replay(facts, plain_policy, ON),
        "plain replay": lambda: plain_replay(schedule, facts),
        "replay with interest": lambda: replay(facts, with_interest, ON),
    }
    _expect(_quote(schedule).amount_to_settle == plain_quote(schedule), "the two settlement figures differ")
    position = replay(facts, plain_policy, ON)
    _expect((position.unpaid, position.credit) == plain_replay(schedule, facts), "the two replays differ")
    took = _milliseconds(works, agreements or TIMES)
    target = f"<= {MOST_MILLISECONDS} ms"
    return [
        figure(
            "settlement quote with its lines, 60 rows", "ms", took["quote"],
            "plain Decimal loop of the same formula", took["plain quote"], target, took["quote"] <= MOST_MILLISECONDS,
        ),
        figure(
            f"replay of {PAYMENTS} payments, some late, 60 rows", "ms", took["replay"],
            "plain loop over dues and payments", took["plain replay"], target, took["replay"] <= MOST_MILLISECONDS,
        ),
        figure(
            "the same with default interest at 8 %", "ms", took["replay with interest"], "replay without it",
            took["replay"], target, took["replay with interest"] <= MOST_MILLISECONDS,
        ),
    ]  # fmt: skip


def _milliseconds(works: dict[str, Callable[[], object]], times: int) -> dict[str, float]:
    took: dict[str, list[float]] = {name: [] for name in works}
    with click.progressbar(range(ROUNDS), label="Timing", file=sys.stderr) as rounds:
        for _ in rounds:
            for name, work in works.items():
                began = time.process_time()
                for _ in range(times):
                    work()
                took[name].append((time.process_time() - began) * 1000 / times)
    return {name: median(each) for name, each in took.items()}


def _quote(schedule: Schedule) -> settlement.SettlementQuote:
    return settlement.quote(schedule=schedule, apr_percent=APR, received_on=ON, deferral=Deferral.MONTH)


def plain_quote(schedule: Schedule) -> int:
    """The figure in pence, for an agreement whose first period is a month and which is deferred by one."""
    settled = add_months(ON + timedelta(days=28), 1)
    months = 0
    while add_months(DRAWN, months + 1) <= settled:
        months += 1
    month = add_months(DRAWN, months)
    with localcontext(prec=40):
        part = Decimal((settled - month).days) / (add_months(DRAWN, months + 1) - month).days
        exact = (1 + APR / 100) ** (Decimal(1) / 12) - 1
        rebates = []
        for rate in (exact.quantize(Decimal("0.000001"), ROUND_HALF_UP), exact):
            owing = Decimal(schedule.opening) / 100 * (1 + rate) ** months
            if rate != exact:
                owing = owing.quantize(PENNY, ROUND_HALF_UP)
            to_come = after = Decimal(0)
            for row in range(len(schedule)):
                due, amount = schedule.due(row), Decimal(schedule.amount_due(row)) / 100
                if due >= ON:
                    to_come += amount
                if due > settled:
                    after += amount
                    continue
                carried = amount * (1 + rate) ** (months - row - 1)
                owing -= carried if rate == exact else carried.quantize(PENNY, ROUND_HALF_UP)
            owing = (owing * (1 + rate) ** part).quantize(PENNY, ROUND_HALF_UP)
            rebates.append(min(after, max(Decimal(0), after - owing)))
        return int((to_come - max(rebates)) * 100)


def _facts(schedule: Schedule) -> Facts:
    """24 payments of the first 24 instalments: most on the day, some up to three weeks late, one of half."""
    chance = random.Random(SEED)
    receipts = []
    for row in range(PAYMENTS):
        late = chance.randint(1, 21) if chance.random() < 0.3 else 0
        amount = schedule.amount_due(row) // (2 if row == PAYMENTS // 2 else 1)
        receipts.append(Receipt(schedule.due(row) + timedelta(days=late), amount, chart.BANK, row + 1))
    return Facts(schedule, schedule.rows_due_by(ON), receipts)


def plain_replay(schedule: Schedule, facts: Facts) -> tuple[int, int]:
    """(unpaid, credit) in pence: what each payment paid, oldest instalment first."""
    happenings = [(schedule.due(row), 0, schedule.amount_due(row)) for row in range(facts.rows)]
    happenings += [(receipt.on, 1, receipt.amount) for receipt in facts.receipts]
    owed: list[Decimal] = []
    credit = Decimal(0)
    for _, kind, pence in sorted(happenings):
        amount = Decimal(pence) / 100
        if kind == 0:
            covered = min(credit, amount)
            credit -= covered
            owed.append(amount - covered)
            continue
        for place, unpaid in enumerate(owed):
            paid = min(unpaid, amount)
            owed[place] -= paid
            amount -= paid
        credit += amount
    return int(sum(owed) * 100), int(credit * 100)


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise click.ClickException(f"The benchmark stops: {otherwise}.")
