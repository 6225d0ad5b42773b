"""The format of archives: what was written comes back, and nothing else opens."""

import io

import pytest

from core.backup.archive import CHUNK, MAGIC, TAG, ArchiveWriter, BackupRefused, CannotOpen, members

KEY = "a2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODlhYmNkZWY"
OTHER = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"
HEADER = len(MAGIC) + 16 + 8


def write(content: dict[str, list[bytes]], key: str = KEY) -> bytes:
    file = io.BytesIO()
    archive = ArchiveWriter(file, key)
    for name, blocks in content.items():
        archive.add(name, blocks)
    archive.close()
    return file.getvalue()


def read(sealed: bytes, key: str = KEY) -> dict[str, bytes]:
    return {name: b"".join(blocks) for name, blocks in members(io.BytesIO(sealed), key)}


LONG = {"files/a": [b"x" * CHUNK, b"y" * 70], "database": [b"z" * CHUNK], "empty": []}  # a little over two chunks


@pytest.fixture(scope="module")
def sealed():
    return write(LONG)


@pytest.mark.parametrize(
    "content",
    [{}, {"empty": []}, {"a": [b"1", b"", b"23"]}, {"big": [b"x" * (3 * CHUNK + 5)]}, {"é": [b"1"], "b": [b"2"]}, LONG],
)  # fmt: skip
def test_members_come_back_in_order(content):
    assert list(read(write(content)).items()) == [(name, b"".join(blocks)) for name, blocks in content.items()]


@pytest.mark.parametrize("length", [CHUNK - 12, CHUNK - 11, CHUNK - 10, CHUNK])
def test_lengths_around_the_border_of_a_chunk_come_back(length):
    assert read(write({"a": [b"x" * length]})) == {"a": b"x" * length}


def test_what_is_not_read_of_a_member_is_read_over():
    assert [name for name, _blocks in members(io.BytesIO(write(LONG)), KEY)] == list(LONG)


def test_sum_is_the_size_and_hash_of_what_was_added():
    assert ArchiveWriter(io.BytesIO(), KEY).add("a", [b"ab", b"c"]) == (
        3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    )  # fmt: skip


def test_content_and_names_do_not_show():
    assert b"ijazah" not in write({"files/ijazah": [b"ijazah"]})


def test_same_content_is_sealed_differently_each_time():
    assert write({"a": [b"1"]})[len(MAGIC) :] != write({"a": [b"1"]})[len(MAGIC) :]


def swap_chunks(sealed: bytes) -> bytes:
    size, body = CHUNK + TAG, sealed[HEADER:]
    return sealed[:HEADER] + body[size : 2 * size] + body[:size] + body[2 * size :]


BREAKS = {
    "empty file": (lambda sealed: b"", "not a backup archive"),
    "something else": (lambda sealed: b"PK" + sealed, "not a backup archive"),
    "header only": (lambda sealed: sealed[:HEADER], "damaged or cut off"),
    "cut in a chunk": (lambda sealed: sealed[:-1], "damaged or cut off"),
    "cut between chunks": (lambda sealed: sealed[: HEADER + 2 * (CHUNK + TAG)], "damaged or cut off"),
    "first chunk missing": (lambda sealed: sealed[:HEADER] + sealed[HEADER + CHUNK + TAG :], "chunk 1"),
    "chunks swapped": (swap_chunks, "chunk 1"),
    "longer": (lambda sealed: sealed + b"\0" * 40, "damaged or cut off"),
    "first bit of the salt": (lambda sealed: flip(sealed, len(MAGIC)), "another BACKUP_KEY"),
    "first bit of a chunk": (lambda sealed: flip(sealed, HEADER), "chunk 1"),
    "last bit": (lambda sealed: flip(sealed, -1), "chunk 3"),
}


def flip(sealed: bytes, place: int) -> bytes:
    changed = bytearray(sealed)
    changed[place] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("name", BREAKS)
def test_archive_that_is_not_what_was_written_does_not_open(sealed, name):
    change, sentence = BREAKS[name]

    with pytest.raises(CannotOpen, match=sentence):
        read(change(sealed))


def test_other_key_does_not_open(sealed):
    with pytest.raises(BackupRefused, match="another BACKUP_KEY"):
        read(sealed, OTHER)


def test_chunk_of_another_archive_of_the_same_key_does_not_fit(sealed):
    with pytest.raises(CannotOpen, match="chunk 1"):
        read(sealed[:HEADER] + write(LONG)[HEADER:])


def test_content_behind_the_end_is_refused():
    file = io.BytesIO()
    archive = ArchiveWriter(file, KEY)
    archive._write(b"\0\0 and more")
    archive._seal(bytes(archive._buffer), last=True)

    with pytest.raises(CannotOpen, match="behind its end"):
        read(file.getvalue())
