"""What a person has once she is in for the first time: a password, a proved e-mail, perhaps a proved phone."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from milepost.finance.calendars import FOREVER
from milepost.plumbing import lender, passwords
from milepost.plumbing.actor import Actor
from milepost.plumbing.errors import Refusal
from milepost.plumbing.transactions import in_transaction
from milepost.servicing.audit import operations as audit
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import ContactPoint, User
from milepost.servicing.identity.operations.end_sessions import end_rows
from milepost.servicing.identity.states import ContactKind, folded_email, folded_name, folded_phone


class EmailTaken(Refusal):
    code: ClassVar[str] = "identity.email_taken"
    sentence: ClassVar[str] = "Somebody signs in with this email already. Use another, or call us if that is you."


class PasswordRefused(Refusal):
    """The new password is too short or too easy; the sentence says which."""

    code: ClassVar[str] = "identity.password_refused"


def why_refused(*, user_id: int, password: str, second_step: bool, words: Iterable[str] = ()) -> str | None:
    """The sentence that says why she may not have this password, or None.

    `words`: what others can know of her besides her names and contacts, such as her postcode and number plate.
    """
    rules, us = lender.current().security, lender.current()
    shortest = rules.password_minimum_with_second_step if second_step else rules.password_minimum
    context = (us.name, us.short_name, *us.name.split(), "milepost", *queries.what_anybody_would_try(user_id), *words)
    return passwords.why_refused(password, shortest=shortest, words=context)


@in_transaction
def set_password(
    *, user_id: int, password: str, second_step: bool, at: datetime, words: Iterable[str] = (), keep: str = ""
) -> int:
    """Give her this password and end every session she has, but for the one with the key `keep`.

    `words` as for why_refused. Answers the epoch that a session kept must carry. Raises PasswordRefused.
    """
    refused = why_refused(user_id=user_id, password=password, second_step=second_step, words=words)
    if refused:
        raise PasswordRefused(refused)
    user = User.objects.select_for_update().get(id=user_id)
    user.password = passwords.Hasher().encode(password, "")
    user.password_changed_at = at
    user.session_epoch += 1
    user.save(update_fields=["password", "password_changed_at", "session_epoch"])
    end_rows(user_id=user_id, at=at, keep=keep)
    return user.session_epoch


@in_transaction
def prove_contact(*, user_id: int, kind: ContactKind, value: str, at: datetime) -> None:
    """She has shown that this address or number is hers. Raises EmailTaken when another person has shown it too."""
    folded = folded_email(value) if kind is ContactKind.EMAIL else folded_phone(value, lender.current().country)
    proved = ContactPoint.objects.filter(kind=kind, folded=folded, valid_to=FOREVER, verified_at__isnull=False)
    holder = proved.values_list("user_id", flat=True).first()
    if holder not in (None, user_id):
        raise EmailTaken
    if holder == user_id:
        return
    held = (
        ContactPoint.objects.filter(user_id=user_id, kind=kind, folded=folded, valid_to=FOREVER).order_by("id").first()
    )
    if held is None:
        held = ContactPoint(user_id=user_id, kind=kind.value, value=value.strip(), folded=folded, valid_from=at.date())
    held.verified_at = at
    held.save()


@in_transaction
def grant_access(
    *, user_id: int, email: str, password: str, at: datetime, actor: Actor, phone: str = "", user_name: str = "",
    words: Iterable[str] = (),
) -> None:  # fmt: skip
    """Let a person in from now on, with the contacts she has proved. Raises EmailTaken, PasswordRefused."""
    prove_contact(user_id=user_id, kind=ContactKind.EMAIL, value=email, at=at)
    if phone:
        prove_contact(user_id=user_id, kind=ContactKind.PHONE, value=phone, at=at)
    set_password(user_id=user_id, password=password, second_step=queries.has_second_step(user_id), at=at, words=words)
    named = {"user_name": user_name, "user_name_folded": folded_name(user_name)} if user_name else {}
    User.objects.filter(id=user_id).update(joined_at=at, **named)
    audit.record("identity.joined", subject_kind="user", subject_id=user_id, actor=actor, at=at)
