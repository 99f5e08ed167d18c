"""Codes, under forty hands at once."""

from datetime import UTC, datetime, timedelta

import pytest

from milepost.demo.models import OutboxMessage
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Challenge, User
from milepost.servicing.identity.states import Purpose
from tests.support import people
from tests.support.database_clone import DatabaseClone

SECRET = "s" * 43


def ask(user: User, secret: str = SECRET) -> tuple[int, str]:
    at = datetime.now(UTC)
    challenge_id = operations.start_challenge(user_id=user.id, purpose=Purpose.SIGN_IN, session_secret=secret, at=at)
    return challenge_id, people.last_code()


def check(challenge_id: int, typed: str, user: User, secret: str = SECRET) -> None:
    operations.check_code(
        challenge_id=challenge_id, session_secret=secret, typed=typed,
        subject=queries.guess_subject("", user.id), at=datetime.now(UTC),
    )  # fmt: skip


def test_it_works_once_in_its_own_session(priya: User) -> None:
    challenge_id, code = ask(priya)
    with pytest.raises(operations.WrongCode):
        check(challenge_id, code, priya, "another session")
    check(challenge_id, code, priya)
    with pytest.raises(operations.WrongCode):
        check(challenge_id, code, priya)


def test_a_newer_one_of_the_session_ends_it(priya: User) -> None:
    challenge_id, code = ask(priya)
    ask(priya)
    assert Challenge.objects.get(id=challenge_id).voided_at
    with pytest.raises(operations.WrongCode):
        check(challenge_id, code, priya)


def test_one_for_another_purpose_proves_nothing(priya: User) -> None:
    challenge_id, _ = ask(priya)
    assert queries.pending_challenge(challenge_id, SECRET, datetime.now(UTC)) is not None
    assert queries.pending_challenge(challenge_id, "another", datetime.now(UTC)) is None
    assert queries.invitation_of(challenge_id, datetime.now(UTC)) is None


def test_a_job_run_twice_sends_once_and_one_that_died_makes_a_new_code(priya: User) -> None:
    challenge_id, _ = ask(priya)
    at = datetime.now(UTC)
    operations.send_code(key=f"challenge:{challenge_id}", challenge_id=challenge_id, at=at)
    assert OutboxMessage.objects.count() == 1
    operations.send_code(key="challenge:0", challenge_id=0, at=at)
    other = operations.start_challenge(user_id=priya.id, purpose=Purpose.SIGN_IN, session_secret="t" * 43, at=at)
    operations.send_code(key=f"challenge:{other}", challenge_id=other, at=at + timedelta(minutes=11))
    assert Challenge.objects.get(id=other).code_hash == ""


def test_forty_at_once_are_five_and_the_right_one_signs_in_once(
    database_clone: DatabaseClone, settings: object
) -> None:
    user = people.joined()
    challenge_id, code = ask(user)
    answers = database_clone.at_once(*(lambda: check(challenge_id, code, user) for _ in range(40)))
    assert answers.count(None) == 1
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    renewed, _ = ask(user)
    answers = database_clone.at_once(*(lambda: check(renewed, wrong, user) for _ in range(40)))
    looked_at = [answer for answer in answers if isinstance(answer, operations.WrongCode)]
    assert len(looked_at) <= 4
    assert len(answers) - len(looked_at) == sum(isinstance(answer, operations.Paused) for answer in answers)
