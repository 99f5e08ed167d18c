"""How well somebody's sign-in is protected, as the page about it says."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from milepost.plumbing import formats, lender
from milepost.servicing.identity import queries
from milepost.servicing.identity.models import Factor, RecoveryCode, User
from milepost.servicing.identity.states import ContactKind


@dataclass(frozen=True, slots=True)
class Protection:
    password_changed_on: date | None
    phones: tuple[str, ...]
    """The endings of the numbers that codes go to."""
    emails: tuple[str, ...]
    """The addresses that codes go to, masked."""
    app_added_on: date | None
    recovery_codes_left: int

    @property
    def has_strong_step(self) -> bool:
        """Is there a second step that whoever reads her e-mail cannot take?"""
        return self.has_app or bool(self.phones)

    @property
    def has_app(self) -> bool:
        return self.app_added_on is not None

    @property
    def words(self) -> tuple[str, ...]:
        """What protects her, of the three things that can: an e-mail does not count, nor does paper for a bad day."""
        found = ("a password", self.has_app and "an authenticator app", self.phones and "codes to your phone")
        return tuple(each for each in found if isinstance(each, str))


def protection(user: User) -> Protection:
    """What she has proved: her password, her authenticator app, and where codes go."""
    app = Factor.objects.filter(user_id=user.id, confirmed_at__isnull=False, removed_at=None).first()
    ways = queries.contacts(user.id)
    return Protection(
        _day(user.password_changed_at),
        tuple(formats.phone_ending(way.value) for way in ways if way.kind is ContactKind.PHONE),
        tuple(way.masked for way in ways if way.kind is ContactKind.EMAIL),
        _day(app.confirmed_at) if app else None,
        RecoveryCode.objects.filter(user_id=user.id, used_at=None).count(),
    )


def _day(moment: datetime | None) -> date | None:
    """The lender's day."""
    return moment.astimezone(ZoneInfo(lender.current().time_zone)).date() if moment else None
