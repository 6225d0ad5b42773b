"""The archive's format: members one after another in an encrypted stream, written and read in one pass.

File: HEADER, then chunks. HEADER is `MAGIC`, 16 bytes of salt, 8 bytes that tell whether the key fits. From BACKUP_KEY
and the salt, HKDF-SHA256 makes a key for this archive alone. A chunk is up to CHUNK bytes under AES-256-GCM with the
header as associated data; its nonce is its number (11 bytes) and whether it is the last (1 byte). So a chunk that was
changed, moved, dropped, added or cut off is found, and a stream cut between two chunks is too.

Inside: a member is 2 bytes of length and its name, then blocks of 4 bytes of length and content, an empty block at
its end; after the last member come 2 bytes of zero. Numbers are big-endian.
"""

import base64
import hashlib
import secrets
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MAGIC = b"TOT-BK1\n"
SALT = 16
CHECK = 8
TAG = 16
CHUNK = 1 << 20
BLOCK = 1 << 18  # how much of a member is handed on at once
DATABASE = "database"  # the member with the dump
FILES = "files/"  # before the name of each private file


class BackupRefused(Exception):
    """Nothing was done; the message says why and what to do."""


class CannotOpen(BackupRefused):
    """Not an archive of ours, another key, or not the bytes that were written."""


class Sum(NamedTuple):
    """What a member is compared by."""

    size: int
    sha256: str


def backup_key() -> str:
    """BACKUP_KEY, or the sentence that says how to come by one."""
    if not settings.BACKUP_KEY:
        raise BackupRefused("BACKUP_KEY is not set. docs/settings.md has the command that makes one; keep it apart.")
    return settings.BACKUP_KEY


class ArchiveWriter:
    """Members into `file`. Without `close` the archive does not open."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        salt = secrets.token_bytes(SALT)
        self._cipher, check = _cipher(key, salt)
        self._header = MAGIC + salt + check
        self._file, self._number, self._buffer = file, 0, bytearray()
        file.write(self._header)

    def add(self, name: str, blocks: Iterable[bytes]) -> Sum:
        """One member from its blocks, of any sizes."""
        size, digest = 0, hashlib.sha256()
        label = name.encode()
        self._write(struct.pack(">H", len(label)) + label)
        for block in filter(None, blocks):
            self._write(struct.pack(">I", len(block)) + block)
            digest.update(block)
            size += len(block)
        self._write(struct.pack(">I", 0))
        return Sum(size, digest.hexdigest())

    def close(self) -> None:
        """The end mark and the last chunk; `file` stays open."""
        self._write(struct.pack(">H", 0))
        self._seal(bytes(self._buffer), last=True)

    def _write(self, content: bytes) -> None:
        self._buffer += content
        while len(self._buffer) > CHUNK:
            self._seal(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), plain, self._header))
        self._number += 1


def members(file: BinaryIO, key: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each member's name and blocks, from the start of `file`; what the caller leaves of a member is read over.

    CannotOpen, perhaps only after some members were handed out: read once to the end before acting on any.
    """
    stream = _Stream(_chunks(file, key))
    while length := stream.number(">H"):
        name = stream.take(length).decode()
        blocks = _blocks(stream)
        yield name, blocks
        for _rest in blocks:
            pass
    if stream.rest():
        raise CannotOpen("The archive is damaged: there is something behind its end.")


def _blocks(stream: "_Stream") -> Iterator[bytes]:
    while length := stream.number(">I"):
        while length:
            block = stream.take(min(length, BLOCK))
            length -= len(block)
            yield block


class _Stream:
    """Reads exact lengths from decrypted chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._buffer, self._place = chunks, b"", 0

    def take(self, length: int) -> bytes:
        parts = []
        while length:
            if self._place == len(self._buffer):
                self._buffer, self._place = next(self._chunks, None), 0
                if self._buffer is None:
                    raise CannotOpen("The archive is damaged: it ends in the middle.")
            part = self._buffer[self._place : self._place + length]
            self._place += len(part)
            length -= len(part)
            parts.append(part)
        return b"".join(parts)

    def number(self, form: str) -> int:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def rest(self) -> bool:
        return self._place < len(self._buffer) or any(self._chunks)


def _chunks(file: BinaryIO, key: str) -> Iterator[bytes]:
    header = file.read(len(MAGIC) + SALT + CHECK)
    if len(header) < len(MAGIC) + SALT + CHECK or not header.startswith(MAGIC):
        raise CannotOpen("This is not a backup archive of the portal.")
    cipher, check = _cipher(key, header[len(MAGIC) : len(MAGIC) + SALT])
    if not secrets.compare_digest(check, header[-CHECK:]):
        raise CannotOpen("The archive was made with another BACKUP_KEY, or its first bytes are damaged.")
    number, chunk = 0, file.read(CHUNK + TAG)
    while chunk is not None:
        following = file.read(CHUNK + TAG) or None
        try:
            plain = cipher.decrypt(_nonce(number, following is None), chunk, header)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(
                f"The archive is damaged or cut off: chunk {number + 1} is not what was written."
            ) from error
        yield plain
        number, chunk = number + 1, following


def _cipher(key: str, salt: bytes) -> tuple[AESGCM, bytes]:
    secret = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    derived = HKDF(algorithm=SHA256(), length=32 + CHECK, salt=salt, info=b"TOT portal backup 1").derive(secret)
    return AESGCM(derived[:32]), derived[32:]


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
