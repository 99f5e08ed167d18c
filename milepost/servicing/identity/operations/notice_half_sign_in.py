"""The right password, and then no code: told, because a password may be in the wrong hands."""

from datetime import datetime

from milepost.plumbing import formats, lender
from milepost.plumbing.actor import Actor
from milepost.plumbing.jobs import job
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity.models import Challenge, SignIn
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import Purpose
from milepost.servicing.notifications.states import Kind


@job
def notice_half_sign_in(*, key: str, challenge_id: int, at: datetime) -> None:
    """Tell her of a sign-in whose code ran out unused, once an hour at most.

    Not where she signed in meanwhile on what looks like the same device: she had only begun again. The challenge is
    voided, so that running twice tells once. Looked at before its time it is left alone.
    """
    with transaction():
        half = (
            Challenge.objects.select_for_update()
            .filter(id=challenge_id, purpose=Purpose.SIGN_IN, spent_at=None, voided_at=None, expires_at__lte=at)
            .first()
        )
        if half is None:
            return
        half.voided_at = at
        half.save(update_fields=["voided_at"])
        since = SignIn.objects.filter(user_id=half.user_id, at__gte=half.created_at)
        if since.filter(device_words=half.device_words).exists():
            return
        audit.record(
            "identity.half_signed_in", subject_kind="user", subject_id=half.user_id, actor=Actor.system("sign-in"),
            at=at, device=half.device_words, began_at=half.created_at.isoformat(),
        )  # fmt: skip
        facts = {"at": formats.moment(half.created_at, lender.current().time_zone), "device": half.device_words}
        tell(user_id=half.user_id, kind=Kind.HALF_SIGN_IN, key=f"half:{half.created_at:%Y%m%d%H}", facts=facts)
