"""Reading the log back, and the proof that it is as it was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Subquery
from django.db.models.functions import Coalesce

from milepost.servicing.audit import formats
from milepost.servicing.audit.formats import Row
from milepost.servicing.audit.models import Block, Event

LOWEST = -(2**63)


@dataclass(frozen=True, slots=True)
class Head:
    """The last block: kept elsewhere, it proves that the chain was not made anew from some point on."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is not as it was sealed. `row` is an id, where it is about one."""

    block: int | None
    row: int | None
    what: str

    def __str__(self) -> str:
        where = [f"block {self.block}"] if self.block else []
        where += [f"row {self.row}"] if self.row is not None else []
        return f"{', '.join(where)}: {self.what}" if where else self.what


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and the first fault, if there is one."""

    blocks: int
    rows: int
    waiting: int
    """Rows that no block holds yet."""
    waiting_since: datetime | None
    fault: Fault | None


def rows(*, after: int, up_to: int, limit: int) -> list[Row]:
    """The log's rows with an id above the first number and up to the second, by id; `limit` of them at most."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, at, action, actor_kind, actor_user_id, actor_name, subject_kind, subject_id, reason,"
            " facts::text FROM audit_event WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
            [after, up_to, limit],
        )
        return [Row(*row) for row in cursor.fetchall()]


def entries(
    *, subject_kind: str, subject_id: int, actions: Sequence[str], before: int | None = None, limit: int
) -> list[Event]:
    """What was done to one thing, of these actions: the newest first, below the id `before` where one is given.

    By id, so that what happened in the same second keeps its order, and no page of a list repeats or leaves out a row.
    """
    found = Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id, action__in=actions)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def facts_since(
    *, subject_kind: str, subject_id: int, actions: Sequence[str], since: str, limit: int
) -> list[dict[str, Any]]:
    """The facts of these actions written after the last `since` (an action), the newest first; of all without one."""
    about = Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    last = about.filter(action=since).order_by("-id").values("id")[:1]
    found = about.filter(action__in=actions, id__gt=Coalesce(Subquery(last), LOWEST))
    return list(found.order_by("-id").values_list("facts", flat=True)[:limit])


def hash_of(block: Block) -> str:
    """What this block's hash must be."""
    return formats.hash_of(
        number=block.number, first_id=block.first_id, last_id=block.last_id, previous=block.previous,
        sealed_at=block.sealed_at, seals=bytes(block.seals),
    )  # fmt: skip


def last_block() -> Block | None:
    """The newest block, without its rows' seals."""
    return Block.objects.defer("seals").order_by("-number").first()


def head() -> Head | None:
    """The newest block's number and hash; None when nothing has been sealed."""
    block = last_block()
    return Head(block.number, block.hash) if block else None


def prove(kept: Head | None = None) -> Proof:
    """Look at every block and every row that is sealed. `kept` is a head exported earlier, which must be in the chain.

    It finds: a sealed row changed, gone or slipped in; a block changed, gone or put in; a chain made anew after the
    kept head; rows under ids that were never given out.
    """
    blocks = total = 0
    before: Block | None = None
    fault: Fault | None = None
    seen_kept = kept is None
    while fault is None and (block := _next(before)):
        fault = _fault_of_block(block, before) or _fault_of_rows(block, first=before is None)
        if kept and block.number == kept.number:
            seen_kept = block.hash == kept.hash
            fault = fault or (None if seen_kept else Fault(block.number, None, "its hash is not the one that was kept"))
        blocks, total, before = blocks + 1, total + block.rows, block
    waiting, since, highest = _after(before.last_id if before else LOWEST)
    if fault is None and not seen_kept:
        fault = Fault(kept.number if kept else None, None, "the block that was kept is gone, with those after it")
    if fault is None:
        fault = _fault_of_the_rest(before, highest)
    return Proof(blocks, total, waiting, since, fault)


def _next(before: Block | None) -> Block | None:
    return Block.objects.filter(number__gt=before.number if before else LOWEST).order_by("number").first()


def _fault_of_block(block: Block, before: Block | None) -> Fault | None:
    number = before.number + 1 if before else 1
    if block.number != number:
        return Fault(number, None, "the block is gone")
    if block.previous != (before.hash if before else formats.BEGINNING):
        return Fault(number, None, "it does not follow the block before it")
    if block.first_id != (before.last_id + 1 if before else 1):
        return Fault(number, None, f"it begins with row {block.first_id}, not where the block before it ends")
    if hash_of(block) != block.hash or len(block.seals) != block.rows * formats.SEAL:
        return Fault(number, None, "the block itself was changed")
    return None


def _fault_of_rows(block: Block, *, first: bool) -> Fault | None:
    """Compares what is there with what was sealed, and names the lowest id that differs."""
    sealed = formats.ids_in(bytes(block.seals))
    after = LOWEST if first else block.first_id - 1
    found = {row.id: formats.seal_of(row) for row in rows(after=after, up_to=block.last_id, limit=block.rows + 1)}
    wrong = min((i for i in sealed.keys() | found.keys() if sealed.get(i) != found.get(i)), default=None)
    if wrong is None:
        return None
    if wrong not in found:
        return Fault(block.number, wrong, "the row is gone")
    if wrong not in sealed:
        return Fault(block.number, wrong, "the row was put in after the block was sealed")
    return Fault(block.number, wrong, "the row was changed after the block was sealed")


def _after(last_id: int) -> tuple[int, datetime | None, int | None]:
    """How many rows follow this id, since when, and the highest id of all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(at), max(id) FROM audit_event WHERE id > %s", [last_id])
        count, since, highest = cursor.fetchone() or (0, None, None)
    return count, since, highest


def _fault_of_the_rest(before: Block | None, highest: int | None) -> Fault | None:
    """Rows that wait for their block must have ids that the log itself gave out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM audit_event_id_seq")
        (given,) = cursor.fetchone() or (0,)
    if before and before.last_id > given:
        return Fault(before.number, None, f"it ends with row {before.last_id}, and the log has come to {given} only")
    if highest is not None and highest > given:
        return Fault(None, highest, "the row has a number that the log has not given out")
    lowest = rows(after=LOWEST, up_to=0, limit=1)
    return Fault(None, lowest[0].id, "the row has a number that the log never gives out") if lowest else None
