"""The Direct Debit of an agreement."""

from milepost.servicing.payments.models import Mandate
from milepost.servicing.payments.states import MandateState


def has_mandate(agreement_id: int) -> bool:
    """Whether its payments are collected by Direct Debit."""
    return Mandate.objects.filter(agreement_id=agreement_id, state=MandateState.ACTIVE).exists()
