"""How money reaches us and what may become of it."""

from enum import StrEnum

from milepost.finance.chart_of_accounts import Channel


class Method(StrEnum):
    DIRECT_DEBIT = "DIRECT_DEBIT"
    CARD = "CARD"
    BANK_TRANSFER = "BANK_TRANSFER"
    CASH = "CASH"
    UNKNOWN = "UNKNOWN"
    """A tape that does not say."""


CHANNELS = {
    Method.DIRECT_DEBIT: Channel.DIRECT_DEBIT,
    Method.CARD: Channel.CARD,
    Method.BANK_TRANSFER: Channel.BANK_TRANSFER,
    Method.CASH: Channel.BANK_TRANSFER,
    Method.UNKNOWN: Channel.BANK_TRANSFER,
}
"""Where the money of each method waits until the bank has it; cash is paid in at the bank."""


class PaymentState(StrEnum):
    RECEIVED = "RECEIVED"
    RETURNED = "RETURNED"
    """The bank took it back."""
    REVERSED = "REVERSED"
    """It never came: it was recorded by mistake."""


PAYMENT_MOVES: dict[PaymentState, set[PaymentState]] = {
    PaymentState.RECEIVED: {PaymentState.RETURNED, PaymentState.REVERSED},
    PaymentState.RETURNED: {PaymentState.RECEIVED},  # its return was recorded by mistake
    PaymentState.REVERSED: set(),
}


class Scheme(StrEnum):
    BACS = "BACS"
    SEPA = "SEPA"


class MandateState(StrEnum):
    ACTIVE = "ACTIVE"
    CANCELLED = "CANCELLED"
