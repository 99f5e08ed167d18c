"""What an agreement may be, who stands in it, and why a schedule was written."""

from enum import StrEnum


class Status(StrEnum):
    LIVE = "LIVE"
    SETTLED = "SETTLED"
    """Paid off early."""
    COMPLETED = "COMPLETED"
    """Ran to term."""
    CHARGED_OFF = "CHARGED_OFF"
    TERMINATED = "TERMINATED"
    TRANSFERRED = "TRANSFERRED"
    """Sold or handed to another lender: on a tape, zero-balance codes 2, 3 and 5."""


MOVES: dict[Status, set[Status]] = {
    Status.LIVE: set(Status) - {Status.LIVE},
    **{ended: {Status.LIVE} for ended in Status if ended is not Status.LIVE},  # a reversal brings it back
}


class PartyRole(StrEnum):
    BORROWER = "BORROWER"
    JOINT = "JOINT"
    GUARANTOR = "GUARANTOR"


class ScheduleReason(StrEnum):
    AS_SIGNED = "AS_SIGNED"
    IMPORTED_BALANCE = "IMPORTED_BALANCE"
    """Written by an import from a tape's closing balance."""
    RATE_CORRECTED = "RATE_CORRECTED"
    """The whole schedule again, at a rate corrected from `effective_from` on."""


class QuoteState(StrEnum):
    """Where a settlement quote is in its life (domain.md 4.3)."""

    REQUESTED = "REQUESTED"
    ISSUED = "ISSUED"
    ACCEPTED = "ACCEPTED"
    """The customer has said that she will pay it."""
    PAID = "PAID"
    CLOSED = "CLOSED"
    """Paid, and the agreement ended by it."""
    EXPIRED = "EXPIRED"
    """Follows from the date when it is read; written down later, if at all."""
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"
    """A newer quote of the same agreement took its place."""


QUOTE_MOVES: dict[QuoteState, set[QuoteState]] = {
    QuoteState.REQUESTED: {QuoteState.ISSUED},
    QuoteState.ISSUED: {
        QuoteState.ACCEPTED, QuoteState.PAID, QuoteState.EXPIRED, QuoteState.WITHDRAWN, QuoteState.SUPERSEDED,
    },
    QuoteState.ACCEPTED: {QuoteState.PAID, QuoteState.EXPIRED, QuoteState.WITHDRAWN, QuoteState.SUPERSEDED},
    QuoteState.PAID: {QuoteState.CLOSED},
    **{ended: set() for ended in (
        QuoteState.CLOSED, QuoteState.EXPIRED, QuoteState.WITHDRAWN, QuoteState.SUPERSEDED,
    )},
}  # fmt: skip
OPEN_QUOTE = (QuoteState.ISSUED, QuoteState.ACCEPTED)
"""A quote that may still be paid, as long as its day has not passed."""
