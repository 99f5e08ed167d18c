"""People from a tape."""

from datetime import date

import pytest

from milepost.plumbing.transactions import transaction
from milepost.servicing.identity import operations
from milepost.servicing.identity.models import ContactPoint, User
from milepost.servicing.identity.states import folded_email, folded_phone, is_email


def test_they_have_no_password_and_nothing_proved(db: None) -> None:
    new = [
        operations.NewUser("Ada Lowe", " Ada.Lowe@Example.com", "07700 900412"),
        operations.NewUser(),
        operations.NewUser("Tom Reed", "not an address", "12"),
    ]
    with transaction():
        ids = operations.take_in(users=new, valid_from=date(2026, 1, 5))
    assert [user.has_usable_password() for user in User.objects.filter(id__in=ids)] == [False] * 3
    assert list(ContactPoint.objects.order_by("id").values_list("user_id", "kind", "folded", "verified_at")) == [
        (ids[0], "EMAIL", "ada.lowe@example.com", None),
        (ids[0], "PHONE", "+447700900412", None),
    ]


@pytest.mark.parametrize(
    "typed", ["priya.shah@example.com", "PRIYA.Shah@Example.COM", " priya.shah @example.com", "ｐriya.shah@example.com"]
)
def test_one_email_however_it_is_typed(typed: str) -> None:
    assert folded_email(typed) == "priya.shah@example.com"


@pytest.mark.parametrize(
    ("typed", "folded"), [("07700 900318", "+447700900318"), ("+44 7700 900318", "+447700900318"), ("", ""), ("x", "")]
)
def test_one_phone_however_it_is_typed(typed: str, folded: str) -> None:
    assert folded_phone(typed) == folded


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a@b.example", True), ("a@b", False), ("a b@c.example", False), ("@b.example", False), ("a@b..example", False),
        ("a@b.example\nbcc:x@y.example", False),
    ],
)  # fmt: skip
def test_what_can_be_an_email(typed: str, said: bool) -> None:
    assert is_email(typed) is said
