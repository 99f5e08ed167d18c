"""Recovery codes: ten, shown once, each used once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from milepost.demo.models import OutboxMessage
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import access, operations, queries
from milepost.servicing.identity.models import Challenge, RecoveryCode, User
from milepost.servicing.identity.states import (
    RECOVERY_HANDLE,
    RECOVERY_LENGTH,
    RECOVERY_SIGNS,
    ChallengeKind,
    Purpose,
)
from tests.support import people, queue
from tests.support.database_clone import DatabaseClone

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def ask(user: User, secret: str = "s" * 43) -> int:
    challenge_id = operations.start_challenge(user_id=user.id, purpose=Purpose.SIGN_IN, session_secret=secret, at=AT)
    return operations.send_another(challenge_id=challenge_id, session_secret=secret, at=AT, kind=ChallengeKind.RECOVERY)


def check(user: User, challenge_id: int, typed: str, secret: str = "s" * 43) -> None:
    operations.check_code(
        challenge_id=challenge_id, session_secret=secret, typed=typed, subject=queries.guess_subject("", user.id), at=AT
    )


def test_there_are_ten_of_sixty_five_secret_bits(priya: User) -> None:
    codes = operations.renew_recovery_codes(user_id=priya.id, at=AT)
    assert len(set(codes)) == 10
    assert all(len(code) == 19 for code in codes)
    assert (RECOVERY_LENGTH - RECOVERY_HANDLE) * (len(RECOVERY_SIGNS).bit_length() - 1) == 65


def test_the_table_holds_password_hashes_and_no_code(priya: User) -> None:
    codes = [code.replace("-", "") for code in operations.renew_recovery_codes(user_id=priya.id, at=AT)]
    for row in RecoveryCode.objects.all():
        assert "argon2id" in row.code_hash
        assert not any(code[RECOVERY_HANDLE:] in row.code_hash for code in codes)
    assert {row.handle for row in RecoveryCode.objects.all()} == {code[:RECOVERY_HANDLE] for code in codes}


def test_each_works_once_however_it_is_typed(priya: User) -> None:
    codes = operations.renew_recovery_codes(user_id=priya.id, at=AT)
    check(priya, ask(priya), codes[0].lower().replace("-", " "))
    with pytest.raises(operations.WrongCode, match="not one of your recovery codes"):
        check(priya, ask(priya), codes[0])
    check(priya, ask(priya), codes[1])
    assert access.second_steps(priya.id).codes_left == 8


def test_a_wrong_one_spends_nothing_and_counts(priya: User) -> None:
    codes = operations.renew_recovery_codes(user_id=priya.id, at=AT)
    challenge_id = ask(priya)
    for number in range(5):
        with pytest.raises(operations.Paused if number == 4 else operations.WrongCode):
            check(priya, challenge_id, codes[0][:-1])
    with pytest.raises(operations.Paused):
        check(priya, challenge_id, codes[0])
    assert access.second_steps(priya.id).codes_left == 10


def test_new_ones_end_the_old_ones(priya: User) -> None:
    old = operations.renew_recovery_codes(user_id=priya.id, at=AT)
    new = operations.renew_recovery_codes(user_id=priya.id, at=AT)
    with pytest.raises(operations.WrongCode):
        check(priya, ask(priya), old[0])
    check(priya, ask(priya), new[0])


def test_somebody_elses_is_wrong(priya: User) -> None:
    stranger = people.joined(name="Tom Reed", email="tom.reed@example.com", phone="+447700900777")
    operations.renew_recovery_codes(user_id=priya.id, at=AT)
    theirs = operations.renew_recovery_codes(user_id=stranger.id, at=AT)
    with pytest.raises(operations.WrongCode):
        check(priya, ask(priya), theirs[0])


def test_making_and_using_are_written_down_and_told_everywhere(priya: User) -> None:
    codes = operations.renew_recovery_codes(user_id=priya.id, at=AT)
    check(priya, ask(priya), codes[0])
    queue.run_waiting()
    for words in ("ten new recovery codes", "ne of your recovery codes was used; 9 of 10 are left"):
        told = OutboxMessage.objects.filter(body__contains=words)
        assert set(told.values_list("to", flat=True)) == {people.EMAIL, people.PHONE}, words
    actions = Event.objects.filter(action__contains="recovery").values_list("action", flat=True)
    assert sorted(actions) == ["identity.recovery_code_used", "identity.recovery_codes_renewed"]
    written = str(list(Event.objects.values_list("facts", flat=True)))
    assert not any(code in written or code.replace("-", "") in written for code in codes)


def test_without_any_the_way_is_not_offered(priya: User) -> None:
    assert ChallengeKind.RECOVERY not in [way.kind for way in access.ways(priya.id, Purpose.SIGN_IN)]
    with pytest.raises(operations.NoWayToReach):
        ask(priya)


def test_forty_at_once_are_one(database_clone: DatabaseClone) -> None:
    user = people.joined()
    code = operations.renew_recovery_codes(user_id=user.id, at=AT)[0]
    made = [(ask(user, f"{number:043}"), f"{number:043}") for number in range(40)]

    def use(challenge_id: int, secret: str) -> Callable[[], None]:
        return lambda: check(user, challenge_id, code, secret)

    answers = database_clone.at_once(*(use(*each) for each in made))
    assert answers.count(None) == 1
    assert Challenge.objects.filter(spent_at__isnull=False).count() == 1
    assert access.second_steps(user.id).codes_left == 9
