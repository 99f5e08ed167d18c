"""A correction: the same transfers the other way round, as an event of its own that names what it takes back."""

from datetime import date, datetime

from milepost.finance import entries
from milepost.finance.entries import Entry, Event, Transfer
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.ledger import queries
from milepost.servicing.ledger.models import Correction
from milepost.servicing.ledger.operations.post import post


class NothingToReverse(Refusal):
    code = "nothing-to-reverse"
    sentence = "There is no such event in these books."


class AlreadyReversed(Refusal):
    code = "already-reversed"
    sentence = "This event has been reversed already."


@in_transaction
def reverse(
    *, book: int, effective_on: date, event: Event, source: int, reason: str, recorded_at: datetime, actor: Actor,
    policy_version: int,
) -> int:  # fmt: skip
    """Take one event of a book back on its own effective date. Answers the correction's number.

    Raises NothingToReverse and AlreadyReversed. Whoever posts for the book holds its lock.
    """
    lines = [
        line
        for line in queries.transfers(book, since=effective_on, until=effective_on)
        if line.event is event and line.source == source
    ]
    if not lines:
        raise NothingToReverse
    named = {"book": book, "effective_on": effective_on, "event": event.value, "source": source}
    if Correction.objects.filter(**named).exists():
        raise AlreadyReversed
    correction = Correction.objects.create(
        **named, reason=reason, recorded_at=recorded_at, actor_kind=actor.kind, actor_user_id=actor.user_id,
        actor_name=actor.name,
    )  # fmt: skip
    entry = Entry(event, tuple(Transfer(line.debit, line.credit, line.amount) for line in lines))
    post(
        book=book, entry=entries.reversal_of(entry), source=correction.id, effective_on=effective_on,
        recorded_at=recorded_at, policy_version=policy_version,
    )  # fmt: skip
    return correction.id
