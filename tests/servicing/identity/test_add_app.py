"""An authenticator app counts once it is confirmed, and until it is removed."""

from base64 import b32decode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from milepost.demo.models import OutboxMessage
from milepost.servicing.audit.models import Event
from milepost.servicing.identity import access, operations, queries
from milepost.servicing.identity.models import ContactPoint, Device, Factor, User
from milepost.servicing.identity.states import ChallengeKind, Purpose
from tests.support import apps, people, queue
from tests.support.database_clone import DatabaseClone

AT = datetime(2026, 11, 22, 9, 30, 10, tzinfo=UTC)


def confirm(user: User, factor_id: int, typed: str, at: datetime = AT) -> None:
    operations.confirm_app(
        user_id=user.id, factor_id=factor_id, typed=typed, subject=queries.guess_subject("", user.id), at=at
    )


def test_it_counts_only_when_a_code_of_it_was_typed(priya: User) -> None:
    factor_id = operations.begin_app(user_id=priya.id, at=AT)
    assert not queries.has_app(priya.id)
    uri = operations.new_app(user_id=priya.id, factor_id=factor_id, at=AT).uri
    seed = b32decode(parse_qs(urlsplit(uri).query)["secret"][0])
    assert len(seed) == 20
    with pytest.raises(operations.WrongCode):
        confirm(priya, factor_id, apps.shown(AT, steps=5, seed=seed))
    assert not queries.has_app(priya.id)
    confirm(priya, factor_id, apps.shown(AT, seed=seed))
    assert queries.has_app(priya.id)
    assert access.ways(priya.id, Purpose.SIGN_IN)[0].kind is ChallengeKind.APP


def test_its_key_is_shown_only_while_it_waits(priya: User) -> None:
    factor_id = operations.begin_app(user_id=priya.id, at=AT, seed=apps.SEED)
    shown = operations.new_app(user_id=priya.id, factor_id=factor_id, at=AT)
    assert shown.key in shown.uri
    assert shown.uri.startswith("otpauth://totp/Larkfield%20Motor%20Finance%3Apriya.shah%40example.com?")
    with pytest.raises(operations.NothingToConfirm):
        operations.new_app(user_id=priya.id, factor_id=factor_id, at=AT + timedelta(minutes=30))
    confirm(priya, factor_id, apps.shown(AT))
    with pytest.raises(operations.NothingToConfirm):
        operations.new_app(user_id=priya.id, factor_id=factor_id, at=AT)


def test_somebody_elses_is_nothing(priya: User) -> None:
    stranger = people.joined(name="Tom Reed", email="tom.reed@example.com", phone="+447700900777")
    factor_id = operations.begin_app(user_id=priya.id, at=AT, seed=apps.SEED)
    with pytest.raises(operations.NothingToConfirm):
        operations.new_app(user_id=stranger.id, factor_id=factor_id, at=AT)
    with pytest.raises(operations.NothingToConfirm):
        confirm(stranger, factor_id, apps.shown(AT))


def test_beginning_again_ends_the_one_before_and_a_second_app_is_refused(priya: User) -> None:
    first = operations.begin_app(user_id=priya.id, at=AT, seed=apps.SEED)
    second = operations.begin_app(user_id=priya.id, at=AT, seed=apps.SEED)
    with pytest.raises(operations.NothingToConfirm):
        confirm(priya, first, apps.shown(AT))
    assert Factor.objects.get(id=first).sealed_seed == ""
    confirm(priya, second, apps.shown(AT))
    with pytest.raises(operations.HasAnApp):
        operations.begin_app(user_id=priya.id, at=AT)


def test_the_seed_is_not_in_the_table(priya: User) -> None:
    factor_id = apps.add(priya, AT)
    sealed = Factor.objects.get(id=factor_id).sealed_seed
    assert sealed.startswith("loopback:")
    assert apps.SEED.hex() not in sealed


def test_wrong_codes_come_from_the_one_budget(priya: User) -> None:
    factor_id = operations.begin_app(user_id=priya.id, at=AT, seed=apps.SEED)
    for _ in range(4):
        with pytest.raises(operations.WrongCode):
            confirm(priya, factor_id, "123")
    with pytest.raises(operations.Paused):
        confirm(priya, factor_id, "123")
    with pytest.raises(operations.Paused):
        confirm(priya, factor_id, apps.shown(AT))


def test_adding_and_removing_are_written_down_told_everywhere_and_end_trust(priya: User) -> None:
    Device.objects.create(
        user=priya, token_hash="x", words="Chrome", created_at=AT, seen_at=AT, trusted_until=AT + timedelta(days=3)
    )
    factor_id = apps.add(priya, AT)
    assert Device.objects.get().trusted_until == AT
    queue.run_waiting()
    told = OutboxMessage.objects.filter(body__icontains="an authenticator app was added")
    assert set(told.values_list("to", flat=True)) == {people.EMAIL, people.PHONE}
    operations.remove_app(user_id=priya.id, at=AT)
    operations.remove_app(user_id=priya.id, at=AT)
    queue.run_waiting()
    told = OutboxMessage.objects.filter(body__icontains="authenticator app was removed")
    assert set(told.values_list("to", flat=True)) == {people.EMAIL, people.PHONE}
    written = Event.objects.filter(action__startswith="identity.app").order_by("id").values_list("action", "facts")
    assert list(written) == [(f"identity.app_{done}", {"app": factor_id}) for done in ("added", "removed")]
    assert not queries.has_app(priya.id)
    assert Factor.objects.get(id=factor_id).sealed_seed == ""


def test_the_only_second_step_is_not_removed(priya: User) -> None:
    apps.add(priya, AT)
    ContactPoint.objects.filter(user=priya).update(verified_at=None)
    with pytest.raises(operations.NoOtherWay):
        operations.remove_app(user_id=priya.id, at=AT)


def test_two_apps_set_up_at_once_are_one(database_clone: DatabaseClone) -> None:
    user = people.joined()
    factor_id = operations.begin_app(user_id=user.id, at=AT, seed=apps.SEED)
    answers = database_clone.at_once(*(lambda: confirm(user, factor_id, apps.shown(AT)) for _ in range(4)))
    assert answers.count(None) == 1
    assert Factor.objects.filter(confirmed_at__isnull=False).count() == 1
