"""Which passwords are refused, and how they are kept."""

import pytest

from milepost.plumbing.passwords import Hasher, why_refused

WORDS = ("Larkfield Motor Finance", "Larkfield", "Priya Shah", "Priya", "Shah", "priya.shah")


@pytest.mark.parametrize(
    "password",
    [
        "copper teapot harbour", "correct horse battery staple", "nothing but small letters", "ÄÖÜäöüß straße weiß",
        "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰", "x9$kQ!mZ4#pW7&rT", "priya likes green lanterns",
    ],
)  # fmt: skip
def test_length_is_enough(password: str) -> None:
    assert why_refused(password, shortest=15, words=WORDS) is None


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("fourteen chars", "at least 15"), ("passwordpassword", "many people use"),
        ("iloveyou iloveyou", "many people use"),
        ("password-sunshine1", "many people use"), ("dragon dragon dragon", "many people use"),
        ("abcdefghijklmnop", "keyboard or the alphabet"), ("1234567890123456", "keyboard or the alphabet"),
        ("abababababababab", "repeats"), ("Larkfield Motor Finance 1", "mostly our name"),
        ("priya.shah larkfield", "mostly our name"),
        ("y" * 257, "256 characters at most"),
    ],
)  # fmt: skip
def test_easy_ones_are_refused_with_the_reason(password: str, said: str) -> None:
    assert said in (why_refused(password, shortest=15, words=WORDS) or "")


def test_the_minimum_counts_letters_not_bytes() -> None:
    assert why_refused("é" * 3 + "lantern", shortest=12) is not None
    assert why_refused("e\u0301" * 11, shortest=12) is not None


def test_one_composition_of_a_letter_is_the_other() -> None:
    hasher = Hasher()
    encoded = hasher.encode("caf\u00e9 lantern gravel", "")
    assert hasher.verify("cafe\u0301 lantern gravel", encoded)
    assert len(encoded) <= 128


def test_the_whole_password_counts() -> None:
    hasher = Hasher()
    encoded = hasher.encode("a" * 99 + "b", "")
    assert not hasher.verify("a" * 99 + "c", encoded)
    assert hasher.safe_summary(encoded)["parameters"] == "m=19456,t=2,p=1"
