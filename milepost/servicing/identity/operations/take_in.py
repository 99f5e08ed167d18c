"""Taking in people from a tape."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from milepost.finance.calendars import FOREVER
from milepost.plumbing.copying import copy_rows, reserve_ids
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.identity.states import ContactKind, Role, folded_email, folded_phone, is_email


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person as a tape gives her. Without an e-mail or a phone she cannot be invited, only written to by post."""

    full_name: str = ""
    email: str = ""
    phone: str = ""


@in_transaction
def take_in(*, users: Sequence[NewUser], valid_from: date, country: str = "GB") -> range:
    """Write many people without a password, and their contact points, not proved. Answers their ids, in order.

    A number or an address that cannot be one is left out: the tape's own check has said so in its rejects.
    """
    ids = reserve_ids("identity_user_id_seq", len(users))
    copy_rows(
        "identity_user",
        ("id", "password", "role", "user_name", "full_name", "is_active", "session_epoch"),
        (
            (row_id, "!", Role.CUSTOMER.value, "", new.full_name, True, 1)
            for row_id, new in zip(ids, users, strict=True)
        ),
    )  # fmt: skip
    contacts = []
    for row_id, new in zip(ids, users, strict=True):
        if is_email(new.email.strip()):
            email = new.email.strip()
            contacts.append((row_id, ContactKind.EMAIL.value, email, folded_email(email), valid_from, FOREVER))
        phone = folded_phone(new.phone, country)
        if phone:
            contacts.append((row_id, ContactKind.PHONE.value, new.phone.strip(), phone, valid_from, FOREVER))
    copy_rows("identity_contactpoint", ("user_id", "kind", "value", "folded", "valid_from", "valid_to"), contacts)
    return ids
