"""The wall clock. Only delivery (web, batch, cli, demo) reads it; everything below is told the time as `at`."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)
