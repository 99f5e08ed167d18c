"""The one way into the audit log, and how it is sealed."""

from datetime import datetime
from typing import Any

from django.db import connection

from milepost.plumbing.actor import Actor
from milepost.plumbing.jobs import repeating
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.audit import formats, queries
from milepost.servicing.audit.models import Block, Event

ROWS_A_BLOCK = 5_000
SEALER = 7_041_183
"""The advisory lock of whoever is sealing."""
LOOKS = 100
"""How often one looks whether the writers have ended, a fifth of a second apart, before leaving it to the next run."""


@in_transaction
def record(
    action: str, *, subject_kind: str, subject_id: int, actor: Actor, at: datetime, reason: str = "", **facts: Any
) -> None:
    """Write down one act, in the transaction that does it. Facts hold ids and plain values, never a secret."""
    Event.objects.create(
        at=at,
        action=action,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reason=reason,
        facts=facts,
    )


@repeating("*/3 * * * *")
def seal(*, key: str, at: datetime) -> None:
    """Every three minutes: seal what has been written since."""
    seal_settled(at=at)


def seal_settled(*, at: datetime) -> int:
    """Seal every row that nothing can come before any more; how many. Harmless to repeat, or to run twice at once.

    Writers do not wait for this, and it holds nothing that they need.
    """
    settled = _settled()
    total = 0
    while settled is not None and (sealed := _seal_block(settled=settled, at=at)):
        total += sealed
    return total


def _settled() -> int | None:
    """The highest id such that each one up to it is committed or lost for good; None while writers do not end.

    An id is given out before its transaction commits, so a later id may be visible first, and neither the age of a row
    nor the oldest transaction's number (which is drawn only after the id) says that nobody still holds a lower one. But
    a writer holds its lock on the table from before it draws an id until it has ended: whoever could hold an id up to
    the sequence's value of now is among the holders of now. When these have ended, all such ids are settled. Writers
    that come meanwhile hold higher ids and are not waited for. (The sequence must not be given a CACHE.)
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM audit_event_id_seq")
        (last_id,) = cursor.fetchone() or (None,)
        writers = None
        for _ in range(LOOKS):
            cursor.execute(
                "SELECT virtualtransaction FROM pg_locks WHERE relation = 'audit_event'::regclass"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                " AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()"
            )
            found = {holder for (holder,) in cursor.fetchall()}
            writers = found if writers is None else writers & found
            if not writers:
                return last_id
            cursor.execute("SELECT pg_sleep(0.2)")
    return None


def _seal_block(*, settled: int, at: datetime) -> int:
    """One more block, of the next rows up to this id; how many: 0 when there are none, or another is sealing."""
    with transaction():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER])
            if cursor.fetchone() != (True,):
                return 0
        before = queries.last_block()
        after = before.last_id if before else 0
        rows = queries.rows(after=after, up_to=settled, limit=ROWS_A_BLOCK)
        if not rows:
            return 0
        block = Block(
            number=before.number + 1 if before else 1,
            first_id=after + 1,
            last_id=rows[-1].id if len(rows) == ROWS_A_BLOCK else settled,
            rows=len(rows),
            seals=b"".join(map(formats.seal_of, rows)),
            previous=before.hash if before else formats.BEGINNING,
            sealed_at=at,
        )
        block.hash = queries.hash_of(block)
        block.save(force_insert=True)
        return len(rows)
