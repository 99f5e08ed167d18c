"""Taking up an invitation: what must be proved, and in which session."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.plumbing.actor import Actor
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import ContactPoint, User
from tests.support import people

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECRET = "s" * 43
ADA = "ada.lowe@example.com"


@pytest.fixture
def ada(db: None) -> User:
    return people.imported()


def accept(invitation_id: int, *, secret: str = SECRET, email: str = ADA, at: datetime = AT) -> None:
    operations.accept_invitation(
        invitation_id=invitation_id, session_secret=secret, email=email, password="window lantern gravel", at=at
    )


def invited(user: User) -> int:
    return operations.invite(user_id=user.id, at=AT, actor=Actor.system("test"))


def test_it_needs_the_second_channel_in_the_same_session(ada: User) -> None:
    made = invited(ada)
    with pytest.raises(operations.NotProved):
        accept(made)
    operations.record_facts_check(user_id=ada.id, session_secret="another", at=AT)
    with pytest.raises(operations.NotProved):
        accept(made)
    operations.record_facts_check(user_id=ada.id, session_secret=SECRET, at=AT)
    accept(made)
    assert User.objects.get(id=ada.id).joined_at == AT
    assert ContactPoint.objects.get(user=ada, kind="EMAIL").verified_at == AT
    assert ContactPoint.objects.get(user=ada, kind="PHONE").verified_at is None


def test_another_email_must_have_sent_its_code_back(ada: User) -> None:
    made = invited(ada)
    operations.record_facts_check(user_id=ada.id, session_secret=SECRET, at=AT)
    with pytest.raises(operations.NotProved):
        accept(made, email="somebody@else.example")
    assert not ContactPoint.objects.filter(folded="somebody@else.example").exists()


def test_it_works_once_and_not_too_late(ada: User) -> None:
    made = invited(ada)
    operations.record_facts_check(user_id=ada.id, session_secret=SECRET, at=AT)
    with pytest.raises(operations.InvitationClosed):
        accept(made, at=AT + timedelta(days=21))
    accept(made)
    with pytest.raises(operations.InvitationClosed):
        accept(made)
