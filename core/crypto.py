"""Seals identifiers and files with rotatable keys, and hashes identifiers for equality with a key of its own.

Sealed text: `v1.<key id>.<base64url of nonce and AES-256-GCM ciphertext>`; the context (table.column) is bound as
associated data, so a sealed value cannot be moved to another column. The row is not bound: its id is unknown
before the insert.
"""

import base64
import hashlib
import hmac
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12  # bytes, random per value
VERSION = b"v1"


class CannotUnseal(Exception):
    """Unknown key, another context, or changed bytes."""


def seal(text: str, context: str) -> str:
    """Sealed form of `text` under the newest key."""
    key_id, blob = _encrypt(text.encode(), context)
    return f"v1.{key_id}.{_encode(blob)}"


def unseal(token: str, context: str) -> str:
    """The text again; CannotUnseal if key, context or bytes do not fit."""
    try:
        version, key_id, blob = token.split(".")
    except ValueError as error:
        raise CannotUnseal("not a sealed value") from error
    if version != "v1":
        raise CannotUnseal("unknown version")
    return _decrypt(key_id, _decode(blob), context).decode()


def seal_bytes(content: bytes, context: str) -> bytes:
    """`v1` + key id (8 bytes ASCII) + nonce + ciphertext."""
    key_id, blob = _encrypt(content, context)
    return VERSION + key_id.encode() + blob


def unseal_bytes(sealed: bytes, context: str) -> bytes:
    if sealed[:2] != VERSION:
        raise CannotUnseal("unknown version")
    return _decrypt(sealed[2:10].decode("ascii", "replace"), sealed[10:], context)


def key_id_of(sealed: str | bytes) -> str:
    return sealed[2:10].decode() if isinstance(sealed, bytes) else sealed.split(".")[1]


def needs_rotation(sealed: str | bytes) -> bool:
    """True if a key other than the newest sealed it."""
    return key_id_of(sealed) != newest_key_id()


def newest_key_id() -> str:
    return _key_id(settings.FIELD_KEYS[0])


def keyed_hash(value: str, purpose: str) -> str:
    """HMAC-SHA256 (hex) under INDEX_KEY: equal values of one purpose have equal hashes, and nothing else shows."""
    key = _decode(settings.INDEX_KEY)
    return hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def _encrypt(content: bytes, context: str) -> tuple[str, bytes]:
    encoded = settings.FIELD_KEYS[0]
    nonce = secrets.token_bytes(NONCE)
    return _key_id(encoded), nonce + _cipher(encoded).encrypt(nonce, content, context.encode())


def _decrypt(key_id: str, blob: bytes, context: str) -> bytes:
    for encoded in settings.FIELD_KEYS:
        if _key_id(encoded) == key_id:
            try:
                return _cipher(encoded).decrypt(blob[:NONCE], blob[NONCE:], context.encode())
            except (InvalidTag, ValueError) as error:
                raise CannotUnseal("key, context or bytes do not fit") from error
    raise CannotUnseal("unknown key")


@cache
def _cipher(encoded: str) -> AESGCM:
    return AESGCM(_decode(encoded))


@cache
def _key_id(encoded: str) -> str:
    return hashlib.sha256(_decode(encoded)).hexdigest()[:8]


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encode(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()
