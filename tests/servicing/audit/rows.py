"""Rows for the audit log, written as operations write them."""

from datetime import UTC, datetime

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations

AT = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


def write(count: int = 1, **facts: object) -> None:
    """So many rows, a transaction each."""
    for number in range(count):
        with transaction():
            operations.record(
                "test.done", subject_kind="user", subject_id=number, actor=Actor.customer(7), at=AT, reason="Why not",
                number=number, **facts,
            )  # fmt: skip
