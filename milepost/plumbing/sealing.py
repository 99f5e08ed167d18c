"""Fields that nobody reads in the database: sealed with AES-256-GCM under a key that is kept outside it.

A sealed value names its key, so keys can be changed: today's seals, and those before it still open.
"""

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


class SealBroken(Exception):
    """This value cannot be opened: its key is not configured any more, it was changed, or it belongs elsewhere."""


def seal(secret: bytes, *, about: str) -> str:
    """`<key id>:<sealed>`, under today's key. It opens for the same `about` alone: a row's value is no other row's."""
    key_id, key = next(iter(keys().items()))
    nonce = os.urandom(NONCE)
    return f"{key_id}:{urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, secret, about.encode())).decode()}"


def unseal(sealed: str, *, about: str) -> bytes:
    """What was sealed. Raises SealBroken."""
    key_id, _, words = sealed.partition(":")
    key = keys().get(key_id)
    if key is None:
        raise SealBroken(f"no key {key_id!r} in MILEPOST_FIELD_KEYS")
    try:
        raw = urlsafe_b64decode(words)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"what key {key_id!r} sealed does not open") from error


def todays_key() -> str:
    """The id of the key that seals now."""
    return next(iter(keys()))


def keys() -> dict[str, bytes]:
    """The keys by id, today's first: settings.MILEPOST_FIELD_KEYS, `id:secret` each."""
    found = {}
    for entry in settings.MILEPOST_FIELD_KEYS:
        key_id, _, secret = entry.partition(":")
        found[key_id] = hashlib.sha256(b"milepost.field:" + secret.encode()).digest()
    return found
