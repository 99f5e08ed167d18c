"""How money reaches us and what may become of it."""

from enum import StrEnum


class Method(StrEnum):
    DIRECT_DEBIT = "DIRECT_DEBIT"
    CARD = "CARD"
    BANK_TRANSFER = "BANK_TRANSFER"
    CASH = "CASH"
    UNKNOWN = "UNKNOWN"
    """A tape that does not say."""


class PaymentState(StrEnum):
    RECEIVED = "RECEIVED"
    RETURNED = "RETURNED"
    """The bank took it back."""


class Scheme(StrEnum):
    BACS = "BACS"
    SEPA = "SEPA"


class MandateState(StrEnum):
    ACTIVE = "ACTIVE"
    CANCELLED = "CANCELLED"
