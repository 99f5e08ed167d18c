"""What becomes of a tape and of each of its rows."""

from enum import StrEnum


class TapeState(StrEnum):
    RUNNING = "RUNNING"
    """Begun; after a crash the same files go on where they stopped."""
    DONE = "DONE"


MOVES = {TapeState.RUNNING: {TapeState.DONE}, TapeState.DONE: set[TapeState]()}


class FileKind(StrEnum):
    BOOK = "BOOK"
    MOVEMENTS = "MOVEMENTS"


class Outcome(StrEnum):
    IMPORTED = "IMPORTED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    REJECTED = "REJECTED"


class FindingKind(StrEnum):
    """What the reconciliation report lists."""

    BREAK = "BREAK"
    """Previous balance less principal is not the balance, and the tape does not say why."""
    CHARGED_OFF = "CHARGED_OFF"
    CREDIT_CLEARED = "CREDIT_CLEARED"
    """A balance below nought became nought: the overpayment left the old system's books."""
    RECOVERY = "RECOVERY"
    STATUS_INFERRED = "STATUS_INFERRED"
    ASSUMPTION = "ASSUMPTION"
    DIFFERENCE = "DIFFERENCE"
    """The tape's own balance is not what its terms and payments come to."""
    RESIDUAL = "RESIDUAL"
    """A small balance is left after the last instalment."""
