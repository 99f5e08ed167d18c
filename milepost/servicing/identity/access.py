"""By which second steps somebody may show that it is she."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from milepost.plumbing import lender
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Factor, RecoveryCode
from milepost.servicing.identity.queries import Contact
from milepost.servicing.identity.states import ChallengeKind, Purpose


@dataclass(frozen=True, slots=True)
class Way:
    """One way to get or to make a code."""

    kind: ChallengeKind
    contact: Contact | None = None

    @property
    def contact_id(self) -> int | None:
        return self.contact.id if self.contact else None

    @property
    def name(self) -> str:
        """What a form calls it: `app`, `recovery`, or the contact's number."""
        return str(self.contact.id) if self.contact else self.kind.value.lower()

    def is_of(self, pending: queries.PendingChallenge) -> bool:
        """Is it the way of this challenge?"""
        return (self.kind, self.contact_id) == (pending.kind, pending.contact_id)


@dataclass(frozen=True, slots=True)
class App:
    """Her authenticator app, as its page shows it."""

    added_on: date
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """Everything that her second step may be."""

    app: App | None
    contacts: tuple[Contact, ...]
    codes_left: int
    codes_made_on: date | None


def ways(user_id: int, purpose: Purpose) -> tuple[Way, ...]:
    """Her ways for this purpose, the one to offer first at the front.

    To change what protects her account an e-mail will not do where she has anything better.
    """
    if purpose is Purpose.INVITATION_CHECK:
        return tuple(Way(each.challenge_kind, each) for each in queries.contacts(user_id, on_file=True))
    found = tuple(_all_ways(user_id))
    if purpose is Purpose.CONFIRM_CHANGE:
        return tuple(way for way in found if way.kind is not ChallengeKind.EMAIL) or found
    return found


def may_confirm_changes(user_id: int, kind: ChallengeKind) -> bool:
    """Is a second step of this kind as good as any that she has? Not an e-mail, where she has anything better."""
    return any(way.kind is kind for way in ways(user_id, Purpose.CONFIRM_CHANGE))


def second_steps(user_id: int) -> SecondSteps:
    """What her second step may be, with when it was added and used."""
    app = Factor.objects.filter(user_id=user_id, confirmed_at__isnull=False, removed_at=None).first()
    codes = list(RecoveryCode.objects.filter(user_id=user_id).values_list("used_at", "created_at"))
    return SecondSteps(
        app=App(_day(app.confirmed_at), app.last_used_at) if app and app.confirmed_at else None,
        contacts=queries.contacts(user_id),
        codes_left=sum(used_at is None for used_at, _ in codes),
        codes_made_on=max((_day(made_at) for _, made_at in codes), default=None),
    )


def _day(moment: datetime) -> date:
    """The lender's day."""
    return moment.astimezone(ZoneInfo(lender.current().time_zone)).date()


def _all_ways(user_id: int) -> Iterator[Way]:
    if queries.has_app(user_id):
        yield Way(ChallengeKind.APP)
    for contact in queries.contacts(user_id):
        yield Way(contact.challenge_kind, contact)
    if RecoveryCode.objects.filter(user_id=user_id, used_at=None).exists():
        yield Way(ChallengeKind.RECOVERY)
