"""Passwords: who has one, and in which form it is kept."""

from datetime import UTC, datetime

import pytest

from milepost.plumbing.passwords import Hasher
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import User
from tests.support import people

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def check(user_id: int | None, password: str) -> None:
    operations.check_password(user_id=user_id, password=password, subject="user:1", at=AT)


def test_hers_passes_and_others_do_not(priya: User) -> None:
    check(priya.id, people.PASSWORD)
    for wrong in ("copper teapot harbou", "Copper teapot harbour", "", "!"):
        with pytest.raises(operations.WrongPassword):
            check(priya.id, wrong)


def test_nobody_is_hashed_like_somebody(priya: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    verify = Hasher.verify

    def counted(self: Hasher, password: str, encoded: str) -> bool:
        hashed.append(encoded)
        return verify(self, password, encoded)

    monkeypatch.setattr(Hasher, "verify", counted)
    unjoined = people.imported()
    for user_id in (None, 999_999, unjoined.id, priya.id):
        with pytest.raises(operations.WrongPassword):
            check(user_id, "wrong horse battery")
    assert len(hashed) == 4


def test_an_old_pepper_is_replaced_at_sign_in_and_ends_no_session(priya: User, settings: object) -> None:
    old, session = priya.password, priya.get_session_auth_hash()
    settings.MILEPOST_PASSWORD_PEPPERS = ["new:" + "n" * 40, *settings.MILEPOST_PASSWORD_PEPPERS]  # type: ignore[attr-defined]
    check(priya.id, people.PASSWORD)
    renewed = User.objects.get(id=priya.id)
    assert renewed.password != old
    assert renewed.password.startswith("milepost$new$argon2id$v=19$m=19456,t=2,p=1$")
    assert renewed.get_session_auth_hash() == session
    check(priya.id, people.PASSWORD)


def test_without_its_pepper_a_hash_opens_nothing(priya: User, settings: object) -> None:
    settings.MILEPOST_PASSWORD_PEPPERS = ["other:" + "n" * 40]  # type: ignore[attr-defined]
    with pytest.raises(operations.WrongPassword):
        check(priya.id, people.PASSWORD)


def test_a_wrong_one_is_written_down_without_its_words(priya: User) -> None:
    operations.record_wrong_password(
        user_id=priya.id, paused_until=None, device_words="Chrome on Windows", address="192.0.2.7", at=AT
    )
    event = Event.objects.get(action="identity.wrong_password")
    assert event.subject_id == priya.id
    assert event.facts == {"device": "Chrome on Windows", "address": "192.0.2.7"}
