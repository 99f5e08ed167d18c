"""A return was recorded that never was: the payment stands."""

from datetime import date, datetime
from typing import Any

from milepost.finance.calendars import FOREVER
from milepost.finance.entries import Event
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations as agreements
from milepost.servicing.ledger import operations as ledger
from milepost.servicing.payments.models import Payment
from milepost.servicing.payments.states import PAYMENT_MOVES, PaymentState


class HasNotComeBack(Refusal):
    code = "has-not-come-back"
    sentence = "This payment has not come back, so there is no return to reverse."


def reverse_return(*, payment_id: int, reason: str, key: str, actor: Actor, at: datetime, on: date) -> None:
    """Take back the record of a payment's return. The payment counts again, and may come back another time.

    Raises HasNotComeBack, and the refusals of `agreements.operations.reverse`.
    """
    agreement_id = Payment.objects.values_list("agreement_id", flat=True).get(id=payment_id)

    def act(number: int) -> dict[str, Any]:
        agreements.lock(agreement_id=agreement_id)
        payment = Payment.objects.select_for_update().get(id=payment_id)
        if PaymentState.RECEIVED not in PAYMENT_MOVES[PaymentState(payment.state)]:
            raise HasNotComeBack
        agreements.reverse(
            agreement_id=agreement_id, effective_on=payment.returned_on, event=Event.PAYMENT_RETURNED,
            source=payment_id, reason=reason, key=f"payment:{payment_id}:kept:{number}", actor=actor, at=at, on=on,
        )  # fmt: skip
        payment.state, payment.returned_on = PaymentState.RECEIVED.value, FOREVER
        payment.save(update_fields=["state", "returned_on"])
        return {}

    asked = {"act": "reverse return", "payment": payment_id}
    with transaction():
        ledger.once(key=key, asked=asked, book=agreement_id, at=at, act=act)
