"""Money came from a customer: the payment is written down, and goes where the waterfall sends it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from milepost.finance.money import FinanceError, require_amount
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations as agreements
from milepost.servicing.ledger import operations as ledger
from milepost.servicing.payments.models import Payment
from milepost.servicing.payments.states import CHANNELS, Method, PaymentState


@dataclass(frozen=True, slots=True)
class Received:
    """The payment, and how it was spread; minor units."""

    payment_id: int
    due: int
    default_sums: int
    credit: int


def record_receipt(
    *, agreement_id: int, amount: int, method: Method, received_on: date, key: str, actor: Actor, at: datetime, on: date
) -> Received:
    """Write a payment of an agreement and post it on its value date, which may be past.

    The same key again answers the first payment. Raises the refusals of `agreements.operations.record_receipt`.
    """

    try:
        require_amount(amount, "amount", least=1)
    except FinanceError as error:
        raise agreements.NoSuchAmount(f"The amount {error.message}.") from error

    def act(_: int) -> dict[str, Any]:
        agreements.lock(agreement_id=agreement_id)
        payment = Payment.objects.create(
            agreement_id=agreement_id, received_on=received_on, amount=amount, method=method.value,
            state=PaymentState.RECEIVED.value,
        )  # fmt: skip
        share = agreements.record_receipt(
            agreement_id=agreement_id, payment_id=payment.id, amount=amount, channel=CHANNELS[method],
            received_on=received_on, key=f"payment:{payment.id}:received", actor=actor, at=at, on=on,
        ).share  # fmt: skip
        return {
            "payment_id": payment.id, "due": share["due"], "default_sums": share["interest"] + share["sums"],
            "credit": share["credit"],
        }  # fmt: skip

    asked = {"act": "receipt", "amount": amount, "method": method.value, "received_on": received_on}
    with transaction():
        return Received(**ledger.once(key=key, asked=asked, book=agreement_id, at=at, act=act))
