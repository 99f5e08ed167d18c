"""Contact details that a tape corrects, for a person who has not joined yet."""

from datetime import date, datetime

from milepost.finance.calendars import FOREVER
from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import Challenge, ContactPoint, User
from milepost.servicing.identity.operations.start_challenge import OPEN
from milepost.servicing.identity.operations.take_in import NewUser
from milepost.servicing.identity.states import ContactKind, Purpose, folded_email, folded_phone


@in_transaction
def correct_contacts(*, user_id: int, new: NewUser, on: date, actor: Actor, at: datetime, country: str = "GB") -> bool:
    """Replace her unverified e-mail and phone by the tape's. Answers False, changing nothing, once she has joined:
    from then on only she changes where her codes go."""
    user = User.objects.select_for_update().get(id=user_id)
    if user.joined_at is not None or user.contact_points.filter(verified_at__isnull=False).exists():
        return False
    user.full_name = new.full_name
    user.save(update_fields=["full_name"])
    wanted = {
        ContactKind.EMAIL: (new.email.strip(), folded_email(new.email)),
        ContactKind.PHONE: (new.phone.strip(), folded_phone(new.phone, country) if new.phone else ""),
    }
    for kind, (value, folded) in wanted.items():
        current = user.contact_points.filter(kind=kind.value, valid_to=FOREVER)
        if not folded or current.filter(folded=folded).exists():
            continue
        current.update(valid_to=on)
        # An invitation that went to the address that was wrong is not hers to use.
        Challenge.objects.filter(OPEN, user=user, purpose=Purpose.INVITATION).update(voided_at=at)
        ContactPoint.objects.create(user=user, kind=kind.value, value=value, folded=folded, valid_from=on)
        audit.record(
            "identity.contact_corrected", subject_kind="user", subject_id=user.id, actor=actor, at=at, kind=kind.value
        )
    return True
