"""Whoever changes something of an agreement holds its row first."""

from milepost.plumbing.transactions import in_transaction
from milepost.servicing.agreements.models import Agreement


@in_transaction
def lock(*, agreement_id: int) -> None:
    """Hold an agreement until the transaction ends: first of all, before rows of higher apps and the standing."""
    Agreement.objects.select_for_update().only("id").get(id=agreement_id)
