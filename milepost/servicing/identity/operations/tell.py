"""Telling somebody, wherever she can be reached."""

from typing import Any

from milepost.plumbing.transactions import in_transaction
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import User
from milepost.servicing.identity.states import ContactKind
from milepost.servicing.notifications import operations as notifications
from milepost.servicing.notifications.states import Channel, Kind


@in_transaction
def tell(*, user_id: int, kind: Kind, key: str, facts: dict[str, Any], on_file: bool = False) -> None:
    """Queue one message to each address and phone she has proved, or (where `on_file`) that we hold at all.

    The facts are stored with the job, so they hold no secret.
    """
    name = User.objects.values_list("full_name", flat=True).get(id=user_id)
    for contact in queries.contacts(user_id, on_file=on_file):
        notifications.send.defer(
            key=f"{key}:{contact.id}",
            kind=kind.value,
            user_id=user_id,
            channel=(Channel.EMAIL if contact.kind is ContactKind.EMAIL else Channel.TEXT).value,
            address=contact.sent_to,
            facts={"name": name, **facts},
        )
