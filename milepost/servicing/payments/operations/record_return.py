"""The bank took a payment back."""

from datetime import date, datetime
from typing import Any

from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations as agreements
from milepost.servicing.ledger import operations as ledger
from milepost.servicing.payments.models import Payment
from milepost.servicing.payments.states import PAYMENT_MOVES, PaymentState


class CannotComeBack(Refusal):
    code = "cannot-come-back"
    sentence = "This payment has come back already, or was recorded by mistake."


def record_return(
    *, payment_id: int, returned_on: date, settled: bool, key: str, actor: Actor, at: datetime, on: date
) -> None:
    """Write that a payment came back and post it. `settled`: the money had reached the bank before it left again.

    Raises CannotComeBack, and the refusals of `agreements.operations.record_return`.
    """
    agreement_id = Payment.objects.values_list("agreement_id", flat=True).get(id=payment_id)

    def act(number: int) -> dict[str, Any]:
        agreements.lock(agreement_id=agreement_id)
        payment = Payment.objects.select_for_update().get(id=payment_id)
        if PaymentState.RETURNED not in PAYMENT_MOVES[PaymentState(payment.state)]:
            raise CannotComeBack
        payment.state, payment.returned_on = PaymentState.RETURNED.value, returned_on
        payment.save(update_fields=["state", "returned_on"])
        agreements.record_return(
            agreement_id=agreement_id, payment_id=payment_id, returned_on=returned_on, settled=settled,
            key=f"payment:{payment_id}:returned:{number}", actor=actor, at=at, on=on,
        )  # fmt: skip
        return {}

    asked = {"act": "return", "payment": payment_id, "returned_on": returned_on, "settled": settled}
    with transaction():
        ledger.once(key=key, asked=asked, book=agreement_id, at=at, act=act)
