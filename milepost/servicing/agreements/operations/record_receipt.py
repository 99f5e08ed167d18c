"""Money reached us for an agreement."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from milepost.finance import entries
from milepost.finance.chart_of_accounts import CLEARING, Channel
from milepost.finance.replay import Receipt
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.operations.acts import Recorded, perform, require_positive
from milepost.servicing.agreements.operations.books import Books


@in_transaction
def record_receipt(
    *, agreement_id: int, payment_id: int, amount: int, channel: Channel, received_on: date, key: str, actor: Actor,
    at: datetime, on: date,
) -> Recorded:  # fmt: skip
    """Post a payment with its value date, spread by the policy's waterfall as that day stood.

    A day in the past changes what followed it: later receipts may have paid other things, arrears and default interest
    are other. Those differences are posted, on their days. The answer's `share` is how it was spread.
    """
    require_positive(amount)

    def fact(books: Books, _: int) -> Mapping[str, int]:
        books.require_day(received_on, on)
        receipt = Receipt(received_on, amount, CLEARING[channel], payment_id)
        books.facts = replace(books.facts, receipts=[*books.facts.receipts, receipt])
        share = books.derive(on).shares[payment_id]
        entry = entries.payment_received(
            channel=channel, due=share.due, default_sums=share.interest + share.sums, unallocated=share.credit
        )
        books.post(entry, payment_id, received_on, at)
        return share._asdict()

    return perform(
        agreement_id=agreement_id, action="agreement.payment_received",
        asked={"payment": payment_id, "amount": amount, "channel": channel.value, "received_on": received_on},
        fact=fact, key=key, actor=actor, at=at, on=on,
    )  # fmt: skip
