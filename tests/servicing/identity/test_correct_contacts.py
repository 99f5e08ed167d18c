"""Contacts that a tape corrects."""

from datetime import UTC, date, datetime

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Challenge, User
from tests.support import people

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")


def correct(user: User, email: str) -> bool:
    with transaction():
        return operations.correct_contacts(
            user_id=user.id, new=operations.NewUser("Ada Lowe", email, ""), on=date(2026, 11, 22), actor=SYSTEM, at=AT
        )


def test_the_new_address_takes_the_place_of_the_old_and_ends_its_invitation(db: None) -> None:
    ada = people.imported()
    operations.invite(user_id=ada.id, at=AT, actor=SYSTEM)
    assert correct(ada, "ada@new.example")
    values = [contact.value for contact in queries.contacts(ada.id, on_file=True)]
    assert values == ["07700 900412", "ada@new.example"]
    assert Challenge.objects.get().voided_at == AT


def test_once_she_has_joined_a_tape_changes_nothing(priya: User) -> None:
    assert not correct(priya, "eve@example.com")
    assert people.EMAIL in [contact.value for contact in queries.contacts(priya.id)]
