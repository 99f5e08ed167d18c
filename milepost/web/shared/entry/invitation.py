"""First access: an invitation's code, a second channel, an e-mail, a password.

What was done so far is in the session, as ids; what was proved is read from the challenges when she accepts.
"""

import secrets
from typing import Any, cast

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from milepost.plumbing import clock, lender
from milepost.plumbing.errors import Refusal, Unavailable
from milepost.servicing.agreements import queries as agreements
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.states import ChallengeKind, ContactKind, GuessKind, Purpose, is_email
from milepost.web.shared import pages, sign_in as ours
from milepost.web.shared.entry import invitation_start, new_password
from milepost.web.shared.entry.typed import TypedForm

KEPT = ours.INVITATION


class InvitationForm(TypedForm):
    code = forms.CharField(max_length=100, error_messages={"required": "Enter the code from our email or letter"})


class CheckForm(TypedForm):
    code = forms.CharField(max_length=100, error_messages={"required": "Enter the code we sent you"})


class EmailForm(TypedForm):
    email = forms.CharField(max_length=254, error_messages={"required": "Enter your email"})

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip()
        if not is_email(email):
            raise forms.ValidationError("Enter an email address, like name@example.com")
        return email


class PasswordForm(TypedForm):
    password = forms.CharField(max_length=2000, strip=False, error_messages={"required": "Choose a password"})


@sensitive_post_parameters("password", "code")
@pages.public_page
def invitation(request: pages.PublicRequest) -> HttpResponse:
    """One address, the step that comes next on it."""
    if request.POST.get("act") == "start-again":
        request.session.pop(KEPT, None)
        return _onwards()
    kept = request.session.get(KEPT)
    if not kept:
        return _code_step(request)
    if kept.get("done"):
        request.session.pop(KEPT)
        return pages.render(request, "account/invitation_done.html", {"email": kept["email"]})
    opened = queries.invitation_of(kept["id"], clock.now())
    if opened is None:
        request.session.pop(KEPT)
        return pages.render(request, "account/invitation_closed.html", {}, status=410)
    if not kept.get("checked"):
        return _check_step(request, kept, opened)
    if not kept.get("email_proved"):
        return _email_step(request, kept, opened)
    return _password_step(request, kept, opened)


@pages.public_page
def invitation_link(request: pages.PublicRequest, token: str) -> HttpResponse:
    """The link of an invitation's e-mail. GET shows a button and spends nothing: mail scanners open every link."""
    opened = queries.open_invitation(token, clock.now())
    if opened is None:
        return pages.render(request, "account/invitation_closed.html", {}, status=410)
    if request.method == "POST":
        return _begin(request, opened)
    return pages.render(request, "account/invitation_link.html", {"name": opened.full_name})


def _code_step(request: pages.PublicRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        opened = queries.open_invitation(form.cleaned_data["code"], clock.now())
        if opened:
            return _begin(request, opened)
        form.add_error(
            "code", "This is not the code of an open invitation. Look for the newest one, or ask for a new one."
        )
    return pages.render(request, "account/invitation.html", {"form": form})


def _begin(request: pages.PublicRequest, opened: queries.OpenInvitation) -> HttpResponse:
    request.session.cycle_key()
    request.session[KEPT] = {"id": opened.id, "secret": secrets.token_urlsafe(32), "check": 0}
    return _onwards()


def _check_step(request: pages.PublicRequest, kept: dict[str, Any], opened: queries.OpenInvitation) -> HttpResponse:
    """The second channel: a code to another contact on file; facts of the agreement where there is none."""
    other = [way for way in queries.contacts(opened.user_id, on_file=True) if way.id != opened.contact_id]
    if not other:
        return _facts_step(request, kept, opened)
    pending = queries.pending_challenge(kept["check"], kept["secret"], clock.now())
    if pending is None:
        pending = _ask(request, opened.user_id, Purpose.INVITATION_CHECK, other[0].id)
    if pending is None or (request.method == "POST" and pending.id != kept["check"]):
        return _onwards()
    answer = _answer_code(request, pending, "checked")
    if isinstance(answer, HttpResponse):
        return answer
    return pages.render(request, "account/invitation_check.html", {**answer, "step": 2})


def _facts_step(request: pages.PublicRequest, kept: dict[str, Any], opened: queries.OpenInvitation) -> HttpResponse:
    form = invitation_start.FactsForm(request.POST or None)
    if form.is_valid():
        at, subject = clock.now(), queries.guess_subject("", opened.user_id)
        try:
            operations.spend_guess(subject=subject, kind=GuessKind.INVITATION, at=at)
        except operations.Paused as paused:
            return ours.pause(request, paused.until, GuessKind.INVITATION)
        facts = form.cleaned_data
        if agreements.user_for_invitation(facts["agreement"], facts["birth_date"], facts["postcode"]) == opened.user_id:
            operations.record_facts_check(user_id=opened.user_id, session_secret=kept["secret"], at=at)
            return _keep(request, checked=True)
        form.add_error(None, "These are not what your agreement says. Check each of them.")
    return pages.render(request, "account/invitation_facts.html", {"form": form, "step": 2})


def _email_step(request: pages.PublicRequest, kept: dict[str, Any], opened: queries.OpenInvitation) -> HttpResponse:
    """Which e-mail she signs in with. One that no code has come back from yet gets one."""
    pending = queries.pending_challenge(kept["check"], kept["secret"], clock.now())
    if pending and pending.purpose is Purpose.CONFIRM_EMAIL:
        answer = _answer_code(request, pending, "email_proved")
        if isinstance(answer, HttpResponse):
            return answer
        return pages.render(request, "account/invitation_check.html", {**answer, "step": 3})
    known = {way.id: way for way in queries.contacts(opened.user_id, on_file=True)}
    shown = [*kept.get("proved", []), *([opened.contact_id] if opened.kind is ChallengeKind.EMAIL else [])]
    proved = [known[way].value for way in shown if way in known and known[way].kind is ContactKind.EMAIL]
    form = EmailForm(request.POST or None, initial={"email": proved[0] if proved else ""})
    if form.is_valid():
        email = form.cleaned_data["email"]
        if email.casefold() in (address.casefold() for address in proved):
            return _keep(request, email=email, email_proved=True)
        _keep(request, email=email)
        _ask(request, opened.user_id, Purpose.CONFIRM_EMAIL, None, email)
        return _onwards()
    return pages.render(request, "account/invitation_email.html", {"form": form, "step": 3})


def _password_step(request: pages.PublicRequest, kept: dict[str, Any], opened: queries.OpenInvitation) -> HttpResponse:
    form, busy = PasswordForm(request.POST or None), False
    phone = next((way for way in queries.contacts(opened.user_id, on_file=True) if way.id in kept.get("proved", [])
                  and way.challenge_kind is ChallengeKind.TEXT), None)  # fmt: skip
    if form.is_valid():
        try:
            operations.accept_invitation(
                invitation_id=opened.id,
                session_secret=kept["secret"],
                email=kept["email"],
                password=form.cleaned_data["password"],
                at=clock.now(),
                words=new_password.known_of(opened.user_id),
            )
        except operations.EmailTaken as refusal:
            _keep(request, email_proved=False, check=0)
            return pages.render(
                request, "account/invitation_email.html", {"form": _email_refused(kept, refusal), "step": 3}
            )
        except (Refusal, Unavailable) as refusal:
            form.add_error("password", str(refusal))
            busy = isinstance(refusal, Unavailable)
        else:
            return _keep(request, done=True)
    rules = lender.current().security
    shortest = rules.password_minimum_with_second_step if phone else rules.password_minimum
    words = {"form": form, "step": 4, "shortest": shortest, "phone": phone, "email": kept["email"]}
    drawn = pages.render(request, "account/invitation_password.html", words)
    return new_password.busy(drawn) if busy else drawn


def _answer_code(
    request: pages.PublicRequest, pending: queries.PendingChallenge, flag: str
) -> HttpResponse | dict[str, Any]:
    """What a page with a code does: takes it, sends a new one, or says what its template needs."""
    kept, at = request.session[KEPT], clock.now()
    act = request.POST.get("act", "")
    form = CheckForm(request.POST if request.method == "POST" and not act else None)
    refused = ""
    if act == "again":
        try:
            renewed = operations.send_another(challenge_id=pending.id, session_secret=kept["secret"], at=at)
            return _keep(request, check=renewed)
        except Refusal as refusal:
            refused = str(refusal)
    if act == "change":
        return _keep(request, check=0)
    if form.is_valid():
        try:
            operations.check_code(
                challenge_id=pending.id,
                session_secret=kept["secret"],
                typed=form.cleaned_data["code"],
                subject=queries.guess_subject("", pending.user_id),
                at=at,
            )
        except operations.WrongCode as refusal:
            form.add_error("code", str(refusal))
        except operations.Paused as paused:
            return ours.pause(request, paused.until, GuessKind.CODE)
        else:
            proved = [*kept.get("proved", []), *([pending.contact_id] if pending.contact_id else [])]
            return _keep(request, proved=proved, check=0, **{flag: True})
    return {"form": form, "pending": pending, "refused": refused, "can_send": pending.again_at <= at}


def _ask(
    request: pages.PublicRequest, user_id: int, purpose: Purpose, contact_id: int | None, email: str = ""
) -> queries.PendingChallenge | None:
    """Send a code, and remember which."""
    secret, at = request.session[KEPT]["secret"], clock.now()
    check = operations.start_challenge(
        user_id=user_id, purpose=purpose, session_secret=secret, at=at, contact_id=contact_id, new_address=email
    )
    _keep(request, check=check)
    return queries.pending_challenge(check, secret, at)


def _keep(request: pages.PublicRequest, **words: Any) -> HttpResponse:
    request.session[KEPT] = {**request.session[KEPT], **words}
    return _onwards()


def _email_refused(kept: dict[str, Any], refusal: Refusal) -> EmailForm:
    form = EmailForm({"email": kept["email"]})
    form.add_error("email", str(refusal))
    return form


def _onwards() -> HttpResponse:
    return cast(HttpResponse, HttpResponseRedirect(reverse("invitation")))
