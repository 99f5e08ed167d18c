"""The states of a business day."""

from enum import StrEnum


class DayState(StrEnum):
    OPEN = "OPEN"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"


MOVES = {
    DayState.OPEN: {DayState.CLOSING},
    DayState.CLOSING: {DayState.CLOSED, DayState.OPEN},
    DayState.CLOSED: set[DayState](),
}
