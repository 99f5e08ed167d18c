"""How django-allauth is made ours: who a name belongs to, what a try costs, and a second step it does not have.

Its login stages carry a half-finished sign-in through the session; counting, codes and devices are identity's.
"""

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import ua_parser
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows import login as login_flow
from allauth.account.models import Login
from allauth.account.stages import LoginStage
from django.conf import settings
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.backends import BaseBackend
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from milepost.plumbing import clock
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import User
from milepost.servicing.identity.states import ChallengeKind, GuessKind, Purpose
from milepost.web.shared import pages, second_step

DEVICE_COOKIE = "__Host-device"
LOGIN_COOKIE = "__Host-login"
COOKIE_AGE = 400 * 24 * 60 * 60
DEVICES_A_BROWSER = 4
"""People who share a browser, each with a device of her own in the one cookie."""

STAGE = "second_step"
_CODE = "second_step_code"
_TRUST = "second_step_trust"
_KIND = "second_step_kind"
_PAUSE = "paused"
INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Try:
    """A password that was typed: whose it would be, and on whom it is counted."""

    user_id: int | None
    subject: str
    paused_until: datetime | None
    """Until when, if it is wrong."""


@dataclass(frozen=True, slots=True)
class Pause:
    """What the page about a pause says. `until` is None where only a new password helps."""

    until: datetime | None
    what: GuessKind


class Backend(BaseBackend):
    """Passwords, for customers. Only Adapter.authenticate reaches it: it needs the try that was counted."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        counted: Try | None = getattr(request, "counted_try", None)
        if counted is None:
            return None
        try:
            operations.check_password(
                user_id=counted.user_id, password=credentials["password"], subject=counted.subject, at=clock.now()
            )
        except operations.WrongPassword:
            return None
        return self.get_user(cast(int, counted.user_id))

    def get_user(self, user_id: int) -> User | None:
        return queries.user_of(user_id)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's hooks. None of its own pages, messages or limits is used."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user with this name and password, or None. Raises Paused when the try must not be looked at, and Busy."""
        self.pre_authenticate(request, **credentials)
        found = authenticate(request, **credentials)
        if found is None:
            self.authentication_failed(request, **credentials)
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        typed, at = str(credentials["username"]), clock.now()
        user_id = queries.user_id_for_login(typed)
        device_id = queries.known_device(user_id or 0, device_tokens(request))
        subject = queries.guess_subject(typed, user_id, device_id)
        paused = operations.spend_guess(subject=subject, kind=GuessKind.PASSWORD, at=at)
        request.counted_try = Try(user_id, subject, paused)  # type: ignore[attr-defined]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        wrong = counted_try(request)
        operations.record_wrong_password(
            user_id=wrong.user_id,
            paused_until=wrong.paused_until,
            device_words=device_words(request),
            address=client_address(request),
            at=clock.now(),
        )

    def get_login_stages(self) -> list[str]:
        return [f"{SecondStep.__module__}.{SecondStep.__name__}"]

    def is_safe_url(self, url: str) -> bool:
        return own_path(url) is not None

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Somebody deactivated between two steps: back to the start, which answers her as nobody."""
        return HttpResponseRedirect(reverse(settings.LOGIN_URL))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse(settings.LOGIN_REDIRECT_URL)

    def post_login(self, request: HttpRequest, user: Any, *, redirect_url: str | None = None, **_: Any) -> HttpResponse:
        """Both steps are done: the session's limits start, and the sign-in is written down."""
        at, tokens = clock.now(), device_tokens(request)
        for kept in (_CODE, _PAUSE, INVITATION):
            request.session.pop(kept, None)
        try:
            token = operations.record_sign_in(
                user_id=user.id,
                tokens=tokens,
                second_step=request.session.pop(_KIND, "TRUSTED"),
                trust=request.session.pop(_TRUST, False),
                device_words=device_words(request),
                address=client_address(request),
                at=at,
                session_key=request.session.session_key or "",
            )
        except operations.Paused as frozen:
            logout(request)
            return pause(request, frozen.until, GuessKind.PASSWORD)
        pages.begin(request.session, at)
        response = HttpResponseRedirect(redirect_url or self.get_login_redirect_url(request))
        if token:
            keep_cookie(response, DEVICE_COOKIE, ".".join([token, *tokens][:DEVICES_A_BROWSER]))
        return response


class SecondStep(LoginStage):  # type: ignore[misc]
    """A code to something of hers, unless she trusts this device. Until it is given nobody is signed in."""

    key = STAGE
    urlname = "sign_in_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        at, user = clock.now(), cast(User, self.login.user)
        if queries.device_is_trusted(user.id, device_tokens(self.request), at):
            return None, True
        self.request.session.cycle_key()
        secret = secrets.token_urlsafe(32)
        try:
            challenge_id = operations.start_challenge(
                user_id=user.id, purpose=Purpose.SIGN_IN, session_secret=secret, at=at,
                device_words=device_words(self.request),
            )  # fmt: skip
        except operations.NoWayToReach:
            challenge_id = 0
        self.request.session[_CODE] = [challenge_id, secret]
        return HttpResponseRedirect(reverse(self.urlname)), True

    @property
    def pending(self) -> queries.PendingChallenge | None:
        """The code that this session waits for; None when it is too old, or there is no way to send one."""
        challenge_id, secret = self._held()
        found = queries.pending_challenge(challenge_id, secret, clock.now())
        return found if found and found.user_id == self.user_id else None

    @property
    def user_id(self) -> int:
        return int(cast(User, self.login.user).id)

    def send_another(self, kind: ChallengeKind | None = None, contact_id: int | None = None) -> None:
        """A new code, by another way if one is named. Raises TooSoon, NoWayToReach."""
        challenge_id, secret = self._held()
        renewed = operations.send_another(
            challenge_id=challenge_id, session_secret=secret, kind=kind, contact_id=contact_id, at=clock.now()
        )
        self.request.session[_CODE] = [renewed, secret]

    def answer(self, typed: str, trust: bool, kind: str) -> HttpResponse:
        """Sign her in, when the code is the one; `kind` is that of the pending one. Raises WrongCode, Paused, Busy."""
        challenge_id, secret = self._held()
        device_id = queries.known_device(self.user_id, device_tokens(self.request))
        at = clock.now()
        operations.check_code(
            challenge_id=challenge_id,
            session_secret=secret,
            typed=typed,
            subject=queries.guess_subject("", self.user_id, device_id),
            at=at,
            device_words=device_words(self.request),
        )
        second_step.record(self.request.session, kind, at)
        login_flow.record_authentication(self.request, self.login.user, STAGE, kind=kind)
        self.request.session[_TRUST], self.request.session[_KIND] = trust, kind
        return cast(HttpResponse, self.exit())

    def start_again(self) -> HttpResponse:
        """Forget the half-finished sign-in."""
        self.request.session.flush()
        return cast(HttpResponse, self.abort())

    def _held(self) -> tuple[int, str]:
        challenge_id, secret = self.request.session.get(_CODE, (0, ""))
        return challenge_id, secret


def password_step(request: HttpRequest, user: User, wanted: str | None) -> HttpResponse:
    """The password was right: on to the second step, or in. `wanted` is a path of ours to go to in the end."""
    login = Login(user=user, redirect_url=wanted)
    return cast(HttpResponse, login_flow.perform_password_login(request, {}, login))


def stay(request: HttpRequest, user_id: int, epoch: int) -> None:
    """This session alone goes on after the others were ended: under a new key, and with the epoch of that moment.

    Not with the present one: whoever froze the sign-in meanwhile has ended this session too.
    """
    user = queries.user_of(user_id)
    if user is None:
        return
    user.session_epoch = epoch
    before = request.session.session_key or ""
    update_session_auth_hash(request, user)
    operations.follow_session(user_id=user_id, before=before, after=request.session.session_key or "")


def renew_key(request: HttpRequest, user_id: int) -> None:
    """This session goes on under a new key, and is still known as the one that her sign-in began."""
    before = request.session.session_key or ""
    request.session.cycle_key()
    operations.follow_session(user_id=user_id, before=before, after=request.session.session_key or "")


def counted_try(request: HttpRequest) -> Try:
    """The try that this request was."""
    return cast(Try, request.counted_try)  # type: ignore[attr-defined]


def pause(request: HttpRequest, until: datetime | None, what: GuessKind) -> HttpResponse:
    """To the page that says why, until when, and how to get in now: the same for a name that nobody has."""
    request.session[_PAUSE] = [until.isoformat() if until else "", what.value]
    return HttpResponseRedirect(reverse("sign_in_locked"))


def pause_shown(request: HttpRequest) -> Pause | None:
    """What that page is about, if this browser has just met a pause that still lasts."""
    until, what = request.session.get(_PAUSE, (None, ""))
    if until is None:
        return None
    moment = datetime.fromisoformat(until) if until else None
    return Pause(moment, GuessKind(what)) if moment is None or moment > clock.now() else None


def own_path(wanted: str | None) -> str | None:
    """A path of ours to go to after signing in, or None: nothing leads to another site."""
    if not wanted or not wanted.startswith("/") or len(wanted) > 2000:
        return None
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) or wanted.startswith(
        (reverse("account_logout"), "/demo/")
    ):
        return None
    return wanted


def device_tokens(request: HttpRequest) -> list[str]:
    """The tokens of this browser's device cookie: of everybody who has signed in on it."""
    tokens = request.COOKIES.get(DEVICE_COOKIE, "").split(".")[:DEVICES_A_BROWSER]
    return [token for token in tokens if 20 <= len(token) <= 60]


def keep_cookie(response: HttpResponse, name: str, value: str) -> None:
    """A cookie for this host and for the server alone; an empty value removes it."""
    response.set_cookie(
        name, value, max_age=COOKIE_AGE if value else 0, path="/", secure=True, httponly=True, samesite="Lax"
    )


def remembered_login(request: HttpRequest) -> str:
    """What this device was told to fill in at sign-in. It lets nobody in."""
    try:
        return str(signing.loads(request.COOKIES.get(LOGIN_COOKIE, ""), salt=LOGIN_COOKIE))
    except signing.BadSignature:
        return ""


def remember_login(response: HttpResponse, typed: str) -> None:
    """Fill this in next time on this device; nothing to forget it."""
    keep_cookie(response, LOGIN_COOKIE, signing.dumps(typed, salt=LOGIN_COOKIE) if typed else "")


def forget_unreadable_cookies(request: HttpRequest, response: HttpResponse) -> None:
    """Rid the browser of a cookie of ours that says nothing: cut short, tampered with, or signed with an old key."""
    if request.COOKIES.get(LOGIN_COOKIE) and not remembered_login(request):
        keep_cookie(response, LOGIN_COOKIE, "")
    if request.COOKIES.get(DEVICE_COOKIE) and not device_tokens(request):
        keep_cookie(response, DEVICE_COOKIE, "")


def client_address(request: HttpRequest) -> str | None:
    """Where the request comes from: what the last proxy that is not ours saw, never what a client claims."""
    seen = [request.META.get("REMOTE_ADDR", "")]
    if settings.PROXY_COUNT > 0:
        claimed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        seen = claimed[-settings.PROXY_COUNT :] or seen
    try:
        return str(ipaddress.ip_address(seen[0]))
    except ValueError:
        return None


def device_words(request: HttpRequest) -> str:
    """Chrome on Windows: how a device is called in e-mails and lists."""
    agent = request.headers.get("User-Agent", "")[:500]
    browser, system = ua_parser.parse_user_agent(agent), ua_parser.parse_os(agent)
    name = (
        browser.family.replace("Mobile Safari", "Safari").replace("Chrome Mobile", "Chrome") if browser else "a browser"
    )
    where = {"Mac OS X": "Mac", "iOS": "iPhone or iPad"}.get(system.family, system.family) if system else ""
    return f"{name} on {where}"[:80] if where else f"{name}"[:80]
