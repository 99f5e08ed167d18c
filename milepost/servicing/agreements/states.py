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
