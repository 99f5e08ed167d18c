"""A new agreement's credit goes to the dealer or the customer."""

from collections.abc import Mapping
from datetime import date, datetime

from milepost.finance import entries
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform
from milepost.servicing.agreements.operations.books import Books


class AlreadyPaidOut(Refusal):
    code = "already-paid-out"
    sentence = "This agreement has been paid out already."


def pay_out(*, agreement_id: int, key: str, actor: Actor, at: datetime, on: date) -> Recorded:
    """Post the amount of credit, and the fees that its schedule will ask for, on the schedule's drawdown date.

    Raises AlreadyPaidOut, also where an old system did, and InTheFuture before that date. A pay-out that was taken
    back may be made again.
    """

    def fact(books: Books, number: int) -> Mapping[str, int]:
        day = books.schedule.drawdown_date
        if books.paid_out:
            raise AlreadyPaidOut
        books.require_day(day, on, opens=True)
        books.post(entries.paid_out(amount=books.schedule.opening), number, day, at)
        books.post(entries.fee_at_inception(amount=sum(books.schedule.fees)), number, day, at)
        return {}

    with transaction():
        return perform(
            agreement_id=agreement_id, action="agreement.paid_out", asked={}, fact=fact, key=key, actor=actor, at=at,
            on=on,
        )  # fmt: skip
