"""This wasn't me."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.demo.models import OutboxMessage
from milepost.plumbing.actor import Actor
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Device, User
from milepost.servicing.identity.operations import send_code, send_reset_links
from milepost.servicing.identity.states import ChallengeKind, GuessKind, Purpose
from tests.support import apps, people, queue

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
NEW = "violet kettle mountain"


def freeze(user: User, at: datetime = AT) -> None:
    operations.freeze_sign_in(user_id=user.id, actor=Actor.customer(user.id), at=at, about=17)


def record(user: User, tokens: list[str]) -> str | None:
    return operations.record_sign_in(
        user_id=user.id, tokens=tokens, second_step="TEXT", trust=True, device_words="Firefox", address=None, at=AT
    )


def test_sessions_end_devices_are_forgotten_and_every_address_is_told_once(priya: User) -> None:
    token = record(priya, [])
    before = priya.get_session_auth_hash()
    freeze(priya)
    freeze(priya, LATER)
    frozen = User.objects.get(id=priya.id)
    assert frozen.frozen_at == AT
    assert frozen.get_session_auth_hash() != before
    assert not queries.device_is_trusted(priya.id, [token or ""], AT)
    assert queries.known_device(priya.id, [token or ""]) is None
    assert Device.objects.get().revoked_at == AT
    queue.run_waiting()
    told = OutboxMessage.objects.filter(body__contains="frozen") | OutboxMessage.objects.filter(
        body__contains="nobody can sign in"
    )
    assert sorted(row.to for row in told) == sorted([people.EMAIL, people.PHONE])
    assert Event.objects.get(action="identity.sign_in_frozen").facts == {"about": 17}


def test_no_password_is_looked_at_and_the_right_one_is_wrong(priya: User) -> None:
    freeze(priya)
    with pytest.raises(operations.Paused) as paused:
        operations.spend_guess(subject=f"user:{priya.id}", kind=GuessKind.PASSWORD, at=AT + timedelta(days=90))
    assert paused.value.until is None
    with pytest.raises(operations.WrongPassword):
        operations.check_password(user_id=priya.id, password=people.PASSWORD, subject="x", at=AT)


def test_whoever_was_between_the_steps_gets_no_further(priya: User) -> None:
    challenge = operations.start_challenge(user_id=priya.id, purpose=Purpose.SIGN_IN, session_secret="s" * 43, at=AT)
    send_code(key="k", challenge_id=challenge, at=AT)
    code = people.sent_code(people.PHONE)
    freeze(priya)
    with pytest.raises(operations.WrongCode):
        operations.check_code(challenge_id=challenge, session_secret="s" * 43, typed=code, subject="x", at=AT)
    with pytest.raises(operations.NoWayToReach):
        operations.send_another(challenge_id=challenge, session_secret="s" * 43, at=LATER)
    with pytest.raises(operations.NoWayToReach):
        operations.start_challenge(user_id=priya.id, purpose=Purpose.SIGN_IN, session_secret="t" * 43, at=LATER)
    with pytest.raises(operations.Paused):
        record(priya, [])


@pytest.mark.parametrize("kind", [ChallengeKind.APP, ChallengeKind.RECOVERY])
def test_neither_the_app_nor_a_recovery_code_opens_what_was_asked_before(priya: User, kind: ChallengeKind) -> None:
    apps.add(priya, AT - timedelta(minutes=10))
    paper = operations.renew_recovery_codes(user_id=priya.id, at=AT)
    first = operations.start_challenge(user_id=priya.id, purpose=Purpose.SIGN_IN, session_secret="s" * 43, at=AT)
    asked = operations.send_another(challenge_id=first, session_secret="s" * 43, kind=kind, at=AT)
    freeze(priya)
    code = apps.shown(AT) if kind is ChallengeKind.APP else paper[0]
    with pytest.raises(operations.WrongCode):
        operations.check_code(challenge_id=asked, session_secret="s" * 43, typed=code, subject="x", at=AT)
    with pytest.raises(operations.NoWayToReach):
        operations.send_another(challenge_id=asked, session_secret="s" * 43, at=LATER)


def test_a_link_asked_for_before_is_closed_and_one_asked_for_after_thaws(priya: User) -> None:
    send_reset_links(key="a", user_id=priya.id, at=AT)
    before = people.last_link(people.EMAIL).split("/")[2]
    freeze(priya)
    queue.run_waiting()
    with pytest.raises(operations.LinkClosed):
        operations.reset_password(token=before, password=NEW, at=AT)
    send_reset_links(key="b", user_id=priya.id, at=LATER)
    link = people.last_link(people.EMAIL).split("/")[2]
    operations.reset_password(token=link, password=NEW, at=LATER)
    assert User.objects.get(id=priya.id).frozen_at is None
    assert operations.spend_guess(subject=f"user:{priya.id}", kind=GuessKind.PASSWORD, at=LATER) is None
    operations.check_password(user_id=priya.id, password=NEW, subject=f"user:{priya.id}", at=LATER)


def test_nobody_else_is_frozen(priya: User) -> None:
    tom = people.joined(name="Tom", email="tom@example.com", phone="+447700900777")
    freeze(priya)
    operations.check_password(user_id=tom.id, password=people.PASSWORD, subject="x", at=AT)
