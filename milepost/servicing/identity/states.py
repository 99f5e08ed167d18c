"""What a person may be, what may be asked of her to prove it, and how what she types is compared."""

import re
import unicodedata
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


class ChallengeKind(StrEnum):
    """How a challenge reaches her."""

    TEXT = "TEXT"
    EMAIL = "EMAIL"
    LETTER = "LETTER"
    LINK = "LINK"
    FACTS = "FACTS"
    """No message: she told what her agreement says, where we hold no second channel."""


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
