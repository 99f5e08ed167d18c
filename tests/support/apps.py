"""Authenticator apps for tests."""

from datetime import datetime

from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import User
from milepost.servicing.identity.states import app_code, app_step

SEED = bytes(range(20))


def shown(at: datetime, *, steps: int = 0, seed: bytes = SEED) -> str:
    """What the app shows at this moment (or so many steps later)."""
    return app_code(seed, app_step(at) + steps)


def add(user: User, at: datetime, seed: bytes = SEED) -> int:
    """An app that this person confirmed at this moment."""
    factor_id = operations.begin_app(user_id=user.id, at=at, seed=seed)
    operations.confirm_app(
        user_id=user.id, factor_id=factor_id, typed=shown(at, seed=seed), subject=queries.guess_subject("", user.id),
        at=at,
    )  # fmt: skip
    return factor_id
