"""The ledger accounts: code, name and normal side (domain.md 9).

A balance is debits less credits; an account on its normal side shows it positive to a reader.
"""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """The side on which an account normally stands."""

    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


class Channel(StrEnum):
    """The way money reaches or leaves the lender."""

    DIRECT_DEBIT = "DIRECT_DEBIT"
    CARD = "CARD"
    OPEN_BANKING = "OPEN_BANKING"
    BANK_TRANSFER = "BANK_TRANSFER"


@dataclass(frozen=True, slots=True)
class Account:
    """One ledger account."""

    code: int
    name: str
    normal_side: Side


BANK = 1000
DD_CLEARING = 1010
CARD_CLEARING = 1020
OPEN_BANKING_CLEARING = 1030
INDEMNITY_CLAIMS = 1040
PRINCIPAL = 1200
INTEREST_RECEIVABLE = 1210
FEES_RECEIVABLE = 1220
DUE_FROM_CUSTOMER = 1250
DEFAULT_SUMS = 1260
LOSS_ALLOWANCE = 1290
VEHICLES_HELD = 1300
CUSTOMER_CREDIT = 2100
DEFERRED_FEE_INCOME = 2300
VAT = 2400
BROUGHT_FORWARD = 3000
INTEREST_INCOME = 4000
FEE_INCOME = 4010
DEFAULT_FEE_INCOME = 4020
DEFAULT_INTEREST_INCOME = 4025
EARLY_SETTLEMENT_INTEREST = 4030
RECOVERIES = 4040
OPTION_FEE_INCOME = 4050
EXCESS_MILEAGE_INCOME = 4060
IMPAIRMENT = 5000
WRITE_OFFS = 5010
PAYMENT_COSTS = 5100
TERMINATION_LOSS = 5200
DISPOSAL_COSTS = 5210
DISPOSAL_RESULT = 5220
RESIDUAL_VALUE_RESULT = 5230

_NAMES = {
    BANK: "bank",
    DD_CLEARING: "Direct Debit clearing",
    CARD_CLEARING: "card clearing",
    OPEN_BANKING_CLEARING: "open banking clearing",
    INDEMNITY_CLAIMS: "indemnity claims",
    PRINCIPAL: "principal",
    INTEREST_RECEIVABLE: "interest receivable",
    FEES_RECEIVABLE: "fees receivable",
    DUE_FROM_CUSTOMER: "due from customer",
    DEFAULT_SUMS: "default sums",
    LOSS_ALLOWANCE: "loss allowance",
    VEHICLES_HELD: "vehicles held",
    CUSTOMER_CREDIT: "customer credit",
    DEFERRED_FEE_INCOME: "deferred fee income",
    VAT: "VAT",
    BROUGHT_FORWARD: "brought forward",  # opening balances of the lender's old system, and its unexplained breaks
    INTEREST_INCOME: "interest income",
    FEE_INCOME: "fee income",
    DEFAULT_FEE_INCOME: "default fee income",
    DEFAULT_INTEREST_INCOME: "default interest income",
    EARLY_SETTLEMENT_INTEREST: "early settlement interest",
    RECOVERIES: "recoveries",
    OPTION_FEE_INCOME: "option fee income",
    EXCESS_MILEAGE_INCOME: "excess mileage income",
    IMPAIRMENT: "impairment",
    WRITE_OFFS: "write-offs",
    PAYMENT_COSTS: "payment costs",
    TERMINATION_LOSS: "termination loss",
    DISPOSAL_COSTS: "disposal costs",
    DISPOSAL_RESULT: "disposal result",
    RESIDUAL_VALUE_RESULT: "residual value result",
}


def _normal_side(code: int) -> Side:
    """Assets and costs stand in debit; liabilities, income and the loss allowance in credit."""
    return Side.DEBIT if (code < 2000 and code != LOSS_ALLOWANCE) or code >= 5000 else Side.CREDIT


ACCOUNTS: dict[int, Account] = {code: Account(code, name, _normal_side(code)) for code, name in _NAMES.items()}

CLEARING: dict[Channel, int] = {
    Channel.DIRECT_DEBIT: DD_CLEARING,
    Channel.CARD: CARD_CLEARING,
    Channel.OPEN_BANKING: OPEN_BANKING_CLEARING,
    Channel.BANK_TRANSFER: BANK,  # it is already in the bank when we hear of it
}
"""Where a payment waits until the bank settles it; each must return to nought (domain.md 9)."""
