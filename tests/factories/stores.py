"""A real S3 server over HTTP on a port of its own, with an empty private bucket, and the settings that choose it."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "tot-private"


@contextmanager
def s3_server() -> Iterator[ThreadedMotoServer]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def address(server: ThreadedMotoServer) -> str:
    return "http://{}:{}".format(*server.get_host_and_port())


def new_bucket(server: ThreadedMotoServer) -> None:
    """The bucket, empty, as if the server were new."""
    client = boto3.client(
        "s3", endpoint_url=address(server), region_name="us-east-1",
        aws_access_key_id="tot", aws_secret_access_key="s3cretword",
    )  # fmt: skip
    if BUCKET in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
        for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
            client.delete_object(Bucket=BUCKET, Key=found["Key"])
    else:
        client.create_bucket(Bucket=BUCKET)


def in_bucket(endpoint: str) -> dict:
    """STORAGES["private"] as the settings make it from FILES_S3_*."""
    options = {"bucket_name": BUCKET, "endpoint_url": endpoint, "region_name": "us-east-1"}
    options |= {"access_key": "tot", "secret_key": "s3cretword"}
    return {"BACKEND": "core.bucket.PrivateBucket", "OPTIONS": options}
