"""An authenticator app: added, confirmed with a code before it counts, removed."""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote, urlencode

from milepost.plumbing import formats, lender, sealing
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction, transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Device, Factor, User
from milepost.servicing.identity.operations.app_codes import matching_step, seed_of
from milepost.servicing.identity.operations.check_code import WrongCode
from milepost.servicing.identity.operations.spend_guess import Paused, clear_guesses, spend_guess
from milepost.servicing.identity.operations.tell import tell
from milepost.servicing.identity.states import GuessKind
from milepost.servicing.notifications.states import Kind

SEED_BYTES = 20
MINUTES_TO_CONFIRM = 30
SETTING_UP = (
    "That is not the code in your app. Check that the phone’s clock is set by itself, and type the newest code."
)


class HasAnApp(Refusal):
    code: ClassVar[str] = "identity.has_an_app"
    sentence: ClassVar[str] = "You have an authenticator app already. Remove it before you add another."


class NothingToConfirm(Refusal):
    code: ClassVar[str] = "identity.nothing_to_confirm"
    sentence: ClassVar[str] = "Setting up the app took too long, or you began again elsewhere. Please begin again."


class NoOtherWay(Refusal):
    code: ClassVar[str] = "identity.no_other_way"
    sentence: ClassVar[str] = "This is your only second step. Call us first, so that you are not locked out."


@dataclass(frozen=True, slots=True)
class NewApp:
    """What she puts into her app: by camera, by a link on the same phone, or by hand."""

    factor_id: int
    uri: str
    key: str


def begin_app(*, user_id: int, at: datetime, seed: bytes | None = None) -> int:
    """Make a seed (or take the one given) for an app that she has still to confirm. Answers its id.

    Ends any other that she was setting up. Raises HasAnApp.
    """
    seed = seed or secrets.token_bytes(SEED_BYTES)
    with transaction():
        User.objects.select_for_update().only("id").get(id=user_id)
        if queries.has_app(user_id):
            raise HasAnApp
        Factor.objects.filter(user_id=user_id, confirmed_at=None, removed_at=None).update(removed_at=at, sealed_seed="")
        made = Factor.objects.create(
            user_id=user_id, sealed_seed=sealing.seal(seed, about=seed_of(user_id)), created_at=at
        )
        return made.id


def new_app(*, user_id: int, factor_id: int, at: datetime) -> NewApp:
    """What to put into the app, while it waits to be confirmed: never again afterwards. Raises NothingToConfirm."""
    app = _waiting(user_id, factor_id, at)
    seed = sealing.unseal(app.sealed_seed, about=seed_of(user_id))
    login = next((way.value for way in queries.contacts(user_id) if "@" in way.value), "")
    return NewApp(factor_id, _uri(seed, login), b32encode(seed).decode().rstrip("="))


def confirm_app(*, user_id: int, factor_id: int, typed: str, subject: str, at: datetime) -> None:
    """From now on her app counts, and no device is trusted any more; every address is told.

    Raises Paused and WrongCode as check_code does (and counts as it does), NothingToConfirm, HasAnApp.
    """
    paused_until = spend_guess(subject=subject, kind=GuessKind.CODE, at=at)
    with transaction():
        User.objects.select_for_update().only("id").get(id=user_id)
        app = _waiting(user_id, factor_id, at)
        if queries.has_app(user_id):
            raise HasAnApp
        step = matching_step(app, typed, at)
        if step is not None:
            app.confirmed_at, app.last_step = at, step
            app.save(update_fields=["confirmed_at", "last_step"])
            clear_guesses(subject=subject, kind=GuessKind.CODE)
            _changed(user_id, app.id, "identity.app_added", "An authenticator app was added", at)
    if step is None and paused_until:
        raise Paused(paused_until)
    if step is None:
        raise WrongCode(SETTING_UP)


def remove_app(*, user_id: int, at: datetime) -> None:
    """Her app counts no more and its seed is gone; no device is trusted, every address is told. Once gone, nothing.

    Raises NoOtherWay.
    """
    with transaction():
        User.objects.select_for_update().only("id").get(id=user_id)
        app = Factor.objects.filter(user_id=user_id, confirmed_at__isnull=False, removed_at=None).first()
        if app is None:
            return
        if not queries.contacts(user_id):
            raise NoOtherWay
        app.removed_at, app.sealed_seed = at, ""
        app.save(update_fields=["removed_at", "sealed_seed"])
        _changed(user_id, app.id, "identity.app_removed", "Your authenticator app was removed", at)


def _uri(seed: bytes, login: str) -> str:
    """The otpauth:// address that every authenticator app understands."""
    issuer = lender.current().name
    words = {"secret": b32encode(seed).decode().rstrip("="), "issuer": issuer}
    return f"otpauth://totp/{quote(f'{issuer}:{login}')}?{urlencode(words, quote_via=quote)}"


def _waiting(user_id: int, factor_id: int, at: datetime) -> Factor:
    since = at - timedelta(minutes=MINUTES_TO_CONFIRM)
    found = Factor.objects.filter(
        id=factor_id, user_id=user_id, confirmed_at=None, removed_at=None, created_at__gt=since
    ).first()
    if found is None:
        raise NothingToConfirm
    return found


@in_transaction
def _changed(user_id: int, factor_id: int, action: str, what: str, at: datetime) -> None:
    Device.objects.filter(user_id=user_id, trusted_until__gt=at).update(trusted_until=at)
    audit.record(action, subject_kind="user", subject_id=user_id, actor=Actor.customer(user_id), at=at, app=factor_id)
    facts = {"what": what, "at": formats.moment(at, lender.current().time_zone)}
    tell(user_id=user_id, kind=Kind.SECOND_STEPS_CHANGED, key=f"{action}:{factor_id}", facts=facts)
