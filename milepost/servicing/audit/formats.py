"""What a hash is taken of: rows and blocks of the audit log, written one way whoever reads them back."""

import hashlib
import json
from datetime import UTC, datetime
from typing import NamedTuple

BEGINNING = "0" * 64
"""What the first block follows."""
SEAL = 40
"""Bytes a row takes in its block: eight of its id, thirty-two of its hash."""


class Row(NamedTuple):
    """One row of the log. `facts` is PostgreSQL's own text of the value, so that no reader rounds its numbers."""

    id: int
    at: datetime
    action: str
    actor_kind: str
    actor_user_id: int | None
    actor_name: str
    subject_kind: str
    subject_id: int
    reason: str
    facts: str


def seal_of(row: Row) -> bytes:
    """The row's id and the SHA-256 of everything in it: a JSON list of its columns in their order, times in UTC."""
    written = json.dumps([row.id, row.at.astimezone(UTC).isoformat(timespec="microseconds"), *row[2:]])
    return row.id.to_bytes(8, "big", signed=True) + hashlib.sha256(written.encode()).digest()


def ids_in(seals: bytes) -> dict[int, bytes]:
    """The seals of a block by the id of their row, in the order of the ids."""
    each = (seals[start : start + SEAL] for start in range(0, len(seals), SEAL))
    return {int.from_bytes(seal[:8], "big", signed=True): seal for seal in each}


def hash_of(*, number: int, first_id: int, last_id: int, previous: str, sealed_at: datetime, seals: bytes) -> str:
    """The block's SHA-256 in hexadecimal digits: over its place, its span, the block before it and its rows' seals."""
    when = sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    written = json.dumps([number, first_id, last_id, previous, when])
    return hashlib.sha256(written.encode() + seals).hexdigest()
