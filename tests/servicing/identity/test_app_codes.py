"""Codes of authenticator apps: as the standard says, once each, under keys that change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from milepost.plumbing import sealing
from milepost.servicing.identity import operations, queries
from milepost.servicing.identity.models import Challenge, Factor, User
from milepost.servicing.identity.states import Purpose, app_code, app_step_of
from tests.support import apps, people
from tests.support.database_clone import DatabaseClone

AT = datetime(2026, 11, 22, 9, 30, 0, tzinfo=UTC)
"""The first second of a time step."""
EARLIER = AT - timedelta(minutes=10)
SECRET = "s" * 43


@pytest.mark.parametrize(
    ("second", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_digits_are_those_of_the_standard(second: int, digits: str) -> None:
    assert app_code(b"12345678901234567890", second // 30) == digits


@pytest.mark.parametrize("typed", ["", "12345", "１２３４５６", "123456789", "abcdef"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert app_step_of(apps.SEED, typed, AT) is None


def ask(user: User, at: datetime, secret: str = SECRET) -> int:
    return operations.start_challenge(user_id=user.id, purpose=Purpose.SIGN_IN, session_secret=secret, at=at)


def check(user: User, challenge_id: int, typed: str, at: datetime, secret: str = SECRET) -> None:
    operations.check_code(
        challenge_id=challenge_id, session_secret=secret, typed=typed, subject=queries.guess_subject("", user.id), at=at
    )


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(priya: User, steps: int) -> None:
    apps.add(priya, EARLIER)
    check(priya, ask(priya, AT), apps.shown(AT, steps=steps), AT)


@pytest.mark.parametrize("steps", [-2, 2])
def test_but_not_two(priya: User, steps: int) -> None:
    apps.add(priya, EARLIER)
    with pytest.raises(operations.WrongCode, match="not the code in your app"):
        check(priya, ask(priya, AT), apps.shown(AT, steps=steps), AT)


@pytest.mark.parametrize("seconds", [0, 31, 61])
def test_a_code_is_taken_once_whatever_the_tolerance(priya: User, seconds: int) -> None:
    apps.add(priya, EARLIER)
    code = apps.shown(AT, steps=1)
    check(priya, ask(priya, AT), code, AT)
    later = AT + timedelta(seconds=seconds)
    with pytest.raises(operations.WrongCode):
        check(priya, ask(priya, later, "another" * 6), code, later, "another" * 6)


def test_a_code_older_than_one_taken_is_refused_and_the_next_is_not(priya: User) -> None:
    apps.add(priya, EARLIER)
    check(priya, ask(priya, AT), apps.shown(AT), AT)
    with pytest.raises(operations.WrongCode):
        check(priya, ask(priya, AT), apps.shown(AT, steps=-1), AT)
    check(priya, ask(priya, AT), apps.shown(AT, steps=1), AT)
    assert Factor.objects.get().last_used_at == AT


def test_the_code_that_confirmed_it_signs_nobody_in(priya: User) -> None:
    apps.add(priya, AT)
    with pytest.raises(operations.WrongCode):
        check(priya, ask(priya, AT), apps.shown(AT), AT)


def test_it_works_in_its_own_session_and_a_wrong_one_spends_nothing(priya: User) -> None:
    apps.add(priya, EARLIER)
    challenge_id = ask(priya, AT)
    with pytest.raises(operations.WrongCode):
        check(priya, challenge_id, apps.shown(AT), AT, "another session")
    with pytest.raises(operations.WrongCode):
        check(priya, challenge_id, "000", AT)
    assert Challenge.objects.get().spent_at is None
    check(priya, challenge_id, apps.shown(AT), AT)
    with pytest.raises(operations.WrongCode):
        check(priya, challenge_id, apps.shown(AT, steps=1), AT)


def test_nothing_is_sent_for_it(priya: User) -> None:
    apps.add(priya, EARLIER)
    queries.next_code_at(priya.id, AT)
    for _ in range(10):
        ask(priya, AT)
    assert queries.next_code_at(priya.id, AT) == AT


def test_text_and_app_guesses_are_one_budget(priya: User) -> None:
    apps.add(priya, EARLIER)
    challenge_id = ask(priya, AT)
    for _ in range(3):
        with pytest.raises(operations.WrongCode):
            check(priya, challenge_id, "000", AT)
    phone = queries.contacts(priya.id)[0]
    by_text = operations.send_another(challenge_id=challenge_id, session_secret=SECRET, at=AT, contact_id=phone.id)
    with pytest.raises(operations.WrongCode):
        check(priya, by_text, "000", AT)
    with pytest.raises(operations.Paused):
        check(priya, by_text, "000", AT)


def test_forty_at_once_are_one(database_clone: DatabaseClone) -> None:
    user = people.joined()
    apps.add(user, EARLIER)
    made = [(ask(user, AT, f"{number:043}"), f"{number:043}") for number in range(40)]
    operations_at_once = [
        lambda challenge_id=challenge_id, secret=secret: check(user, challenge_id, apps.shown(AT), AT, secret)
        for challenge_id, secret in made
    ]
    answers = database_clone.at_once(*operations_at_once)
    assert answers.count(None) == 1
    assert Challenge.objects.filter(spent_at__isnull=False).count() == 1


def test_keys_change_while_codes_are_taken(priya: User, settings: Any) -> None:
    apps.add(priya, EARLIER)
    old = settings.MILEPOST_FIELD_KEYS
    settings.MILEPOST_FIELD_KEYS = ["new:" + "n" * 40, *old]
    check(priya, ask(priya, AT), apps.shown(AT), AT)
    operations.reseal_seeds(key="test")
    assert Factor.objects.get().sealed_seed.startswith("new:")
    settings.MILEPOST_FIELD_KEYS = ["new:" + "n" * 40]
    later = AT + timedelta(minutes=1)
    check(priya, ask(priya, later), apps.shown(later), later)
    operations.reseal_seeds(key="test")


def test_a_lost_key_refuses_the_code_and_breaks_nothing_else(
    priya: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    apps.add(priya, EARLIER)
    settings.MILEPOST_FIELD_KEYS = ["new:" + "n" * 40]
    with pytest.raises(operations.WrongCode):
        check(priya, ask(priya, AT), apps.shown(AT), AT)
    operations.reseal_seeds(key="test")
    assert Factor.objects.get().sealed_seed.startswith("loopback:")
    assert "seed_does_not_open" in caplog.text


def test_anothers_seed_does_not_open_as_hers(priya: User) -> None:
    stranger = people.joined(name="Tom Reed", email="tom.reed@example.com", phone="+447700900777")
    apps.add(priya, EARLIER, b"a" * 20)
    apps.add(stranger, EARLIER, b"b" * 20)
    theirs = Factor.objects.get(user=stranger).sealed_seed
    Factor.objects.filter(user=priya).update(sealed_seed=theirs)
    with pytest.raises(operations.WrongCode):
        check(priya, ask(priya, AT), apps.shown(AT, seed=b"b" * 20), AT)


def test_what_is_sealed_opens_for_what_it_was_sealed_for(settings: Any) -> None:
    sealed = sealing.seal(b"secret", about="one")
    assert sealing.unseal(sealed, about="one") == b"secret"
    changed = sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB")
    for broken, about in ((sealed, "two"), (changed, "one"), ("gone:AAAA", "one"), ("loopback:%", "one"), ("", "one")):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(broken, about=about)
