"""Telling somebody that wrong passwords were typed for her."""

from datetime import datetime

from milepost.plumbing import formats, lender
from milepost.plumbing.jobs import job
from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import queries
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.notifications.states import Kind


@job
def pause_sign_in(*, key: str, user_id: int, until: str, tried_at: str, device_words: str) -> None:
    """Write to every address she has proved, once a day at most. Queued for nobody too, so that both take as long."""
    if not user_id:
        return
    day = datetime.fromisoformat(tried_at).date()
    with transaction():
        tell(
            user_id=user_id, kind=Kind.SIGN_IN_PAUSED, key=f"{day}",
            facts={
                "until": queries.told_minute(datetime.fromisoformat(until)),
                "at": formats.moment(datetime.fromisoformat(tried_at), lender.current().time_zone),
                "device": device_words,
            },
        )  # fmt: skip
