"""What can be in trouble, how badly, and how far we are."""

from enum import StrEnum


class Component(StrEnum):
    """A service as customers know it, in the order of the page."""

    SIGN_IN = "SIGN_IN"
    TEXT_CODES = "TEXT_CODES"
    ACCOUNT_PAGES = "ACCOUNT_PAGES"
    CARD_PAYMENTS = "CARD_PAYMENTS"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    MESSAGES = "MESSAGES"
    PHONE_LINES = "PHONE_LINES"


class Severity(StrEnum):
    SLOW = "SLOW"
    STOPPED = "STOPPED"


class IncidentState(StrEnum):
    PLANNED = "PLANNED"
    """Work that has been announced. It ends by itself at its time."""
    INVESTIGATING = "INVESTIGATING"
    IDENTIFIED = "IDENTIFIED"
    WATCHING = "WATCHING"
    RESOLVED = "RESOLVED"


TROUBLE = (IncidentState.INVESTIGATING, IncidentState.IDENTIFIED, IncidentState.WATCHING)
"""Between these one goes back and forth, as far as what is known goes."""
