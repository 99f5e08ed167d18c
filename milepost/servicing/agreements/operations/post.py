"""Any entry of an agreement: its transfers, what follows from them, and the standing, in one."""

from collections.abc import Mapping
from datetime import date, datetime

from milepost.finance import chart_of_accounts as chart
from milepost.finance.entries import Entry, Event
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import InvariantBroken, Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform, require_positive
from milepost.servicing.agreements.operations.books import DERIVED, ENDINGS, Books, NotRunning

AS_ROWS = frozenset({Event.REFUNDED, Event.CLAIM_REINSTATED})
"""Facts without a verb: they are posted as entries, and what they change besides follows."""


class PrincipalDiffers(Refusal):
    code = "principal-differs"
    sentence = "That would not leave the principal at nought."


class MoreThanCredit(Refusal):
    code = "more-than-credit"
    sentence = "That is more than the customer's credit."


@in_transaction
def post(
    *, agreement_id: int, entry: Entry, source: int, effective_on: date, key: str, actor: Actor, at: datetime, on: date,
    reason: str = "",
) -> Recorded:  # fmt: skip
    """Post an entry for an agreement and move its standing. What it makes due is covered by credit as far as it goes.

    For events with no verb of their own: a settlement, a termination, a car that came back. Those that have one raise
    InvariantBroken here. An event that ends the agreement must take all of its principal. Raises NotRunning for a
    second ending, PrincipalDiffers, MoreThanCredit, and the refusals of a day or an amount that cannot be.
    """
    if entry.event in DERIVED - AS_ROWS:
        raise InvariantBroken(f"{entry.event.name} is recorded by its own operation")
    for move in entry.transfers:
        require_positive(move.amount)

    def fact(books: Books, _: int) -> Mapping[str, int]:
        asks = any(move.debit == chart.DUE_FROM_CUSTOMER for move in entry.transfers)
        books.require_day(effective_on, on, after_ending=not asks)
        if books.ending and entry.event in ENDINGS:
            raise NotRunning
        _require_principal(books, entry)
        if entry.event is Event.REFUNDED and moved(entry, chart.CUSTOMER_CREDIT) > books.derive(on).credit:
            raise MoreThanCredit
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


def _require_principal(books: Books, entry: Entry) -> None:
    left = books.balance(chart.PRINCIPAL) + moved(entry, chart.PRINCIPAL)
    if left < 0 or (left and entry.event in ENDINGS):
        raise PrincipalDiffers


def moved(entry: Entry, account: int) -> int:
    """By how much an entry moves an account, debit positive."""
    return sum(
        move.amount if move.debit == account else -move.amount
        for move in entry.transfers
        if account in (move.debit, move.credit)
    )
