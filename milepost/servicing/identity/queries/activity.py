"""What happened to somebody's sign-in, in words: read from the audit log and from nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from milepost.plumbing import formats, lender
from milepost.servicing.audit import queries as audit
from milepost.servicing.audit.models import Event
from milepost.servicing.identity.queries import devices
from milepost.servicing.identity.states import RECOVERY_CODES

A_PAGE = 40
"""Entries of the log; what happened several times in a row is one line of the page."""

STEPS = {
    "TEXT": "Signed in with a text code",
    "EMAIL": "Signed in with an email code",
    "TRUSTED": "Signed in on a device you trust",
    "APP": "Signed in with the authenticator app",
    "RECOVERY": "Signed in with a recovery code",
}
"""How a sign-in is called by its second step."""

SHOWN = {
    "identity.signed_in": ("Signed in", "mobile", ""),
    "identity.signed_out": ("Signed out", "leave", ""),
    "identity.session_ended": ("Signed out from another device", "leave", ""),
    "identity.sessions_ended": ("Signed out everywhere", "leave", ""),
    "identity.code_sent": ("Code sent", "text", ""),
    "identity.wrong_code": ("Wrong code", "alert", "warn"),
    "identity.wrong_password": ("Wrong password", "alert", "warn"),
    "identity.half_signed_in": ("Right password, but no code", "alert", "warn"),
    "identity.password_changed": ("Password changed", "key", ""),
    "identity.password_reset": ("Password changed by a link from an email", "key", ""),
    "identity.contact_corrected": ("Contact details changed", "phone", ""),
    "identity.device_forgotten": ("Device forgotten", "mobile", ""),
    "identity.app_added": ("Authenticator app added", "mobile", ""),
    "identity.app_removed": ("Authenticator app removed", "mobile", ""),
    "identity.recovery_codes_renewed": ("New recovery codes made", "page", ""),
    "identity.recovery_code_used": ("Recovery code used", "page", ""),
    "identity.sign_in_frozen": ("You froze your sign-in", "lock", "warn"),
    "identity.joined": ("You set up your access", "person", "ok"),
}
"""By action: words, drawing, tone."""
DISOWNED = {
    "identity.signed_in", "identity.password_changed", "identity.password_reset", "identity.contact_corrected",
    "identity.half_signed_in", "identity.device_forgotten", "identity.app_added", "identity.app_removed",
    "identity.recovery_codes_renewed", "identity.recovery_code_used",
}  # fmt: skip
"""What she may say was not she: whoever did it knew her password, or read her e-mail."""


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the page, perhaps of several entries that say the same."""

    id: int
    words: str
    more: str
    """9:36am, Chrome on Windows. You trusted this device."""
    when: str
    """9:36am, or with the day where the line stands alone."""
    drawing: str
    tone: str
    is_here: bool
    """It began this session."""
    may_disown: bool


@dataclass(frozen=True, slots=True)
class Day:
    title: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class ActivityPage:
    days: tuple[Day, ...]
    older: int | None
    """The id below which the next page begins; None where nothing is older."""
    is_first: bool


def activity(
    user_id: int, *, on: date, session_key: str | None, before: int | None = None, lines: int = A_PAGE
) -> ActivityPage:
    """The newest page of entries (below the id `before`), by day, as so many `lines` at most.

    `session_key` marks the sign-in of this session.
    """
    found = audit.entries(
        subject_kind="user", subject_id=user_id, actions=list(SHOWN), before=before, limit=A_PAGE + 1
    )  # fmt: skip
    here = devices.sign_in_of(user_id, session_key)
    drawn: list[list[Event]] = []
    for event in found[:A_PAGE]:
        if drawn and _says_the_same(drawn[-1][0], event):
            drawn[-1].append(event)
        else:
            drawn.append([event])
    days: dict[date, list[Act]] = {}
    for line in drawn[:lines]:
        days.setdefault(_day(line[0].at), []).append(_act(line, here))
    return ActivityPage(
        tuple(Day(_title(day, on), tuple(acts)) for day, acts in days.items()),
        found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        before is None,
    )


def act(user_id: int, event_id: int) -> Act | None:
    """One entry of hers that she may say was not she; None for anything else."""
    found = audit.entries(
        subject_kind="user", subject_id=user_id, actions=sorted(DISOWNED), before=event_id + 1, limit=1
    )  # fmt: skip
    if not found or found[0].id != event_id:
        return None
    return _act(found, None, on_its_own=True)


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(lender.current().time_zone)).date()


def _title(day: date, on: date) -> str:
    named = {on: "Today, ", on - timedelta(days=1): "Yesterday, "}.get(day, "")
    return named + formats.weekday(day)


def _says_the_same(newer: Event, older: Event) -> bool:
    """Wrong tries on one device, one after another, are one line."""
    repeated = ("identity.wrong_password", "identity.wrong_code", "identity.half_signed_in")
    return (
        newer.action in repeated
        and newer.action == older.action
        and _device(newer) == _device(older)
        and _day(newer.at) == _day(older.at)
    )


def _device(event: Event) -> str:
    """Chrome on Windows; nothing where the entry does not say."""
    words = event.facts.get("words") or event.facts.get("device")
    return words if isinstance(words, str) else ""


def _act(line: Sequence[Event], here: int | None, *, on_its_own: bool = False) -> Act:
    event, facts = line[0], line[0].facts
    words, drawing, tone = SHOWN[event.action]
    is_here = event.action == "identity.signed_in" and here is not None and facts.get("sign_in") == here
    if event.action == "identity.signed_in":
        drawing = devices.drawing(_device(event))
    zone = lender.current().time_zone
    when = formats.moment(event.at, zone) if on_its_own else formats.time_of_day(event.at, zone)
    told = ", ".join(filter(None, (when, _device(event))))
    return Act(
        event.id,
        _words(event.action, words, facts) + (f", {len(line)} times" if len(line) > 1 else ""),
        ". ".join(filter(None, (told, _also(event.action, facts)))),
        when,
        drawing,
        "ok" if is_here else tone,
        is_here,
        event.action in DISOWNED and not is_here,
    )


def _words(action: str, words: str, facts: dict[str, Any]) -> str:
    if action == "identity.signed_in":
        return STEPS.get(str(facts.get("second_step")), words)
    if action == "identity.code_sent" and facts.get("ending"):
        by_text = facts.get("kind") == "TEXT"
        return f"Code sent to your phone ending {facts['ending']}" if by_text else f"Code sent to {facts['ending']}"
    if action == "identity.sessions_ended" and facts.get("others"):
        return "Signed out everywhere else"
    return words


def _also(action: str, facts: dict[str, Any]) -> str:
    if action in ("identity.wrong_password", "identity.wrong_code", "identity.half_signed_in"):
        return "Nobody got in"
    if action == "identity.signed_in" and facts.get("trusted"):
        return "You chose to trust this device"
    if action == "identity.device_forgotten" and facts.get("trusted"):
        return "It is not trusted any more"
    if action == "identity.recovery_codes_renewed":
        return "Any older ones no longer work"
    if action == "identity.recovery_code_used" and "left" in facts:
        return f"{facts['left']} of {RECOVERY_CODES} are left"
    return ""
