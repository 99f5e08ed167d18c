"""A fee for a breach, such as a payment that came back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from milepost.finance import entries
from milepost.finance.replay import DefaultSum
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform, require_positive
from milepost.servicing.agreements.operations.books import Books


@in_transaction
def charge_default_sum(
    *, agreement_id: int, amount: int, charged_on: date, reason: str, key: str, actor: Actor, at: datetime, on: date
) -> Recorded:
    """Post a default sum. The customer's credit never pays it; receipts do, in the waterfall's order."""
    require_positive(amount)

    def fact(books: Books, number: int) -> Mapping[str, int]:
        books.require_day(charged_on, on)
        books.facts = replace(books.facts, charged=[*books.facts.charged, DefaultSum(charged_on, amount)])
        books.post(entries.default_sum_charged(amount=amount), number, charged_on, at)
        return {}

    return perform(
        agreement_id=agreement_id, action="agreement.default_sum_charged",
        asked={"amount": amount, "charged_on": charged_on}, fact=fact, key=key, actor=actor, at=at, on=on,
        reason=reason,
    )  # fmt: skip
