"""Which passwords are refused, how they are kept, and how many are looked at at a time."""

import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher

from milepost.plumbing import blocklist, passwords
from milepost.plumbing.passwords import Hasher, why_refused

WORDS = (
    "Larkfield Motor Finance", "Larkfield", "milepost", "Priya Shah", "Priya", "Shah", "priya", "shah", "example",
    "com", "+44 7700 900318", "CF10 1EP", "LK21 WXA", "7034118255",
)  # fmt: skip
COMMON = "many people use"
HERS = "mostly our name, yours"


@pytest.mark.parametrize(
    "password",
    [
        "copper teapot harbour", "green kettle violet staple", "nothing but small letters", "ÄÖÜäöüß straße weiß",
        "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰", "x9$kQ!mZ4#pW7&rT", "priya likes green lanterns",
        "a ford across the river wye", "twentylowercase" + "plain", "пароль из четырёх слов",
        "今日はとても良い天気ですねえ本当に",
    ],
)  # fmt: skip
def test_length_is_enough(password: str) -> None:
    assert why_refused(password, shortest=15, words=WORDS) is None


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("fourteen chars", "at least 15"), ("passwordpassword", COMMON), ("iloveyou iloveyou", COMMON),
        ("password-sunshine1", COMMON), ("dragon dragon dragon", COMMON), ("Correct Horse Battery Staple!", COMMON),
        ("abcdefghijklmnop", "keyboard or the alphabet"), ("1234567890123456", "keyboard or the alphabet"),
        ("abababababababab", "repeats"), ("y" * 257, "256 characters at most"),
        ("Larkfield Motor Finance 1", HERS), ("priya.shah larkfield", HERS), ("Priya Shah 19850412", HERS),
        ("priya password 1", HERS), ("07700 900318 priya", HERS), ("cf10 1ep lk21 wxa", HERS),
        ("LK21WXA-7034118255", HERS), ("volkswagen vauxhall 2026", HERS), ("Land Rover Priya", HERS),
        ("mercedes-benz shah", HERS),
    ],
)  # fmt: skip
def test_easy_ones_are_refused_with_the_reason(password: str, said: str) -> None:
    assert said in (why_refused(password, shortest=15, words=WORDS) or "")


def test_three_thousand_common_ones_that_are_long_enough_are_refused() -> None:
    fit = sorted(entry for entry in blocklist.long_ones() if len(entry) >= 15)
    assert len(fit) >= 3_000
    allowed = [entry for entry in fit if why_refused(entry, shortest=15) is None]
    assert not allowed, allowed[:10]
    shorter = [entry for entry in blocklist.long_ones() if why_refused(entry, shortest=12) is None]
    assert not shorter, shorter[:10]


def test_the_file_is_what_its_script_makes() -> None:
    assert gzip.decompress(blocklist.FILE.read_bytes()).decode() == blocklist.build()
    assert len(blocklist.words()) > 19_000
    assert {"bmw", "volkswagen", "123456"} <= blocklist.words()


@pytest.mark.parametrize("shortest", [12, 15])
def test_the_shortest_and_the_longest(shortest: int) -> None:
    lantern = "window gravel otter "
    assert "at least" in (why_refused(lantern[: shortest - 1], shortest=shortest) or "")
    assert why_refused(lantern[:shortest], shortest=shortest) is None
    longest = (lantern * 13)[:256]
    assert why_refused(longest, shortest=shortest) is None
    assert why_refused(longest + "x", shortest=shortest) == passwords.TOO_LONG


def test_the_minimum_counts_letters_not_bytes() -> None:
    assert why_refused("é" * 3 + "lantern", shortest=12) is not None
    assert why_refused("e\u0301" * 11, shortest=12) is not None
    assert why_refused("\ufdfa", shortest=15) is not None  # one sign, eighteen when it is taken apart


def test_sixty_four_emoji_are_a_password() -> None:
    emoji = "".join(chr(0x1F600 + number) for number in range(64))
    assert why_refused(emoji, shortest=15, words=WORDS) is None
    assert Hasher().verify(emoji, Hasher().encode(emoji, ""))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("caf\u00e9 lantern gravel", "cafe\u0301 lantern gravel"), ("\uff57indow lantern", "window lantern"),
        ("o\ufb03ce lantern gravel", "office lantern gravel"), ("\uac00 lantern gravel", "\u1100\u1161 lantern gravel"),
    ],
    ids=["accent", "full-width", "ligature", "hangul"],
)  # fmt: skip
def test_one_composition_of_a_letter_is_the_other(one: str, other: str) -> None:
    encoded = Hasher().encode(one, "")
    assert Hasher().verify(other, encoded)
    assert len(encoded) <= 128


def test_the_whole_password_counts() -> None:
    hasher = Hasher()
    encoded = hasher.encode("a" * 99 + "b", "")
    assert not hasher.verify("a" * 99 + "c", encoded)
    assert hasher.safe_summary(encoded)["parameters"] == "m=19456,t=2,p=1"


def test_a_flood_takes_no_longer_than_a_wrong_password() -> None:
    flood, encoded = "\ufdfa" * 5_000_000, Hasher().encode("window lantern gravel", "")
    began = time.monotonic()
    assert not Hasher().verify(flood, encoded)
    assert why_refused(flood, shortest=15, words=WORDS) == passwords.TOO_LONG
    with pytest.raises(ValueError, match="longer"):
        Hasher().encode(flood, "")
    assert time.monotonic() - began < 1


def test_weaker_parameters_and_an_older_pepper_are_to_be_replaced(settings: Any, monkeypatch: Any) -> None:
    settings.MILEPOST_PASSWORD_PEPPERS = ["a:" + "x" * 32]
    old = Hasher().encode("window lantern gravel", "")
    assert not Hasher().must_update(old)
    settings.MILEPOST_PASSWORD_PEPPERS = ["b:" + "y" * 32, "a:" + "x" * 32]
    assert Hasher().must_update(old)
    assert Hasher().verify("window lantern gravel", old)
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
    monkeypatch.setattr(Hasher, "engine", weaker)
    weak = Hasher().encode("window lantern gravel", "")
    monkeypatch.undo()
    assert Hasher().must_update(weak)


def test_more_at_once_than_fit_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two places and half a second of patience: some are served, the others told in time, and nothing stays taken."""
    monkeypatch.setattr(passwords, "_SLOTS", threading.BoundedSemaphore(2))
    monkeypatch.setattr(passwords, "_PATIENCE", 0.5)

    def slow(password: str, key: bytes) -> bytes:
        time.sleep(0.2)
        return b"x"

    monkeypatch.setattr(passwords, "_peppered", slow)
    encoded = "milepost$" + next(iter(passwords.peppers())) + Hasher.engine.hash("x")
    at_work = []

    def attempt(_: int) -> bool | Exception:
        try:
            return Hasher().verify("window lantern gravel", encoded)
        except passwords.Busy as busy:
            at_work.append(busy)
            return busy

    began = time.monotonic()
    with ThreadPoolExecutor(24) as pool:
        results = list(pool.map(attempt, range(24)))
    assert time.monotonic() - began < 6
    served = results.count(True)
    assert 2 <= served < 24
    assert len(at_work) == 24 - served
    assert "Wait a few seconds" in str(at_work[0])
    assert attempt(0) is True


def test_one_waits_for_about_two_seconds_at_most() -> None:
    assert passwords._PATIENCE == 2
