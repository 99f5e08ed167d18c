"""What a transfer is called to the person whose money it is, and which line of the balance it belongs to."""

from enum import StrEnum

from milepost.finance import chart_of_accounts as chart
from milepost.finance.entries import Event
from milepost.servicing.ledger.queries import Posted


class Kind(StrEnum):
    """The lines of the balance, in the order in which they are read."""

    BORROWED = "BORROWED"
    CARRIED = "CARRIED"
    INTEREST = "INTEREST"
    PAID = "PAID"
    FEES = "FEES"
    CAR = "CAR"
    GIVEN_UP = "GIVEN_UP"
    CORRECTED = "CORRECTED"


OWED = frozenset({chart.PRINCIPAL, chart.DUE_FROM_CUSTOMER, chart.DEFAULT_SUMS, chart.CUSTOMER_CREDIT})
"""The accounts that are between the customer and the lender: together they are the balance."""

OTHER_SIDE: dict[int, Kind] = {
    chart.BANK: Kind.PAID,
    chart.DD_CLEARING: Kind.PAID,
    chart.CARD_CLEARING: Kind.PAID,
    chart.OPEN_BANKING_CLEARING: Kind.PAID,
    chart.INDEMNITY_CLAIMS: Kind.PAID,
    chart.INTEREST_RECEIVABLE: Kind.INTEREST,
    chart.INTEREST_INCOME: Kind.INTEREST,
    chart.EARLY_SETTLEMENT_INTEREST: Kind.INTEREST,
    chart.FEES_RECEIVABLE: Kind.FEES,
    chart.FEE_INCOME: Kind.FEES,
    chart.DEFAULT_FEE_INCOME: Kind.FEES,
    chart.DEFAULT_INTEREST_INCOME: Kind.FEES,
    chart.OPTION_FEE_INCOME: Kind.FEES,
    chart.EXCESS_MILEAGE_INCOME: Kind.FEES,
    chart.VAT: Kind.FEES,
    chart.VEHICLES_HELD: Kind.CAR,
    chart.BROUGHT_FORWARD: Kind.CARRIED,
    chart.LOSS_ALLOWANCE: Kind.GIVEN_UP,
    chart.WRITE_OFFS: Kind.GIVEN_UP,
    chart.TERMINATION_LOSS: Kind.GIVEN_UP,
    chart.RESIDUAL_VALUE_RESULT: Kind.GIVEN_UP,
    chart.RECOVERIES: Kind.GIVEN_UP,
}
"""Of a transfer into or out of the balance, the account on the other side says which line it is."""

MONEY = frozenset(account for account, kind in OTHER_SIDE.items() if kind is Kind.PAID)
STRAIGHT_TO_INCOME = frozenset({chart.INTEREST_INCOME, chart.RECOVERIES})
"""Where a payment may go without ever being asked for: it counts as asked for and paid at once."""

WORDS: dict[Event, str] = {
    Event.PAID_OUT: "Paid out by us",
    Event.BROUGHT_FORWARD: "Balance when your agreement came to this system",
    Event.FEE_AT_INCEPTION: "Fees that your agreement will ask for",
    Event.INSTALMENT_DUE: "Fell due with your payment",
    Event.INTEREST_ACCRUED: "Interest, day by day",
    Event.FEE_RELEASED: "Part of a fee",
    Event.PAYMENT_RECEIVED: "Your payment",
    Event.PAYMENT_RETURNED: "Your payment came back",
    Event.CLEARING_SETTLED: "Your payment reached our bank",
    Event.CREDIT_APPLIED: "Your credit used for a payment",
    Event.REFUNDED: "Money paid back to you",
    Event.INDEMNITY_CLAIMED: "Direct Debit refunded by your bank",
    Event.CLAIM_REINSTATED: "Direct Debit refunded by your bank: owed again",
    Event.IMPORTED_MOVEMENT: "Your payment",
    Event.TAPE_ADJUSTMENT: "Correction in the record we took over",
    Event.SETTLED_EARLY: "Settled early",
    Event.PART_SETTLED: "Part paid early",
    Event.TERMINATED_VOLUNTARILY: "You ended the agreement and returned the car",
    Event.VEHICLE_KEPT: "You kept the car",
    Event.VEHICLE_RETURNED: "You returned the car",
    Event.VEHICLE_SOLD: "The car was sold",
    Event.EXCESS_MILEAGE_CHARGED: "Miles above your allowance",
    Event.DEFAULT_SUM_CHARGED: "Charge for a missed or returned payment",
    Event.DEFAULT_SUM_WAIVED: "Charge taken off",
    Event.DEFAULT_INTEREST: "Interest on a late payment",
    Event.PROVIDED_FOR: "Set aside in our own books",
    Event.WRITTEN_OFF: "Written off",
    Event.RECOVERED: "Collected after we closed the agreement",
    Event.REVERSED: "Correction: an earlier entry taken back",
    Event.REDERIVED: "Worked out again, after something was recorded late",
}
"""Each event in the customer's words. A test of the house fails where one is missing."""

SAID_OF_INTEREST: dict[Event, str] = {
    Event.INSTALMENT_DUE: "Interest",
    Event.IMPORTED_MOVEMENT: "Interest",
    Event.SETTLED_EARLY: "Interest up to your settlement",
}
SAID_OF_FEES: dict[Event, str] = {
    Event.INSTALMENT_DUE: "Fee of your agreement",
    Event.SETTLED_EARLY: "Fee of your agreement",
    Event.VEHICLE_KEPT: "Option to purchase fee",
}
ANY_OTHER = "Correction"

PAID_RULE = (
    "A payment counts from the day it reached us. It covers what fell due first. What is above that is kept as your "
    "credit, for your next payments."
)
RULES: dict[Kind, tuple[str, str, str]] = {
    Kind.CARRIED: (
        "You owed when our record begins",
        "Your agreement ran in another system before. We took over its balance as that system gave it.",
        "the record we took over",
    ),
    Kind.FEES: (
        "Fees and charges",
        "A fee counts from the day your agreement asks for it, a charge from the day we made it.",
        "your agreement, under “Fees and charges”",
    ),
    Kind.CAR: (
        "The car you returned",
        "What we expect from the sale of the car, taken off the balance on the day it came back.",
        "your agreement",
    ),
    Kind.GIVEN_UP: (
        "Taken out of our books",
        (
            "When an agreement ends with money still owed, we take it out of our books. That alone does not settle "
            "whether it must be paid: call us and we will tell you."
        ),
        "our accounting rules",
    ),
    Kind.CORRECTED: (
        "Corrections",
        (
            "Where a record did not add up, or an entry was wrong, the difference stands here as an entry of its own. "
            "Nothing is ever rubbed out."
        ),
        "our accounting rules",
    ),
}
"""Label, rule and source of the lines that read the same on every agreement."""

MONTH_KINDS: dict[Kind, str] = {
    Kind.BORROWED: "You borrowed",
    Kind.CARRIED: "Our record begins",
    Kind.FEES: "Fee or charge",
    Kind.CAR: "The car came back",
    Kind.GIVEN_UP: "Taken out of our books",
    Kind.CORRECTED: "Correction",
}
MONTH_EVENTS: dict[Event, str] = {
    Event.PAYMENT_RETURNED: "A payment came back",
    Event.SETTLED_EARLY: "Settled early",
    Event.PART_SETTLED: "Part paid early",
    Event.REVERSED: "Correction",
    Event.REDERIVED: "Worked out again",
}
"""What is said beside a month in which it happened."""


def words(event: Event, kind: Kind) -> str:
    """What this event is called on this line."""
    if kind is Kind.INTEREST and event in SAID_OF_INTEREST:
        return SAID_OF_INTEREST[event]
    if kind is Kind.FEES and event in SAID_OF_FEES:
        return SAID_OF_FEES[event]
    return WORDS.get(event, ANY_OTHER)


def parts(posted: Posted) -> tuple[tuple[Kind, int], ...]:
    """By how much a transfer moves which lines: signed minor units, positive where more is owed.

    Moves between the customer's own accounts (an instalment falls due, credit covers it) leave the balance as it is.
    """
    into, out_of = posted.debit in OWED, posted.credit in OWED
    if into and not out_of:
        return ((_kind(posted, posted.credit), posted.amount),)
    if out_of and not into:
        return ((_kind(posted, posted.debit), -posted.amount),)
    if posted.debit in MONEY and posted.credit in STRAIGHT_TO_INCOME:
        return ((OTHER_SIDE[posted.credit], posted.amount), (Kind.PAID, -posted.amount))
    if posted.credit in MONEY and posted.debit in STRAIGHT_TO_INCOME:
        return ((OTHER_SIDE[posted.debit], -posted.amount), (Kind.PAID, posted.amount))
    return ()


def _kind(posted: Posted, other: int) -> Kind:
    lent = posted.event is Event.PAID_OUT
    unlent = posted.event is Event.REVERSED and (posted.debit, posted.credit) == (chart.BANK, chart.PRINCIPAL)
    if lent or unlent:
        return Kind.BORROWED
    if other == chart.BROUGHT_FORWARD and posted.event is not Event.BROUGHT_FORWARD:
        return Kind.CORRECTED
    return OTHER_SIDE.get(other, Kind.CORRECTED)
