"""Names and contact details for many people who have not joined yet, in a few statements however many they are."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection

from milepost.finance.calendars import FOREVER
from milepost.plumbing.actor import Actor
from milepost.plumbing.copying import copy_rows
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import Challenge, ContactPoint, User
from milepost.servicing.identity.operations.start_challenge import OPEN
from milepost.servicing.identity.operations.take_in import NewUser
from milepost.servicing.identity.states import ContactKind, Purpose, folded_email, folded_phone, is_email

CONTACT = ("user_id", "kind", "value", "folded", "valid_from", "valid_to")


@in_transaction
def correct_many_contacts(
    *, people: Mapping[int, NewUser], on: date, actor: Actor, at: datetime, country: str = "GB"
) -> set[int]:
    """Give these users their names and replace their e-mails and phones. Answers those of whom it was done.

    Somebody who has joined, or has proved a contact, is left alone, as by `correct_contacts`. One act is written down
    for all of them, with their number.
    """
    proved = ContactPoint.objects.filter(user_id__in=list(people), verified_at__isnull=False).values("user_id")
    free = User.objects.filter(id__in=list(people), joined_at__isnull=True).exclude(id__in=proved)
    done = sorted(free.select_for_update().order_by("id").values_list("id", flat=True))
    if not done:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_user AS u SET full_name = n.full_name "
            "FROM unnest(%s::bigint[], %s::text[]) AS n (id, full_name) WHERE u.id = n.id",
            [done, [people[user_id].full_name for user_id in done]],
        )
    wanted = {
        (user_id, kind.value): (value, folded)
        for user_id in done
        for kind, value, folded in _contacts(people[user_id], country)
    }
    stale = []
    for point in ContactPoint.objects.filter(user_id__in=done, valid_to=FOREVER):
        new = wanted.get((point.user_id, point.kind))
        if new and new[1] == point.folded:
            del wanted[point.user_id, point.kind]
        elif new:
            stale.append(point)
    ContactPoint.objects.filter(id__in=[point.id for point in stale]).update(valid_to=on)
    users = [point.user_id for point in stale]
    Challenge.objects.filter(OPEN, user_id__in=users, purpose=Purpose.INVITATION).update(voided_at=at)
    rows = ((user_id, kind, *new, on, FOREVER) for (user_id, kind), new in wanted.items())
    copy_rows("identity_contactpoint", CONTACT, rows)
    audit.record(
        "identity.contacts_given", subject_kind="user", subject_id=done[0], actor=actor, at=at, people=len(done),
        last=done[-1],
    )  # fmt: skip
    return set(done)


def _contacts(new: NewUser, country: str) -> list[tuple[ContactKind, str, str]]:
    """What of it can be one: kind, as written, as compared."""
    email, found = new.email.strip(), []
    if is_email(email):
        found.append((ContactKind.EMAIL, email, folded_email(email)))
    if new.phone and (phone := folded_phone(new.phone, country)):
        found.append((ContactKind.PHONE, new.phone.strip(), phone))
    return found
