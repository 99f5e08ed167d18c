"""Where somebody is signed in, and which browsers she has used."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from milepost.plumbing import formats, lender
from milepost.servicing.identity.models import SignIn

AT_MOST = 50
"""Devices shown, the last used first."""

ROWS = """
    SELECT d.id, s.id, coalesce(d.words, s.device_words), s.at, s.seen, d.seen_at, d.trusted_until,
           s.session_key IS NOT NULL AND s.session_key = %(here)s
    FROM (SELECT * FROM identity_device WHERE user_id = %(user)s AND revoked_at IS NULL) d
    FULL JOIN (
        SELECT i.id, i.device_id, i.device_words, i.at, i.session_key, o.expire_date - %(age)s AS seen
        FROM identity_signin i JOIN django_session o ON o.session_key = i.session_key
        WHERE i.user_id = %(user)s AND i.ended_at IS NULL AND i.session_key <> '' AND o.expire_date > %(at)s
          AND i.at > %(at)s - %(absolute)s AND o.expire_date - %(age)s > %(at)s - %(idle)s
    ) s ON s.device_id = d.id
    ORDER BY 8 DESC NULLS LAST, coalesce(s.seen, d.seen_at) DESC, s.id DESC, d.id DESC
    LIMIT %(limit)s
"""
"""Every device with the sessions that are open on it; a session whose device was forgotten stands alone.

A session is saved whenever its last use is, and its end counted from then: so its end says when it was last used.
"""


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A browser, and one session on it if one is open."""

    device_id: int | None
    sign_in_id: int | None
    words: str
    more: str
    """Signed in today at 9:31am. Trusted until 22 December 2026."""
    is_here: bool
    is_trusted: bool
    drawing: str


def devices(
    user_id: int, *, session_key: str | None, at: datetime, on: date, limit: int = AT_MOST
) -> tuple[DeviceLine, ...]:
    """Hers: this one first, then the last used. One whose session ran out is there, as signed out."""
    limits = lender.current().security
    values: dict[str, Any] = {
        "user": user_id, "here": session_key or "", "at": at, "limit": limit,
        "age": timedelta(seconds=settings.SESSION_COOKIE_AGE), "idle": timedelta(minutes=limits.idle_minutes),
        "absolute": timedelta(hours=limits.session_hours),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ROWS, values)
        rows = cursor.fetchall()
    return tuple(
        DeviceLine(
            device_id, sign_in_id, words, _more(begun, seen, last, trusted, at, on), bool(here),
            trusted is not None and trusted > at, drawing(words),
        )
        for device_id, sign_in_id, words, begun, seen, last, trusted, here in rows
    )  # fmt: skip


def sign_in_of(user_id: int, session_key: str | None) -> int | None:
    """The sign-in that began this session."""
    if not session_key:
        return None
    return SignIn.objects.filter(user_id=user_id, session_key=session_key).values_list("id", flat=True).first()


def _more(
    begun: datetime | None, seen: datetime | None, last: datetime, trusted: datetime | None, at: datetime, on: date
) -> str:
    said = (
        [f"Signed in {_when(begun, on)}", f"last used {_when(seen, on)}"]
        if begun and seen
        else ["Signed out", f"last signed in {_when(last, on)}"]
    )
    zone = ZoneInfo(lender.current().time_zone)
    if trusted and trusted > at:
        return f"{', '.join(said)}. Trusted until {formats.day(trusted.astimezone(zone).date())}"
    return f"{', '.join(said)}. Not trusted: it asks for a code"


def _when(moment: datetime, on: date) -> str:
    zone = lender.current().time_zone
    day = moment.astimezone(ZoneInfo(zone)).date()
    return f"today at {formats.time_of_day(moment, zone)}" if day == on else formats.day(day)


def drawing(words: str) -> str:
    """The picture that stands beside a device."""
    small = ("Android", "iPhone", "iPad", "Mobile")
    return "mobile" if any(each in words for each in small) else "laptop"
