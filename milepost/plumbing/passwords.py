"""Passwords: argon2id under a keyed step whose key is not in the database, and what makes one too easy.

The number of hashes at work is bounded: each takes 19 MiB and some 20 ms of a core, and a flood of sign-ins must not
take the pages of those who are in.
"""

import gzip
import hashlib
import hmac
import os
import re
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django.contrib.auth
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher

from milepost.plumbing.errors import Unavailable

LONGEST = 256
_SLOTS = threading.BoundedSemaphore(os.cpu_count() or 1)
_PATIENCE = 5.0
"""Seconds that one waits for a slot before being told to come back."""


class Busy(Unavailable):
    """More passwords are being checked than this machine can: come back in a moment."""


class Hasher(BasePasswordHasher):
    """`milepost$<pepper id>$<argon2id …>`: HMAC-SHA-256 with the pepper, then argon2id (19 MiB, 2 passes, 1 lane)."""

    algorithm = "milepost"
    engine = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)

    def encode(self, password: str, salt: str) -> str:
        """The stored form under today's pepper. The salt is argon2's own; Django's is not used."""
        key_id, key = next(iter(peppers().items()))
        with _slot():
            return f"{self.algorithm}${key_id}{self.engine.hash(_peppered(password, key))}"

    def verify(self, password: str, encoded: str) -> bool:
        """Is this the password? A pepper that is no longer configured is a wrong password, not an error."""
        key_id, hashed = _parts(encoded)
        key = peppers().get(key_id)
        if key is None:
            return False
        try:
            with _slot():
                return self.engine.verify(hashed, _peppered(password, key))
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

    `words` are what anybody would try first: the lender's name, hers, her e-mail. No rule asks for digits or capitals.
    """
    plain = normalised(password)
    if len(plain) < shortest:
        return (
            f"Use at least {shortest} characters. Three or four words that don’t belong together are easy to remember."
        )
    if len(plain) > LONGEST:
        return f"Use {LONGEST} characters at most."
    letters = re.sub(r"[\W_]", "", plain.casefold()) or plain
    if _repeats(letters) or _runs(letters):
        return (
            "This repeats the same few characters, or follows the keyboard or the alphabet. Choose something less even."
        )
    if _is_common(letters):
        return "This is made of passwords that many people use, so a thief tries it among the first. Choose another."
    rest = letters
    for word in sorted({re.sub(r"[\W_]", "", word.casefold()) for word in words}, key=len, reverse=True):
        if len(word) >= 3:
            rest = rest.replace(word, "")
    if len(rest) < 6 and len(rest) < len(letters):
        return (
            "This is mostly our name, yours, or your email. Choose something that nobody would guess from who you are."
        )
    return None


def _peppered(password: str, key: bytes) -> bytes:
    return b64encode(hmac.digest(key, normalised(password).encode(), "sha256"))


def _parts(encoded: str) -> tuple[str, str]:
    _, key_id, hashed = encoded.split("$", 2)
    return key_id, f"${hashed}"


@contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=_PATIENCE):
        raise Busy("Too many passwords are being checked")
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
    common = _common()
    for whole in {letters, letters.rstrip("0123456789")}:
        if whole in common or any(whole[:cut] in common and whole[cut:] in common for cut in range(4, len(whole) - 3)):
            return True
        third = len(whole) // 3
        if third >= 4 and whole == whole[:third] * 3 and whole[:third] in common:
            return True
    return False


@cache
def _common() -> frozenset[str]:
    path = Path(django.contrib.auth.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)
