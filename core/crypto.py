"""Seals identifiers and files with rotatable keys, and hashes identifiers for equality with a key of its own.

Sealed text is `v1.<key id>.<base64url of nonce and AES-256-GCM ciphertext>`. FIELD_KEYS lists the keys, newest
first: the first one seals, all of them unseal (`manage.py rotate_keys` moves everything to the first). The context
(table.column, or a file's code) is bound as associated data, so a sealed value copied to another column does not
open. The row is not bound: its id is unknown before the insert. Who can write to the database could therefore swap
two values of one column; the keyed hash stored beside an identifier shows such a swap.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = "v1"
NONCE = 12  # bytes, random per value: what GCM is made for
KEY_ID = re.compile(r"[0-9a-f]{8}")
HEADER = len(VERSION) + 8  # of sealed bytes


class CannotUnseal(Exception):
    """Unknown key, another context, or changed bytes. The message never holds the value."""


def seal(text: str, context: str) -> str:
    """Sealed form of `text` under the newest key."""
    return f"{text_prefix()}{_encode(_encrypt(text.encode(), context))}"


def unseal(token: str, context: str) -> str:
    """The text again; CannotUnseal if key, context or bytes do not fit."""
    key_id = key_id_of(token)
    try:
        blob = _decode(token.rpartition(".")[2])
    except (binascii.Error, ValueError) as error:
        raise CannotUnseal("not a sealed value") from error
    return _decrypt(key_id, blob, context).decode()


def seal_bytes(content: bytes, context: str) -> bytes:
    """`v1`, key id (8 letters), nonce, ciphertext."""
    return f"{VERSION}{newest_key_id()}".encode() + _encrypt(content, context)


def unseal_bytes(sealed: bytes, context: str) -> bytes:
    """The content again; CannotUnseal if key, context or bytes do not fit."""
    return _decrypt(key_id_of(sealed), sealed[HEADER:], context)


def key_id_of(sealed: str | bytes) -> str:
    """Which key sealed it; the first HEADER bytes of sealed bytes are enough."""
    if isinstance(sealed, bytes):
        version, key_id = sealed[: len(VERSION)].decode("latin-1"), sealed[len(VERSION) : HEADER].decode("latin-1")
    else:
        version, key_id = [*sealed.split("."), "", ""][:2]
    if version != VERSION or not KEY_ID.fullmatch(key_id):
        raise CannotUnseal("not a sealed value")
    return key_id


def needs_rotation(sealed: str | bytes) -> bool:
    """True if a key other than the newest sealed it."""
    return key_id_of(sealed) != newest_key_id()


def newest_key_id() -> str:
    return _key_id(settings.FIELD_KEYS[0])


def key_ids() -> list[str]:
    """Names of all field keys, newest first; they tell nothing about the keys."""
    return [_key_id(key) for key in settings.FIELD_KEYS]


def text_prefix() -> str:
    """How each text sealed under the newest key begins."""
    return f"{VERSION}.{newest_key_id()}."


def keyed_hash(value: str, purpose: str) -> str:
    """HMAC-SHA256 (64 hex digits) under INDEX_KEY: equal values of one purpose have equal hashes, and nothing else
    shows. Normalise the value first."""
    return hmac.new(_decode(settings.INDEX_KEY), f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


def _encrypt(content: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(settings.FIELD_KEYS[0]).encrypt(nonce, content, context.encode())


def _decrypt(key_id: str, blob: bytes, context: str) -> bytes:
    key = next((key for key in settings.FIELD_KEYS if _key_id(key) == key_id), None)
    if key is None:
        raise CannotUnseal(f"key {key_id} is not in FIELD_KEYS")
    try:
        return _cipher(key).decrypt(blob[:NONCE], blob[NONCE:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal("key, context or bytes do not fit") from error


@cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(_decode(key))


@cache
def _key_id(key: str) -> str:
    return hashlib.sha256(_decode(key)).hexdigest()[:8]


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _encode(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()
