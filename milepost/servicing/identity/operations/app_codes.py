"""Codes that an authenticator app shows: each is taken once, and its seed is sealed under today's key."""

import logging
from datetime import datetime

from django.db.models import Q

from milepost.plumbing import sealing
from milepost.plumbing.jobs import repeating
from milepost.plumbing.sealing import SealBroken
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.identity.models import Factor
from milepost.servicing.identity.states import app_step_of

ROWS_AT_ONCE = 500
log = logging.getLogger("milepost.identity")


@in_transaction
def take_app_code(*, user_id: int, typed: str, at: datetime) -> bool:
    """Is this the code that her app shows now, or showed a step ago? Once taken, it and those before it are refused.

    One statement moves the last step on, so forty at once are one. A seed that does not open answers no.
    """
    app = Factor.objects.filter(user_id=user_id, confirmed_at__isnull=False, removed_at=None).first()
    if app is None:
        return False
    step = matching_step(app, typed, at)
    if step is None:
        return False
    newer = Factor.objects.filter(id=app.id, last_step__lt=step, removed_at=None)
    return bool(newer.update(last_step=step, last_used_at=at))


def matching_step(app: Factor, typed: str, at: datetime) -> int | None:
    """The time step whose code was typed, or None; also where the app's seed does not open."""
    try:
        seed = sealing.unseal(app.sealed_seed, about=seed_of(app.user_id))
    except SealBroken as broken:
        log.error("identity.seed_does_not_open: app %s, %s", app.id, broken)
        return None
    return app_step_of(seed, typed, at)


def seed_of(user_id: int) -> str:
    """What a seed is sealed for: nobody else's row opens with it."""
    return f"authenticator app of user {user_id}"


@repeating("17 * * * *")
def reseal_seeds(*, key: str) -> None:
    """Every hour: seal under today's key what an older one sealed. Harmless to repeat. What does not open stays."""
    todays = sealing.todays_key()
    old = Factor.objects.filter(~Q(sealed_seed=""), ~Q(sealed_seed__startswith=f"{todays}:"))
    last = 0
    while ids := list(old.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:ROWS_AT_ONCE]):
        last = ids[-1]
        with transaction():
            for app in old.select_for_update().filter(id__in=ids):
                _reseal(app)


def _reseal(app: Factor) -> None:
    about = seed_of(app.user_id)
    try:
        seed = sealing.unseal(app.sealed_seed, about=about)
    except SealBroken as broken:
        log.error("identity.seed_does_not_open: app %s, %s", app.id, broken)
        return
    app.sealed_seed = sealing.seal(seed, about=about)
    app.save(update_fields=["sealed_seed"])
