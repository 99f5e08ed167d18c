"""Counting guesses."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import GuessCounter
from milepost.servicing.identity.states import GuessKind
from tests.support import people
from tests.support.database_clone import DatabaseClone

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def spend(at: datetime, subject: str = "user:7") -> datetime | None:
    return operations.spend_guess(subject=subject, kind=GuessKind.PASSWORD, at=at)


def test_five_tries_and_then_waits_that_double_up_to_an_hour(db: None) -> None:
    assert [spend(AT) for _ in range(4)] == [None] * 4
    at, waits = AT, []
    for _ in range(8):
        until = spend(at)
        assert until is not None
        waits.append((until - at) // MINUTE)
        with pytest.raises(operations.Paused) as paused:
            spend(until - timedelta(seconds=1))
        assert paused.value.until == until
        at = until
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_hundred_are_enough_for_good_until_they_are_cleared(db: None) -> None:
    at = AT
    for _ in range(100):
        at = spend(at) or at
    with pytest.raises(operations.Paused) as paused:
        spend(at + timedelta(days=400))
    assert paused.value.until is None
    with transaction():
        operations.clear_guesses(subject="user:7", kind=GuessKind.PASSWORD)
    assert spend(at) is None


def test_clearing_a_person_clears_her_devices_only_when_asked_and_nobody_else(db: None) -> None:
    for subject in ("user:7", "user:7:device:1", "user:71", "user:71:device:1"):
        spend(AT, subject)
    with transaction():
        operations.clear_guesses(subject="user:7", kind=GuessKind.PASSWORD)
    assert GuessCounter.objects.count() == 3
    with transaction():
        operations.clear_guesses(subject="user:7", devices_too=True)
    assert set(GuessCounter.objects.values_list("subject", flat=True)) == {"user:71", "user:71:device:1"}


def test_a_name_that_nobody_has_is_kept_as_a_hash(db: None) -> None:
    subject = queries.guess_subject(" Nobody@Example.com ", None)
    assert subject == queries.guess_subject("nobody@example.com", None)
    assert "nobody" not in subject.removeprefix("name:")


@pytest.mark.parametrize("name", [people.EMAIL, "nobody.here@example.com"])
def test_of_forty_passwords_at_once_five_are_checked(
    database_clone: DatabaseClone, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from milepost.plumbing import passwords

    people.joined()
    checked = []
    monkeypatch.setattr(passwords.Hasher, "verify", lambda self, password, encoded: checked.append(password))

    def attempt(password: str) -> str:
        user_id = queries.user_id_for_login(name)
        subject = queries.guess_subject(name, user_id)
        operations.spend_guess(subject=subject, kind=GuessKind.PASSWORD, at=AT)
        operations.check_password(user_id=user_id, password=password, subject=subject, at=AT)
        return "in"

    answers = database_clone.at_once(*(lambda n=n: attempt(f"wrong {n}") for n in range(40)))
    assert len(checked) == 5
    assert sum(isinstance(answer, operations.Paused) for answer in answers) == 35
    assert sum(isinstance(answer, operations.WrongPassword) for answer in answers) == 5
