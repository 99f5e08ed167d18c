"""A default sum is let go."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from milepost.finance import entries
from milepost.finance.replay import DefaultSum
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform, require_positive
from milepost.servicing.agreements.operations.books import Books


class MoreThanCharged(Refusal):
    code = "more-than-charged"
    sentence = "That is more than the default sums charged by that day and not let go yet."


def waive_default_sum(
    *, agreement_id: int, amount: int, waived_on: date, reason: str, key: str, actor: Actor, at: datetime, on: date
) -> Recorded:
    """Let go of a default sum; what was paid of it already pays what is due, then becomes the customer's credit.

    Raises MoreThanCharged when on any day more would have been let go than was charged by then, in whatever order the
    two were recorded.
    """
    require_positive(amount)

    def fact(books: Books, number: int) -> Mapping[str, int]:
        books.require_day(waived_on, on)
        books.facts = replace(books.facts, waived=[*books.facts.waived, DefaultSum(waived_on, amount)])
        if books.waived_too_much:
            raise MoreThanCharged
        books.post(entries.default_sum_waived(amount=amount), number, waived_on, at)
        return {}

    with transaction():
        return perform(
            agreement_id=agreement_id, action="agreement.default_sum_waived",
            asked={"amount": amount, "waived_on": waived_on}, fact=fact, key=key, actor=actor, at=at, on=on,
            reason=reason,
        )  # fmt: skip
