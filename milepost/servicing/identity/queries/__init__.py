"""Who somebody is, how she can be reached, and what still stands between her and her account."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from milepost.finance.calendars import FOREVER
from milepost.plumbing import formats, lender
from milepost.servicing.identity.models import Challenge, ContactPoint, Device, Factor, GuessCounter, User
from milepost.servicing.identity.states import (
    CODES_A_DAY,
    CODES_AN_HOUR,
    RESEND_WAITS,
    SENT_AS_CODES,
    TRIES_AT_ALL,
    ChallengeKind,
    ContactKind,
    GuessKind,
    Purpose,
    folded_email,
    paper_code,
)
from milepost.servicing.notifications import queries as notifications

NO_END = datetime.max.replace(tzinfo=UTC)


USER_COLUMNS = [field.attname for field in User._meta.concrete_fields]
USER_ROW = f"SELECT {', '.join(USER_COLUMNS)} FROM identity_user WHERE id = %s AND is_active"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person."""

    id: int
    kind: ContactKind
    value: str
    is_verified: bool
    sent_to: str
    """The address as a mail server or a text gateway takes it."""

    @property
    def masked(self) -> str:
        """p••••@example.com, or the phone ending 318: as a page shows it before anybody is proved to be anybody."""
        if self.kind is ContactKind.EMAIL:
            return formats.masked_email(self.value)
        return f"your phone ending {formats.phone_ending(self.value)}"

    @property
    def challenge_kind(self) -> ChallengeKind:
        return ChallengeKind.EMAIL if self.kind is ContactKind.EMAIL else ChallengeKind.TEXT


@dataclass(frozen=True, slots=True)
class PendingChallenge:
    """A code that somebody is asked for, as its page shows it."""

    id: int
    user_id: int
    purpose: Purpose
    kind: ChallengeKind
    contact_id: int | None
    where: str
    sent_at: datetime | None
    expires_at: datetime
    again_at: datetime
    """From when a new code may be asked for."""

    @property
    def again_told(self) -> str:
        return told_minute(self.again_at)


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can still be used."""

    id: int
    user_id: int
    kind: ChallengeKind
    contact_id: int | None
    full_name: str


def told_minute(moment: datetime) -> str:
    """9:40am for anything after 9:39: who comes back at the minute we told her is not too early."""
    late = moment if moment.second == moment.microsecond == 0 else moment + timedelta(minutes=1)
    return formats.time_of_day(late, lender.current().time_zone)


def user_id_for_login(typed: str) -> int | None:
    """The customer who signs in with this e-mail or user name; None for nobody. One statement either way."""
    folded = folded_email(typed)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id FROM identity_contactpoint c JOIN identity_user u ON u.id = c.user_id
            WHERE c.folded = %(folded)s AND c.kind = 'EMAIL' AND c.verified_at IS NOT NULL AND c.valid_to = %(forever)s
              AND u.is_active AND u.role = 'CUSTOMER'
            UNION ALL
            SELECT u.id FROM identity_user u
            WHERE u.user_name_folded = %(folded)s AND u.is_active AND u.role = 'CUSTOMER'
            LIMIT 1
            """,
            {"folded": folded, "forever": FOREVER},
        )
        row = cursor.fetchone()
    return row[0] if row else None


def user_of(user_id: int) -> User | None:
    """The user behind a session."""
    with connection.cursor() as cursor:  # by hand, because every page asks
        cursor.execute(USER_ROW, [user_id])
        row = cursor.fetchone()
    return User.from_db("default", USER_COLUMNS, row) if row else None


def contacts(user_id: int, *, on_file: bool = False) -> tuple[Contact, ...]:
    """The ways to reach somebody that she has proved (or, where `on_file`, that we hold at all), phones first."""
    rows = ContactPoint.objects.filter(user_id=user_id, valid_to=FOREVER)
    if not on_file:
        rows = rows.filter(verified_at__isnull=False)
    found = (
        Contact(
            row.id,
            ContactKind(row.kind),
            row.value,
            row.verified_at is not None,
            row.folded if row.kind == ContactKind.PHONE else row.value,
        )
        for row in rows.order_by("-kind", "-verified_at", "id")
    )
    return tuple(contact for contact in found if contact.kind is ContactKind.EMAIL or notifications.texts_are_sent())


def has_second_step(user_id: int) -> bool:
    """Has she a phone that codes go to, or an authenticator app? Then a shorter password will do."""
    return has_app(user_id) or any(contact.kind is ContactKind.PHONE for contact in contacts(user_id))


def has_app(user_id: int) -> bool:
    """Has she an authenticator app that counts?"""
    return Factor.objects.filter(user_id=user_id, confirmed_at__isnull=False, removed_at=None).exists()


def session_hash(secret: str) -> str:
    """What a challenge keeps of the session that it is bound to."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_hash(token: str) -> str:
    """What we keep of a device's cookie, an invitation or a reset link: keyed, so the table alone opens nothing."""
    return salted_hmac("milepost.identity.token", token, algorithm="sha256").hexdigest()


def pending_challenge(challenge_id: int, session_secret: str, at: datetime) -> PendingChallenge | None:
    """The challenge this session was given, while a code for it may still be typed."""
    row = (
        Challenge.objects.select_related("contact_point")
        .filter(
            id=challenge_id, session_hash=session_hash(session_secret), spent_at=None, voided_at=None, expires_at__gt=at
        )
        .first()
    )
    if row is None:
        return None
    kind = ChallengeKind(row.kind)
    address = row.contact_point.value if row.contact_point else row.new_address
    where = ""
    if kind in SENT_AS_CODES:
        by_text = kind is ChallengeKind.TEXT
        where = f"your phone ending {formats.phone_ending(address)}" if by_text else formats.masked_email(address)
    return PendingChallenge(
        row.id, row.user_id, Purpose(row.purpose), kind, row.contact_point_id, where, row.sent_at, row.expires_at,
        next_code_at(row.user_id, at),
    )  # fmt: skip


def next_code_at(user_id: int, at: datetime) -> datetime:
    """From when one more code may be sent to this person: 30, 60, 120 seconds apart, and not without end."""
    made = _codes_made(user_id, at)
    hour = [moment for moment in made if moment > at - timedelta(hours=1)]
    if len(made) >= CODES_A_DAY:
        return made[-1] + timedelta(days=1)
    if len(hour) >= CODES_AN_HOUR:
        return hour[-1] + timedelta(hours=1)
    if not hour:
        return at
    return hour[0] + timedelta(seconds=RESEND_WAITS[min(len(hour), len(RESEND_WAITS)) - 1])


def codes_are_left(user_id: int, at: datetime) -> bool:
    """May she be sent one more code at all? Starting again buys no more of them."""
    made = _codes_made(user_id, at)
    return len(made) < CODES_A_DAY and sum(moment > at - timedelta(hours=1) for moment in made) < CODES_AN_HOUR


def _codes_made(user_id: int, at: datetime) -> list[datetime]:
    """When codes that nobody gave back were made for this person in the last day, newest first."""
    codes = (Purpose.SIGN_IN, Purpose.INVITATION_CHECK, Purpose.CONFIRM_EMAIL, Purpose.CONFIRM_CHANGE)
    rows = Challenge.objects.filter(
        user_id=user_id, purpose__in=codes, created_at__gt=at - timedelta(days=1), spent_at=None, kind__in=SENT_AS_CODES
    )
    return list(rows.order_by("-created_at").values_list("created_at", flat=True)[:CODES_A_DAY])


def open_invitation(code: str, at: datetime) -> OpenInvitation | None:
    """The invitation with this code, unless it was used, replaced or is too old. Looking spends nothing."""
    return _invitation(at, code_hash=token_hash(invitation_code(code)))


def invitation_of(challenge_id: int, at: datetime) -> OpenInvitation | None:
    """The same, by what the session remembers of it."""
    return _invitation(at, id=challenge_id)


def invitation_code(typed: str) -> str:
    """The sixteen signs of an invitation's code, whatever stands between them, with what people misread put right."""
    return paper_code(typed)


def reset_link_is_open(token: str, at: datetime) -> bool:
    """Can this link still set a password? Asking spends nothing: mail scanners open every link."""
    return Challenge.objects.filter(
        code_hash=token_hash(token), purpose=Purpose.RESET_PASSWORD, spent_at=None, voided_at=None, expires_at__gt=at
    ).exists()


def user_of_reset_link(token: str, at: datetime) -> int | None:
    """Whose password this link may set."""
    return (
        Challenge.objects.filter(
            code_hash=token_hash(token),
            purpose=Purpose.RESET_PASSWORD,
            spent_at=None,
            voided_at=None,
            expires_at__gt=at,
        )
        .values_list("user_id", flat=True)
        .first()
    )


def known_device(user_id: int, tokens: Sequence[str]) -> int | None:
    """The device of this person that holds one of these cookies' tokens, unless she removed it."""
    if not tokens:
        return None
    hashes = [token_hash(token) for token in tokens]
    found = Device.objects.filter(user_id=user_id, token_hash__in=hashes, revoked_at=None)
    return found.order_by("-seen_at").values_list("id", flat=True).first()


def device_is_trusted(user_id: int, tokens: Sequence[str], at: datetime) -> bool:
    """Has she said on this device, within its time, that no code is needed here?"""
    hashes = [token_hash(token) for token in tokens]
    return (
        bool(hashes)
        and Device.objects.filter(
            user_id=user_id, token_hash__in=hashes, revoked_at=None, trusted_until__gt=at
        ).exists()
    )


def guess_subject(typed: str, user_id: int | None, device_id: int | None = None) -> str:
    """On whom a try is counted: a person whatever she typed, her known device apart; a name that nobody has, hashed."""
    if user_id is None:
        return f"name:{token_hash(folded_email(typed))[:40]}"
    return f"user:{user_id}" + (f":device:{device_id}" if device_id else "")


def paused_until(subject: str, kind: GuessKind, at: datetime) -> datetime | None:
    """Until when this subject's tries are not looked at; NO_END where only a new password helps."""
    row = GuessCounter.objects.filter(subject=subject, kind=kind).values_list("tries", "paused_until").first()
    if row is None:
        return None
    tries, until = row
    if tries >= TRIES_AT_ALL:
        return NO_END
    return until if until > at else None


def last_sign_in(user_id: int) -> str:
    """Thursday 19 November at 8:14pm, on Chrome on Android: the one before the present; empty the first time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, device_words FROM identity_signin WHERE user_id = %s"
            " ORDER BY at DESC, id DESC OFFSET 1 LIMIT 1",
            [user_id],
        )
        row = cursor.fetchone()
    return f"{formats.moment(row[0], lender.current().time_zone)}, on {row[1]}" if row else ""


def what_anybody_would_try(user_id: int) -> tuple[str, ...]:
    """Her names and addresses: no password may be made of them."""
    user = User.objects.get(id=user_id)
    words = [user.full_name, *user.full_name.split(), user.user_name]
    for contact in contacts(user_id, on_file=True):
        words += (
            contact.value.replace("@", " ").replace(".", " ").split()
            if contact.kind is ContactKind.EMAIL
            else [contact.value]
        )
    return tuple(word for word in words if word)


def _invitation(at: datetime, **which: object) -> OpenInvitation | None:
    row = (
        Challenge.objects.select_related("user")
        .filter(
            purpose=Purpose.INVITATION, spent_at=None, voided_at=None, expires_at__gt=at, user__joined_at=None, **which
        )
        .first()
    )
    if row is None:
        return None
    return OpenInvitation(row.id, row.user_id, ChallengeKind(row.kind), row.contact_point_id, row.user.full_name)


@dataclass(frozen=True, slots=True)
class OnFile:
    """A person found by an address that we hold, proved or not."""

    user_id: int
    has_joined: bool
    phone: str


def person_on_file(email: str) -> OnFile | None:
    """Whose e-mail address this is, as far as a tape told us; the oldest where several share it."""
    held = ContactPoint.objects.filter(kind=ContactKind.EMAIL, folded=folded_email(email), valid_to=FOREVER)
    found = held.select_related("user").order_by("id").first()
    if found is None:
        return None
    phone = ContactPoint.objects.filter(user_id=found.user_id, kind=ContactKind.PHONE, valid_to=FOREVER).first()
    return OnFile(found.user_id, found.user.joined_at is not None, phone.value if phone else "")


def how_many_joined() -> int:
    """People who have accepted an invitation."""
    return User.objects.filter(joined_at__isnull=False).count()


def emails_on_file(*, limit: int) -> tuple[str, ...]:
    """The first e-mail addresses that we hold, proved or not."""
    rows = ContactPoint.objects.filter(kind=ContactKind.EMAIL, valid_to=FOREVER).order_by("id")[:limit]
    return tuple(row.value for row in rows)


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who can sign in, and with what."""

    user_id: int
    full_name: str
    email: str


def joined(*, limit: int) -> tuple[Joined, ...]:
    """People who have accepted an invitation, the earliest first."""
    proved = ContactPoint.objects.filter(kind=ContactKind.EMAIL, valid_to=FOREVER, verified_at__isnull=False)
    rows = proved.filter(user__joined_at__isnull=False).select_related("user").order_by("user_id")[:limit]
    return tuple(Joined(row.user_id, row.user.full_name, row.value) for row in rows)
