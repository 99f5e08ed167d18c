"""lender.toml: who the lender is, how it speaks and what it chose, with dates. The one file here that knows lending."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import holidays
from django.conf import settings

from milepost.finance.calendars import WorkingDays
from milepost.finance.policy import LenderPolicy, in_force


class LenderFileWrong(Exception):
    """lender.toml cannot be used; the message names the key and says what it should hold."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How a customer reaches a person."""

    phone: str
    phone_hours: str
    lost_phone: str
    lost_phone_hours: str
    text_relay: str
    email: str
    sender: str
    text_sender: str


@dataclass(frozen=True, slots=True)
class Security:
    """Lives and limits of what protects a sign-in, in the units their names say."""

    code_minutes: int
    invitation_days: int
    idle_minutes: int
    session_hours: int
    trusted_device_days: int
    password_minimum: int
    password_minimum_with_second_step: int


@dataclass(frozen=True, slots=True)
class Lender:
    """The lender of this installation."""

    name: str
    short_name: str
    trade: str
    currency: str
    country: str
    bank_holidays: str
    """A country and, after a hyphen, its part: GB-ENG."""
    time_zone: str
    language: str
    address: tuple[str, ...]
    legal: str
    contact: Contact
    security: Security
    new_number_prefix: str
    policies: tuple[LenderPolicy, ...]

    def policy(self, on: date) -> LenderPolicy:
        """The policy in force on a day."""
        return in_force(self.policies, on)


def read(path: Path) -> Lender:
    """The lender described by this file. Raises LenderFileWrong."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LenderFileWrong(f"{path}: {error}") from error
    try:
        words = dict(document["lender"])
        words["address"] = tuple(words["address"])
        policies = tuple(LenderPolicy.from_mapping(entry) for entry in document["policy"])
        return Lender(
            **words,
            contact=Contact(**document["contact"]),
            security=Security(**document["security"]),
            new_number_prefix=_prefix(document),
            policies=policies,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LenderFileWrong(f"{path}: {error}") from error


def _prefix(document: dict[str, Any]) -> str:
    prefix = str(document["agreements"]["new_number_prefix"])
    if not (prefix.isdigit() and len(prefix) <= 3):
        raise ValueError("agreements.new_number_prefix must be one to three digits")
    return prefix


@cache
def current() -> Lender:
    """The lender of this process, read once from settings.LENDER_FILE."""
    return read(Path(settings.LENDER_FILE))


@cache
def working_days() -> WorkingDays:
    """The lender's working days: Monday to Friday less the bank holidays of its country, from 1990 to 2070."""
    country, _, part = current().bank_holidays.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=range(1990, 2071))
    return WorkingDays(frozenset(found))
