"""Private files in a bucket of an S3 server, for installations with many web and worker nodes.

Imported only when FILES_S3_BUCKET is set; needs requirements-optional.txt. Each act is one request, so an object is
there whole or not at all; the client is kept per thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from core.storage import OURS, Entry, PrivateStore, StoreAway

MISSING = {"404", "NoSuchKey"}
PATIENCE = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 2},  # in all within the time of a task
    signature_version="s3v4",
    request_checksum_calculation="when_required",  # servers other than Amazon's may know no more
    response_checksum_validation="when_required",
)


@contextmanager
def _in_our_words(name: str = "") -> Iterator[None]:
    """The library's exceptions as those of a file system."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if name and code in MISSING:
            raise FileNotFoundError(name) from error
        raise StoreAway(f"The server of the files refuses: {code}") from error
    except BotoCoreError as error:
        raise StoreAway(f"The server of the files does not answer: {type(error).__name__}") from error


class PrivateBucket(PrivateStore, S3Storage):
    """The bucket. It must be private; what lies in it is sealed anyhow."""

    def __init__(self, **options: Any) -> None:
        style = {"addressing_style": "path" if options.get("endpoint_url") else "virtual"}
        super().__init__(**options, client_config=PATIENCE.merge(Config(s3=style)))

    @property
    def client(self) -> Any:
        return self.connection.meta.client

    def _save(self, name: str, content: File) -> str:
        with _in_our_words():
            self.client.put_object(Bucket=self.bucket_name, Key=name, Body=content.read())
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(self._get(name), name=name)

    def read_start(self, name: str, count: int) -> bytes:
        return self._get(name, Range=f"bytes=0-{count - 1}")

    def delete(self, name: str) -> None:
        with _in_our_words():
            self.client.delete_object(Bucket=self.bucket_name, Key=name)

    def entries(self) -> Iterator[Entry]:
        with _in_our_words():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name):
                for found in page.get("Contents", ()):
                    if OURS.fullmatch(found["Key"]):
                        yield Entry(found["Key"], found["Size"], found["LastModified"])

    def _get(self, name: str, **part: str) -> bytes:
        with _in_our_words(name):
            return self.client.get_object(Bucket=self.bucket_name, Key=name, **part)["Body"].read()
