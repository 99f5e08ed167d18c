"""Any entry of an agreement: its transfers, what follows from them, and the standing, in one."""

from collections.abc import Mapping
from datetime import date, datetime

from milepost.finance.entries import Entry
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform
from milepost.servicing.agreements.operations.books import DERIVED, Books


@in_transaction
def post(
    *, agreement_id: int, entry: Entry, source: int, effective_on: date, key: str, actor: Actor, at: datetime, on: date,
    reason: str = "",
) -> Recorded:  # fmt: skip
    """Post an entry for an agreement and move its standing. What it makes due is covered by credit as far as it goes.

    For events with no verb of their own: a settlement, a termination, a car that came back. Those whose transfers are
    derived from facts have one, and raise InvariantBroken here. Raises the refusals of a day that cannot be.
    """
    if entry.event in DERIVED:
        raise InvariantBroken(f"{entry.event.name} is recorded by its own operation")

    def fact(books: Books, _: int) -> Mapping[str, int]:
        books.require_day(effective_on, on)
        books.post(entry, source, effective_on, at)
        books.read_again()
        return {}

    return perform(
        agreement_id=agreement_id, action=f"agreement.{entry.event.name.lower()}",
        asked={
            "source": source, "effective_on": effective_on,
            "transfers": [[move.debit, move.credit, move.amount] for move in entry.transfers],
        },
        fact=fact, key=key, actor=actor, at=at, on=on, reason=reason,
    )  # fmt: skip
