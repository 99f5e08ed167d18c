"""Something was recorded that did not happen: taken back on its own day, as an event that names it."""

from collections.abc import Mapping
from datetime import date, datetime

from milepost.finance.entries import Event
from milepost.plumbing import lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform
from milepost.servicing.agreements.operations.books import Books
from milepost.servicing.ledger import operations as ledger


class FollowsFromOthers(Refusal):
    code = "follows-from-others"
    sentence = "This follows from other events. Reverse or correct the one that it follows from."


class HasComeBack(Refusal):
    code = "has-come-back"
    sentence = "This payment has come back. Reverse its return first."


FOLLOWING = frozenset({
    Event.INSTALMENT_DUE, Event.CREDIT_APPLIED, Event.DEFAULT_INTEREST, Event.REDERIVED, Event.REVERSED,
    Event.BROUGHT_FORWARD, Event.IMPORTED_MOVEMENT, Event.TAPE_ADJUSTMENT,
})  # fmt: skip


@in_transaction
def reverse(
    *, agreement_id: int, effective_on: date, event: Event, source: int, reason: str, key: str, actor: Actor,
    at: datetime, on: date,
) -> Recorded:  # fmt: skip
    """Post the same transfers the other way round on the same effective date, and what else changes by it.

    The rows of the app that owns the event (a payment, a quote) are that app's to change: it calls this. Raises
    FollowsFromOthers, HasComeBack, and the ledger's NothingToReverse and AlreadyReversed.
    """
    if event in FOLLOWING:
        raise FollowsFromOthers

    def fact(books: Books, _: int) -> Mapping[str, int]:
        books.require_day(effective_on, on)
        if event is Event.PAYMENT_RECEIVED and any(back.receipt == source for back in books.facts.returns):
            raise HasComeBack
        ledger.reverse(
            book=agreement_id, effective_on=effective_on, event=event, source=source, reason=reason, recorded_at=at,
            actor=actor, policy_version=lender.current().policy(effective_on).version,
        )  # fmt: skip
        books.load_again()
        return {}

    return perform(
        agreement_id=agreement_id, action="agreement.reversed",
        asked={"effective_on": effective_on, "event": event.name, "source": source}, fact=fact, key=key, actor=actor,
        at=at, on=on, reason=reason,
    )  # fmt: skip
