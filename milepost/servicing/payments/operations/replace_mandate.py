"""A tape names another account for an agreement's Direct Debit."""

from datetime import date

from milepost.plumbing.transactions import in_transaction
from milepost.servicing.payments.models import Mandate
from milepost.servicing.payments.operations.take_in import NewMandate, take_in_mandates
from milepost.servicing.payments.states import MandateState


@in_transaction
def replace_mandate(*, new: NewMandate, on: date) -> None:
    """End the active mandate and write the new one; nothing happens where they are the same."""
    active = Mandate.objects.filter(agreement_id=new.agreement_id, state=MandateState.ACTIVE.value)
    if active.filter(account_ending=new.account_ending, holder=new.holder).exists():
        return
    active.update(state=MandateState.CANCELLED.value, valid_to=on)
    if new.account_ending:
        take_in_mandates(mandates=[new])
