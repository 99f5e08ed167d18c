"""The bank took a payment back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from milepost.finance import chart_of_accounts as chart
from milepost.finance.entries import Entry, Event, Transfer
from milepost.finance.replay import Return
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform
from milepost.servicing.agreements.operations.books import ANOTHER_RETURN, Books


class NotReceivedHere(Refusal):
    code = "not-received-here"
    sentence = "No payment of this number is in these books, so it cannot come back."


class AlreadyReturned(Refusal):
    code = "already-returned"
    sentence = "This payment has come back already."


class BeforeReceipt(Refusal):
    code = "before-receipt"
    sentence = "A payment cannot come back before it was made."


@in_transaction
def record_return(
    *, agreement_id: int, payment_id: int, returned_on: date, settled: bool, key: str, actor: Actor, at: datetime,
    on: date,
) -> Recorded:  # fmt: skip
    """Post the return of a whole payment: the customer's credit gives what it can, the rest is owed again.

    `settled`: the money had reached the bank and leaves it; otherwise it leaves the clearing account that it is in.
    Raises NotReceivedHere, AlreadyReturned, BeforeReceipt.
    """

    def fact(books: Books, _: int) -> Mapping[str, int]:
        books.require_day(returned_on, on)
        receipt = next((receipt for receipt in books.facts.receipts if receipt.number == payment_id), None)
        if receipt is None:
            raise NotReceivedHere
        if any(back.receipt == payment_id for back in books.facts.returns):
            raise AlreadyReturned
        if returned_on < receipt.on:
            raise BeforeReceipt
        account = chart.BANK if settled else receipt.account
        back = Return(returned_on, receipt.amount, account, payment_id)
        books.facts = replace(books.facts, returns=[*books.facts.returns, back])
        share = books.derive(on).returned[payment_id]
        moves = (
            Transfer(chart.DUE_FROM_CUSTOMER, account, share.due),
            Transfer(chart.DEFAULT_SUMS, account, share.interest + share.sums),
            Transfer(chart.CUSTOMER_CREDIT, account, share.credit),
        )
        before = {line.source for line in books.lines if line.event is Event.PAYMENT_RETURNED}
        source = payment_id
        while source in before:  # its return was taken back: the next has a number of its own
            source += ANOTHER_RETURN
        books.post(Entry(Event.PAYMENT_RETURNED, moves), source, returned_on, at)
        return share._asdict()

    return perform(
        agreement_id=agreement_id, action="agreement.payment_returned",
        asked={"payment": payment_id, "returned_on": returned_on, "settled": settled},
        fact=fact, key=key, actor=actor, at=at, on=on,
    )  # fmt: skip
