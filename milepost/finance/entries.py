"""One function per money event, giving an Entry: the transfers that the event makes in the ledger (domain.md 9).

`a <- b` means: debit a, credit b. Amounts are minor units; those said to be signed may be negative, which turns the
transfer round; any other negative amount raises FinanceError. Transfers of nothing are dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from milepost.finance import chart_of_accounts as chart
from milepost.finance.chart_of_accounts import CLEARING, Channel
from milepost.finance.money import FinanceError


class Event(IntEnum):
    """What happened. The numbers are stored with every transfer: never change or reuse one."""

    PAID_OUT = 1
    BROUGHT_FORWARD = 2
    FEE_AT_INCEPTION = 3
    INSTALMENT_DUE = 10
    INTEREST_ACCRUED = 11
    FEE_RELEASED = 12
    PAYMENT_RECEIVED = 20
    PAYMENT_RETURNED = 21
    CLEARING_SETTLED = 22
    CREDIT_APPLIED = 23
    REFUNDED = 24
    INDEMNITY_CLAIMED = 25
    CLAIM_REINSTATED = 26
    IMPORTED_MOVEMENT = 30
    TAPE_ADJUSTMENT = 31
    SETTLED_EARLY = 40
    PART_SETTLED = 41
    TERMINATED_VOLUNTARILY = 42
    VEHICLE_KEPT = 43
    VEHICLE_RETURNED = 44
    VEHICLE_SOLD = 45
    EXCESS_MILEAGE_CHARGED = 46
    DEFAULT_SUM_CHARGED = 50
    DEFAULT_SUM_WAIVED = 51
    DEFAULT_INTEREST = 52
    PROVIDED_FOR = 60
    WRITTEN_OFF = 61
    RECOVERED = 62
    REVERSED = 90
    REDERIVED = 91


@dataclass(frozen=True, slots=True)
class Transfer:
    """One positive amount from the account credited to the account debited: it cannot be unbalanced."""

    debit: int
    credit: int
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The transfers of one event; those of nothing are dropped, a negative one raises FinanceError."""

    event: Event
    transfers: tuple[Transfer, ...]

    def __post_init__(self) -> None:
        for transfer in self.transfers:
            if transfer.amount < 0:
                raise FinanceError("negative", "amount", f"{self.event.name} would move {transfer.amount}")
        object.__setattr__(self, "transfers", tuple(transfer for transfer in self.transfers if transfer.amount))


def _signed(debit: int, credit: int, amount: int) -> Transfer:
    """A transfer that runs the other way when the amount is negative."""
    return Transfer(debit, credit, amount) if amount >= 0 else Transfer(credit, debit, -amount)


def paid_out(*, amount: int) -> Entry:
    """The credit is paid to the dealer or the customer: principal <- bank."""
    return Entry(Event.PAID_OUT, (Transfer(chart.PRINCIPAL, chart.BANK, amount),))


def brought_forward(*, principal: int) -> Entry:
    """An agreement comes over from the lender's old system: principal <- brought forward."""
    return Entry(Event.BROUGHT_FORWARD, (Transfer(chart.PRINCIPAL, chart.BROUGHT_FORWARD, principal),))


def fee_at_inception(*, amount: int) -> Entry:
    """A fee that the schedule will ask for is deferred: fees receivable <- deferred fee income."""
    return Entry(Event.FEE_AT_INCEPTION, (Transfer(chart.FEES_RECEIVABLE, chart.DEFERRED_FEE_INCOME, amount),))


def instalment_due(*, principal: int, interest: int, fee: int) -> Entry:
    """An instalment falls due: due from customer <- principal, interest income, fees receivable.

    `principal` is signed: after a long first period the first payment may not cover its interest.
    """
    return Entry(
        Event.INSTALMENT_DUE,
        (
            _signed(chart.DUE_FROM_CUSTOMER, chart.PRINCIPAL, principal),
            Transfer(chart.DUE_FROM_CUSTOMER, chart.INTEREST_INCOME, interest),
            Transfer(chart.DUE_FROM_CUSTOMER, chart.FEES_RECEIVABLE, fee),
        ),
    )


def payment_received(*, channel: Channel, due: int, default_sums: int = 0, unallocated: int = 0) -> Entry:
    """Money reached us: what the customer owes falls, clearing rises; the rest is the customer's credit."""
    clearing = CLEARING[channel]
    return Entry(
        Event.PAYMENT_RECEIVED,
        (
            Transfer(clearing, chart.DUE_FROM_CUSTOMER, due),
            Transfer(clearing, chart.DEFAULT_SUMS, default_sums),
            Transfer(clearing, chart.CUSTOMER_CREDIT, unallocated),
        ),
    )


def payment_returned(
    *, channel: Channel, due: int, default_sums: int = 0, unallocated: int = 0, settled: bool = False
) -> Entry:
    """The bank took a payment back: what it covered is owed again. `settled`: clearing had already been emptied."""
    source = chart.BANK if settled else CLEARING[channel]
    return Entry(
        Event.PAYMENT_RETURNED,
        (
            Transfer(chart.DUE_FROM_CUSTOMER, source, due),
            Transfer(chart.DEFAULT_SUMS, source, default_sums),
            Transfer(chart.CUSTOMER_CREDIT, source, unallocated),
        ),
    )


def imported_movement(*, principal: int, interest: int) -> Entry:
    """A month of a loan tape: bank <- principal, interest income. Both signed: real tapes take payments back."""
    return Entry(
        Event.IMPORTED_MOVEMENT,
        (_signed(chart.BANK, chart.PRINCIPAL, principal), _signed(chart.BANK, chart.INTEREST_INCOME, interest)),
    )


def tape_adjustment(*, principal: int) -> Entry:
    """A break in the tape that it does not explain: principal <- brought forward. Signed."""
    return Entry(Event.TAPE_ADJUSTMENT, (_signed(chart.PRINCIPAL, chart.BROUGHT_FORWARD, principal),))


def credit_applied(*, amount: int) -> Entry:
    """The customer's credit covers what is due: customer credit <- due from customer."""
    return Entry(Event.CREDIT_APPLIED, (Transfer(chart.CUSTOMER_CREDIT, chart.DUE_FROM_CUSTOMER, amount),))


def refunded(*, amount: int) -> Entry:
    """The customer's credit goes back to its source: customer credit <- bank."""
    return Entry(Event.REFUNDED, (Transfer(chart.CUSTOMER_CREDIT, chart.BANK, amount),))


def clearing_settled(*, channel: Channel, amount: int, cost: int = 0) -> Entry:
    """What waited in clearing reaches the bank, net of the provider's cost: bank, payment costs <- clearing."""
    clearing = CLEARING[channel]
    return Entry(
        Event.CLEARING_SETTLED,
        (Transfer(chart.BANK, clearing, amount - cost), Transfer(chart.PAYMENT_COSTS, clearing, cost)),
    )


def interest_accrued(*, amount: int) -> Entry:
    """Interest run but not yet due: interest receivable <- interest income. Signed: the next day reverses it."""
    return Entry(Event.INTEREST_ACCRUED, (_signed(chart.INTEREST_RECEIVABLE, chart.INTEREST_INCOME, amount),))


def fee_released(*, amount: int) -> Entry:
    """The period's share of a deferred fee is earned: deferred fee income <- fee income."""
    return Entry(Event.FEE_RELEASED, (Transfer(chart.DEFERRED_FEE_INCOME, chart.FEE_INCOME, amount),))


def indemnity_claimed(*, amount: int) -> Entry:
    """The bank takes a Direct Debit back under the Guarantee: indemnity claims <- bank."""
    return Entry(Event.INDEMNITY_CLAIMED, (Transfer(chart.INDEMNITY_CLAIMS, chart.BANK, amount),))


def claim_reinstated(*, amount: int) -> Entry:
    """The claim makes the payment owed again: due from customer <- indemnity claims."""
    return Entry(Event.CLAIM_REINSTATED, (Transfer(chart.DUE_FROM_CUSTOMER, chart.INDEMNITY_CLAIMS, amount),))


def default_sum_charged(*, amount: int) -> Entry:
    """A fee for a breach, such as a returned payment: default sums <- default fee income."""
    return Entry(Event.DEFAULT_SUM_CHARGED, (Transfer(chart.DEFAULT_SUMS, chart.DEFAULT_FEE_INCOME, amount),))


def default_sum_waived(*, amount: int) -> Entry:
    """A default sum is let go: default fee income <- default sums."""
    return Entry(Event.DEFAULT_SUM_WAIVED, (Transfer(chart.DEFAULT_FEE_INCOME, chart.DEFAULT_SUMS, amount),))


def default_interest(*, amount: int) -> Entry:
    """Interest on overdue instalments: default sums <- default interest income."""
    return Entry(Event.DEFAULT_INTEREST, (Transfer(chart.DEFAULT_SUMS, chart.DEFAULT_INTEREST_INCOME, amount),))


def settled_early(*, principal: int, interest: int, fee: int = 0, accrued: int = 0) -> Entry:
    """An agreement is settled: due from customer <- principal, accrued interest, interest kept, fees not yet due.

    `interest` is what the lender keeps beyond what it had accrued (signed: a rebate may leave less). The rebate itself
    is no entry, since interest to come was never income.
    """
    return Entry(
        Event.SETTLED_EARLY,
        (
            Transfer(chart.DUE_FROM_CUSTOMER, chart.PRINCIPAL, principal),
            Transfer(chart.DUE_FROM_CUSTOMER, chart.INTEREST_RECEIVABLE, accrued),
            _signed(chart.DUE_FROM_CUSTOMER, chart.EARLY_SETTLEMENT_INTEREST, interest),
            Transfer(chart.DUE_FROM_CUSTOMER, chart.FEES_RECEIVABLE, fee),
        ),
    )


def part_settled(*, principal: int) -> Entry:
    """Part of the debt is paid early: due from customer <- principal."""
    return Entry(Event.PART_SETTLED, (Transfer(chart.DUE_FROM_CUSTOMER, chart.PRINCIPAL, principal),))


def terminated_voluntarily(*, principal: int, shortfall: int, vehicle: int) -> Entry:
    """The customer ends the agreement and returns the car: due from customer, vehicles held, loss <- principal.

    `shortfall` is what s100 still asks for, `vehicle` the estimated net proceeds; the rest is the loss, or a gain.
    """
    return Entry(
        Event.TERMINATED_VOLUNTARILY,
        (
            Transfer(chart.DUE_FROM_CUSTOMER, chart.PRINCIPAL, shortfall),
            Transfer(chart.VEHICLES_HELD, chart.PRINCIPAL, vehicle),
            _signed(chart.TERMINATION_LOSS, chart.PRINCIPAL, principal - shortfall - vehicle),
        ),
    )


def vehicle_kept(*, balloon: int, option_fee: int) -> Entry:
    """At the end of a PCP the customer keeps the car: due from customer <- principal, option fee income."""
    return Entry(
        Event.VEHICLE_KEPT,
        (
            Transfer(chart.DUE_FROM_CUSTOMER, chart.PRINCIPAL, balloon),
            Transfer(chart.DUE_FROM_CUSTOMER, chart.OPTION_FEE_INCOME, option_fee),
        ),
    )


def vehicle_returned(*, principal: int, vehicle: int) -> Entry:
    """A PCP ends and the car comes back: vehicles held (estimated proceeds), residual value result <- principal."""
    return Entry(
        Event.VEHICLE_RETURNED,
        (
            Transfer(chart.VEHICLES_HELD, chart.PRINCIPAL, vehicle),
            _signed(chart.RESIDUAL_VALUE_RESULT, chart.PRINCIPAL, principal - vehicle),
        ),
    )


def vehicle_sold(*, vehicle: int, proceeds: int, costs: int = 0) -> Entry:
    """A returned car is sold: bank <- vehicles held, disposal result (signed); disposal costs <- bank."""
    return Entry(
        Event.VEHICLE_SOLD,
        (
            Transfer(chart.BANK, chart.VEHICLES_HELD, vehicle),
            _signed(chart.BANK, chart.DISPOSAL_RESULT, proceeds - vehicle),
            Transfer(chart.DISPOSAL_COSTS, chart.BANK, costs),
        ),
    )


def excess_mileage_charged(*, net: int, vat: int = 0) -> Entry:
    """Miles beyond the allowance: due from customer <- excess mileage income, VAT (the lender's treatment)."""
    return Entry(
        Event.EXCESS_MILEAGE_CHARGED,
        (
            Transfer(chart.DUE_FROM_CUSTOMER, chart.EXCESS_MILEAGE_INCOME, net),
            Transfer(chart.DUE_FROM_CUSTOMER, chart.VAT, vat),
        ),
    )


def provided_for(*, amount: int) -> Entry:
    """An expected loss is provided for: impairment <- loss allowance. Signed: a release is negative."""
    return Entry(Event.PROVIDED_FOR, (_signed(chart.IMPAIRMENT, chart.LOSS_ALLOWANCE, amount),))


def written_off(*, principal: int, allowance: int = 0) -> Entry:
    """An agreement is charged off, the allowance first: loss allowance, write-offs <- principal."""
    return Entry(
        Event.WRITTEN_OFF,
        (
            Transfer(chart.LOSS_ALLOWANCE, chart.PRINCIPAL, allowance),
            Transfer(chart.WRITE_OFFS, chart.PRINCIPAL, principal - allowance),
        ),
    )


def recovered(*, customer: int, vehicle: int) -> Entry:
    """Money after a charge-off, from the customer and from the vehicle's sale: bank <- recoveries. Both signed."""
    return Entry(
        Event.RECOVERED,
        (_signed(chart.BANK, chart.RECOVERIES, customer), _signed(chart.BANK, chart.RECOVERIES, vehicle)),
    )


def reversal_of(entry: Entry) -> Entry:
    """A correction: the same transfers the other way round, as an event of its own."""
    return Entry(Event.REVERSED, tuple(Transfer(row.credit, row.debit, row.amount) for row in entry.transfers))


def rederived(changes: Mapping[int, int]) -> Entry:
    """What a fact recorded late changes on one day: by account the net change, debit positive, as few transfers.

    Raises FinanceError when the changes do not add up to nought.
    """
    if sum(changes.values()):
        raise FinanceError("unbalanced", "changes", "must add up to nought")
    debits = [[account, amount] for account, amount in sorted(changes.items()) if amount > 0]
    others = [[account, -amount] for account, amount in sorted(changes.items()) if amount < 0]
    transfers = []
    while debits:
        amount = min(debits[0][1], others[0][1])
        transfers.append(Transfer(debits[0][0], others[0][0], amount))
        for side in (debits, others):
            side[0][1] -= amount
            if not side[0][1]:
                side.pop(0)
    return Entry(Event.REDERIVED, tuple(transfers))
