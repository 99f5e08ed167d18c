"""Signing in is paused: why, until when, and how to get in now. The same for a name that nobody has."""

from datetime import datetime
from math import cos, pi, sin

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from milepost.plumbing import clock
from milepost.servicing.identity import queries
from milepost.web.shared import pages, sign_in as ours


@require_safe
@pages.public_page
def sign_in_locked(request: pages.PublicRequest) -> HttpResponse:
    pause = ours.pause_shown(request)
    at = clock.now()
    words = {
        "pause": pause,
        "what": pause.what.value if pause else "PASSWORD",
        "until": queries.told_minute(pause.until) if pause and pause.until else "",
        "minutes": _minutes(pause.until, at) if pause and pause.until else 0,
        "dial": _dial(_minutes(pause.until, at)) if pause and pause.until else "",
    }
    return pages.render(request, "account/sign_in_locked.html", words)


def _minutes(until: datetime, at: datetime) -> int:
    return max(1, -(-int((until - at).total_seconds()) // 60))


def _dial(minutes: int) -> tuple[str, str, str]:
    """What is left of an hour, back from the top of a dial: the arc's path, and where its end is."""
    angle = 2 * pi * min(minutes, 59) / 60
    x, y = f"{100 - 84 * sin(angle):.1f}", f"{100 - 84 * cos(angle):.1f}"
    return f"M{x} {y}A84 84 0 {int(minutes > 30)} 1 100 16", x, y
