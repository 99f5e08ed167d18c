"""How fresh somebody's second step is, and asking for another before she changes what protects her account."""

import secrets
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from milepost.plumbing import clock
from milepost.servicing.identity import access, operations
from milepost.servicing.identity.states import ChallengeKind, Purpose
from milepost.web.shared import pages

FRESH = timedelta(minutes=5)
_DONE = "second_step_done"
ASKED = "change_to_confirm"
"""In the session: the challenge, its secret, and what she wants to do."""


def record(session: SessionBase, kind: str, at: datetime) -> None:
    """She has just given a code of this kind."""
    session[_DONE] = [int(at.timestamp()), kind]


def is_fresh(request: pages.CustomerRequest) -> bool:
    """Did she give a code here in the last five minutes, of a kind as good as any she has?"""
    second, kind = request.session.get(_DONE, (0, ""))
    if not kind or int(clock.now().timestamp()) - second >= FRESH.total_seconds():
        return False
    return access.may_confirm_changes(request.user.id, ChallengeKind(kind))


def ask_first(request: pages.CustomerRequest, act: str) -> HttpResponse:
    """To the page that asks for a code, and does `act` when it has one."""
    secret = secrets.token_urlsafe(32)
    try:
        challenge_id = operations.start_challenge(
            user_id=request.user.id, purpose=Purpose.CONFIRM_CHANGE, session_secret=secret, at=clock.now()
        )
    except operations.NoWayToReach:
        challenge_id = 0
    request.session[ASKED] = [challenge_id, secret, act]
    return HttpResponseRedirect(reverse("confirm_change"))
