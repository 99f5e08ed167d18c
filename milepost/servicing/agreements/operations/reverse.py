"""Something was recorded that did not happen: taken back on its own day, as an event that names it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from milepost.finance.entries import Event
from milepost.finance.replay import DefaultSum
from milepost.plumbing import lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform
from milepost.servicing.agreements.operations.books import ANOTHER_RETURN, Books
from milepost.servicing.ledger import operations as ledger


class FollowsFromOthers(Refusal):
    code = "follows-from-others"
    sentence = "This follows from other events. Reverse or correct the one that it follows from."


class HasComeBack(Refusal):
    code = "has-come-back"
    sentence = "This payment has come back. Reverse its return first."


class WasWaived(Refusal):
    code = "was-waived"
    sentence = "This charge was waived. Reverse the waiver first."


class HasBegun(Refusal):
    code = "has-begun"
    sentence = "Other things have happened since this agreement was paid out. It can be taken back only before them."


FOLLOWING = frozenset({
    Event.INSTALMENT_DUE, Event.CREDIT_APPLIED, Event.DEFAULT_INTEREST, Event.REDERIVED, Event.REVERSED,
    Event.BROUGHT_FORWARD, Event.IMPORTED_MOVEMENT, Event.TAPE_ADJUSTMENT, Event.FEE_AT_INCEPTION,
})  # fmt: skip


@in_transaction
def reverse(
    *, agreement_id: int, effective_on: date, event: Event, source: int, reason: str, key: str, actor: Actor,
    at: datetime, on: date,
) -> Recorded:  # fmt: skip
    """Post the same transfers the other way round on the same effective date, and what else changes by it.

    A pay-out takes its deferred fees with it; a return is named by its payment. The rows of the app that owns the event
    (a payment, a quote) are that app's to change: it calls this. Raises FollowsFromOthers, HasComeBack, WasWaived,
    HasBegun, and the ledger's NothingToReverse and AlreadyReversed.
    """
    if event in FOLLOWING:
        raise FollowsFromOthers

    def fact(books: Books, _: int) -> Mapping[str, int]:
        books.require_day(effective_on, on, opens=True, after_ending=True)
        for taken, number in _together(books, effective_on, event, source):
            ledger.reverse(
                book=agreement_id, effective_on=effective_on, event=taken, source=number, reason=reason, recorded_at=at,
                actor=actor, policy_version=lender.current().policy(effective_on).version,
            )  # fmt: skip
        books.load_again()
        return {}

    return perform(
        agreement_id=agreement_id, action="agreement.reversed",
        asked={"effective_on": effective_on, "event": event.name, "source": source}, fact=fact, key=key, actor=actor,
        at=at, on=on, reason=reason,
    )  # fmt: skip


def _together(books: Books, on: date, event: Event, source: int) -> list[tuple[Event, int]]:
    """The events, with their sources, that are taken back by this; raises a Refusal where others rest on them."""
    standing = [line for line in books.own if line.effective_on == on and line.event is event]
    if event is Event.PAYMENT_RECEIVED and any(back.receipt == source for back in books.facts.returns):
        raise HasComeBack
    if event is Event.DEFAULT_SUM_CHARGED and any(line.source == source for line in standing):
        amount = sum(line.amount for line in standing if line.source == source)
        charged = list(books.facts.charged)
        charged.remove(DefaultSum(on, amount))
        books.facts = replace(books.facts, charged=charged)
        if books.waived_too_much:
            raise WasWaived
    if event is Event.PAYMENT_RETURNED:
        # A payment may have been returned, that been taken back, and the payment returned again on one day.
        source = next((line.source for line in standing if line.source % ANOTHER_RETURN == source), source)
    if event is Event.PAID_OUT:
        if any(line.event not in (Event.PAID_OUT, Event.FEE_AT_INCEPTION) for line in books.own):
            raise HasBegun
        fees = {line.source for line in books.own if line.event is Event.FEE_AT_INCEPTION}
        return [(event, source), *((Event.FEE_AT_INCEPTION, number) for number in fees if number == source)]
    return [(event, source)]
