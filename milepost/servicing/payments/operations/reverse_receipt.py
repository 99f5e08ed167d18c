"""A payment was recorded that never came."""

from datetime import date, datetime
from typing import Any

from milepost.finance.entries import Event
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations as agreements
from milepost.servicing.ledger import operations as ledger
from milepost.servicing.payments.models import Payment
from milepost.servicing.payments.states import PAYMENT_MOVES, PaymentState


class CannotBeReversed(Refusal):
    code = "cannot-be-reversed"
    sentence = "Only a payment that was recorded as received, and has not come back, can be reversed."


def reverse_receipt(*, payment_id: int, reason: str, key: str, actor: Actor, at: datetime, on: date) -> None:
    """Take back the record of a payment: it stays to be seen as a mistake, and pays nothing.

    Raises CannotBeReversed, and the refusals of `agreements.operations.reverse`.
    """
    agreement_id = Payment.objects.values_list("agreement_id", flat=True).get(id=payment_id)

    def act(number: int) -> dict[str, Any]:
        agreements.lock(agreement_id=agreement_id)
        payment = Payment.objects.select_for_update().get(id=payment_id)
        if PaymentState.REVERSED not in PAYMENT_MOVES[PaymentState(payment.state)]:
            raise CannotBeReversed
        payment.state = PaymentState.REVERSED.value
        payment.save(update_fields=["state"])
        agreements.reverse(
            agreement_id=agreement_id, effective_on=payment.received_on, event=Event.PAYMENT_RECEIVED,
            source=payment_id, reason=reason, key=f"payment:{payment_id}:reversed:{number}", actor=actor, at=at, on=on,
        )  # fmt: skip
        return {}

    asked = {"act": "reverse receipt", "payment": payment_id}
    with transaction():
        ledger.once(key=key, asked=asked, book=agreement_id, at=at, act=act)
