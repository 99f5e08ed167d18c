"""Passwords: argon2id under a keyed step whose key is not in the database, and what makes one too easy.

The number of hashes at work is bounded: each takes 19 MiB and some 20 ms of a core, and a flood of sign-ins must not
take the pages of those who are in.
"""

import hashlib
import hmac
import os
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher

from milepost.plumbing import blocklist
from milepost.plumbing.errors import Unavailable

LONGEST = 256
_NEVER_ONE = 2_000
"""Signs as typed: no composition makes so many into a password of ours, so they are never looked at one by one."""
_SLOTS = threading.BoundedSemaphore(os.cpu_count() or 1)
"""Hashes at the same time in this process: one a core, for more would only take turns."""
_PATIENCE = 2.0
"""Seconds that one waits for a slot before being told to come back."""


TOO_LONG = f"Use {LONGEST} characters at most."


class Busy(Unavailable):
    """More passwords are being checked than this machine can: come back in a moment."""

    def __init__(self, sentence: str = "Very many people are signing in. Wait a few seconds and try again.") -> None:
        super().__init__(sentence)


class Hasher(BasePasswordHasher):
    """`milepost$<pepper id>$<argon2id …>`: HMAC-SHA-256 with the pepper, then argon2id (19 MiB, 2 passes, 1 lane)."""

    algorithm = "milepost"
    engine = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)

    def encode(self, password: str, salt: str) -> str:
        """The stored form under today's pepper. The salt is argon2's own; Django's is not used."""
        if len(password) > _NEVER_ONE:
            raise ValueError("longer than any password: why_refused says so first")
        key_id, key = next(iter(peppers().items()))
        with _slot():
            return f"{self.algorithm}${key_id}{self.engine.hash(_peppered(password, key))}"

    def verify(self, password: str, encoded: str) -> bool:
        """Is this the password? A pepper that is no longer configured is a wrong password, not an error.

        What is too long to be one takes the time of any other wrong one, however long it is.
        """
        key_id, hashed = _parts(encoded)
        key = peppers().get(key_id)
        if key is None:
            return False
        try:
            with _slot():
                fits = len(password) <= _NEVER_ONE
                return self.engine.verify(hashed, _peppered(password if fits else "", key)) and fits
        except (VerificationError, InvalidHashError):
            return False

    def must_update(self, encoded: str) -> bool:
        """Was it stored under an older pepper or weaker parameters?"""
        key_id, hashed = _parts(encoded)
        return key_id != next(iter(peppers())) or self.engine.check_needs_rehash(hashed)

    def decode(self, encoded: str) -> dict[str, Any]:
        key_id, hashed = _parts(encoded)
        return {"algorithm": self.algorithm, "pepper": key_id, "hash": hashed}

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        key_id, hashed = _parts(encoded)
        return {"algorithm": "argon2id", "pepper": key_id, "parameters": hashed.split("$")[3]}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to harden: whoever is unknown is hashed against `a_strangers_hash`."""


def peppers() -> dict[str, bytes]:
    """The keyed step's keys by id, today's first: settings.MILEPOST_PASSWORD_PEPPERS, `id:secret` each."""
    found = {}
    for entry in settings.MILEPOST_PASSWORD_PEPPERS:
        key_id, _, secret = entry.partition(":")
        found[key_id] = hashlib.sha256(secret.encode()).digest()
    return found


@cache
def a_strangers_hash() -> str:
    """A hash of nothing anybody knows, to spend the same time on a name that does not exist."""
    return Hasher().encode(os.urandom(32).hex(), "")


def normalised(password: str) -> str:
    """The same password however the keyboard composed it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def why_refused(password: str, *, shortest: int, words: Iterable[str] = ()) -> str | None:
    """Why this may not be a new password, in a sentence for her; None when it may.

    `words` are what anybody would try first: the lender's name, hers, her e-mail, her number plate. Makes of vehicles
    are added to them. No rule asks for digits or capitals.
    """
    if len(password) > _NEVER_ONE:
        return TOO_LONG
    plain = normalised(password)
    if min(len(plain), len(password)) < shortest:  # one sign may stand for many, but she typed one
        return (
            f"Use at least {shortest} characters. Three or four words that don’t belong together are easy to remember."
        )
    if len(plain) > LONGEST:
        return TOO_LONG
    letters = blocklist.letters(plain)
    if _repeats(letters) or _runs(letters):
        return (
            "This repeats the same few characters, or follows the keyboard or the alphabet. Choose something less even."
        )
    if _is_about_her(letters, [*words, *blocklist.VEHICLE_MAKES]):
        return (
            "This is mostly our name, yours, or what others can know of you: your email, phone, postcode or number "
            "plate, or a make of car. Add two or three words that have nothing to do with you."
        )
    if _is_common(letters):
        return "This is made of passwords that many people use, so a thief tries it among the first. Choose another."
    return None


def _peppered(password: str, key: bytes) -> bytes:
    return b64encode(hmac.digest(key, normalised(password).encode(), "sha256"))


def _parts(encoded: str) -> tuple[str, str]:
    _, key_id, hashed = encoded.split("$", 2)
    return key_id, f"${hashed}"


@contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _SLOTS.release()


def _repeats(letters: str) -> bool:
    return any(letters == (letters[:period] * len(letters))[: len(letters)] for period in range(1, 4))


def _runs(letters: str) -> bool:
    rows = ("abcdefghijklmnopqrstuvwxyz" * 2, "0123456789" * 3, "qwertyuiopasdfghjklzxcvbnm" * 2)
    return any(letters in row or letters in row[::-1] for row in rows)


def _is_common(letters: str) -> bool:
    """A listed password, doubled or followed by another, with or without digits after it."""
    if letters in blocklist.long_ones():
        return True
    common = blocklist.words()
    for whole in {letters, letters.rstrip("0123456789")}:
        if whole in common or any(whole[:cut] in common and whole[cut:] in common for cut in range(4, len(whole) - 3)):
            return True
        third = len(whole) // 3
        if third >= 4 and whole == whole[:third] * 3 and whole[:third] in common:
            return True
    return False


def _is_about_her(letters: str, words: Iterable[str]) -> bool:
    """Is there too little left without these words? Digits alone are too little: years and numbers follow names."""
    rest = letters
    for word in sorted({form for each in words for form in _forms(each)}, key=len, reverse=True):
        rest = rest.replace(word, " ")
    if rest == letters:
        return False
    left = "".join(rest.split())
    return len(left) < 6 or (left.isdigit() and len(left) < 12) or left.rstrip("0123456789") in blocklist.words()


def _forms(word: str) -> Iterator[str]:
    """How a word would be typed: a phone number with or without its country, the rest as it is."""
    folded = blocklist.letters(normalised(word))
    if len(folded) >= 3:
        yield folded
    if folded.isdigit() and len(folded) > 10:
        yield folded[-10:]
