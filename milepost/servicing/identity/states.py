"""What a person may be, what may be asked of her to prove it, and how what she types is compared."""

import hmac
import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import phonenumbers


class Role(StrEnum):
    CUSTOMER = "CUSTOMER"
    AGENT = "AGENT"
    SUPERVISOR = "SUPERVISOR"
    OPERATIONS = "OPERATIONS"


class ContactKind(StrEnum):
    EMAIL = "EMAIL"
    PHONE = "PHONE"


class Purpose(StrEnum):
    """What a challenge is for. One made for one purpose proves nothing for another."""

    SIGN_IN = "SIGN_IN"
    INVITATION = "INVITATION"
    INVITATION_CHECK = "INVITATION_CHECK"
    """The second channel of an invitation."""
    CONFIRM_EMAIL = "CONFIRM_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a name, not a password
    CONFIRM_CHANGE = "CONFIRM_CHANGE"
    """She is signed in, and changes what protects her account."""


class ChallengeKind(StrEnum):
    """How a challenge reaches her, or what of hers answers it."""

    TEXT = "TEXT"
    EMAIL = "EMAIL"
    LETTER = "LETTER"
    LINK = "LINK"
    FACTS = "FACTS"
    """No message: she told what her agreement says, where we hold no second channel."""
    APP = "APP"
    """No message: her authenticator app makes the code."""
    RECOVERY = "RECOVERY"
    """No message: one of the codes that she keeps on paper."""


SENT_AS_CODES = (ChallengeKind.TEXT, ChallengeKind.EMAIL)
"""Kinds whose code we send to a contact of hers."""


class GuessKind(StrEnum):
    """What was guessed at. Each has a count of its own, a person's or a known device's."""

    PASSWORD = "PASSWORD"  # noqa: S105 - a name, not a password
    CODE = "CODE"
    INVITATION = "INVITATION"


TRIES = 5
"""Wrong answers before the first wait."""
TRIES_AT_ALL = 100
"""Then only a new password helps (for codes: only the lender's people)."""
LONGEST_WAIT = 60
"""Minutes: the waits run 1, 2, 4, … up to this."""

RESEND_WAITS = (30, 60, 120)
"""Seconds before a first, a second, a later new code."""
CODES_AN_HOUR = 8
CODES_A_DAY = 24
"""Codes sent to one person, however often she (or somebody else) starts again."""

APP_SECONDS = 30
"""How long an authenticator app shows one code."""
APP_DRIFT = 1
"""Steps that her clock may be ahead or behind; each code is taken once all the same."""
RECOVERY_CODES = 10
RECOVERY_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Five bits a sign, without those that people misread."""
RECOVERY_HANDLE = 3
"""Signs of a recovery code that only say which it is; the thirteen after them are its secret: 65 bits."""
RECOVERY_LENGTH = 16


def app_step(at: datetime) -> int:
    """The number of the time step that a moment is in (RFC 6238)."""
    return int(at.timestamp()) // APP_SECONDS


def app_code(seed: bytes, step: int) -> str:
    """The six digits that an authenticator app with this seed shows in this step (RFC 4226, HMAC-SHA-1)."""
    digest = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def app_step_of(seed: bytes, typed: str, at: datetime) -> int | None:
    """The step whose code was typed, among those around this moment, or None."""
    digits = re.sub(r"[^0-9]", "", typed)
    now = app_step(at)
    matching = [
        step
        for step in range(now - APP_DRIFT, now + APP_DRIFT + 1)
        if hmac.compare_digest(app_code(seed, step), digits)
    ]
    return max(matching, default=None)


def paper_code(typed: str) -> str:
    """The signs of a code copied from paper, whatever stands between them, with what people misread put right."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return signs.translate(str.maketrans("OIL", "011"))


def folded_email(address: str) -> str:
    """An address as it is compared: one form of every letter, no capitals, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", address)).casefold()


def folded_name(name: str) -> str:
    """A user name as it is compared."""
    return folded_email(name)


@lru_cache(maxsize=4096)
def folded_phone(number: str, country: str = "GB") -> str:
    """A number in E.164, or nothing when it cannot be one."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def is_email(address: str) -> bool:
    """Something before one @ and a host with a dot after it: whether it exists, only a code sent there can say."""
    return (
        len(address) <= 254 and re.fullmatch(r"[^@\s<>\"',;]+@[^@\s<>\"',;.]+(\.[^@\s<>\"',;.]+)+", address) is not None
    )
