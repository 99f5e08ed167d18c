"""Names and contacts of many at once: as `correct_contacts` does one, in a number of statements that does not grow."""

from datetime import UTC, date, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from milepost.plumbing.actor import Actor
from milepost.plumbing.transactions import transaction
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Challenge, ContactPoint, User
from milepost.servicing.identity.operations import NewUser
from tests.support import people

AT, ON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC), date(2026, 11, 22)
SYSTEM = Actor.system("test")


def correct(new: dict[int, NewUser]) -> set[int]:
    with transaction():
        return operations.correct_many_contacts(people=new, on=ON, actor=SYSTEM, at=AT)


def nameless(count: int) -> list[int]:
    with transaction():
        return list(operations.take_in(users=[NewUser()] * count, valid_from=ON))


def test_everyone_gets_a_name_an_email_and_a_phone(db: None) -> None:
    ids = nameless(3)
    new = {
        user_id: NewUser(f"Mali {place}", f"Mali{place}@example.com", "07700 900111")
        for place, user_id in enumerate(ids)
    }
    assert correct(new) == set(ids)
    assert User.objects.get(id=ids[2]).full_name == "Mali 2"
    assert ContactPoint.objects.get(user_id=ids[1], kind="EMAIL").folded == "mali1@example.com"
    assert ContactPoint.objects.filter(user_id__in=ids).count() == 6
    assert Event.objects.get(action="identity.contacts_given").facts["people"] == 3


def test_the_new_address_takes_the_place_of_the_old_and_ends_its_invitation(db: None) -> None:
    ada = people.imported()
    operations.invite(user_id=ada.id, at=AT, actor=SYSTEM)
    assert correct({ada.id: NewUser("Ada Lowe", "ada@new.example")}) == {ada.id}
    values = [contact.value for contact in queries.contacts(ada.id, on_file=True)]
    assert values == ["07700 900412", "ada@new.example"]
    assert Challenge.objects.get().voided_at == AT


def test_the_same_again_adds_nothing(db: None) -> None:
    [user_id] = nameless(1)
    for _ in range(2):
        correct({user_id: NewUser("Mali", "mali@example.com", "07700 900111")})
    assert ContactPoint.objects.filter(user_id=user_id).count() == 2


def test_who_has_joined_is_left_alone(priya: User) -> None:
    assert correct({priya.id: NewUser("Eve", "eve@example.com")}) == set()
    assert people.EMAIL in [contact.value for contact in queries.contacts(priya.id)]
    assert not Event.objects.filter(action="identity.contacts_given").exists()


def test_as_many_statements_for_a_hundred_as_for_two(db: None) -> None:
    counts = []
    for count in (2, 100):
        new = {user_id: NewUser("Mali", f"mali{user_id}@example.com", "07700 900111") for user_id in nameless(count)}
        with CaptureQueriesContext(connection) as captured:
            correct(new)
        counts.append(len(captured))
    assert counts[0] == counts[1]
