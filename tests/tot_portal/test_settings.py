"""Settings from wrong environments: refused at the start, by the name of the variable, never by its value."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.source import BASE

KEY, OTHER_KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY", "ZmVkY2JhWllYV1ZVVFNSUVBPTk1MS0pJSEdGRURDQkE"
THIRD_KEY = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY"
SECRET = "s3ttings-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM"
GOOD = {
    "SITE_URL": "https://tot.lsp.example",
    "SECRET_KEY": SECRET,
    "FIELD_KEYS": KEY,
    "INDEX_KEY": OTHER_KEY,
    "DATABASE_URL": "postgresql://tot:s3cretword@db:5432/tot",
    "REDIS_URL": "redis://:s3cretword@valkey:6379/0",
    "EMAIL_FROM": "Portal TOT <no-reply@lsp.example>",
}
DEMO = GOOD | {"SITE_URL": "http://localhost:8000", "TOT_DEMO": "1"}
MISSING = None
WRONG = {  # what is wrong -> (the change, the variable that the message names)
    "demo on a public address": ({"TOT_DEMO": "1"}, "TOT_DEMO"),
    "demo on a public address without https": ({"TOT_DEMO": "1", "SITE_URL": "http://tot.lsp.example"}, "TOT_DEMO"),
    "demo switch that is neither yes nor no": ({"TOT_DEMO": "perhaps"}, "TOT_DEMO"),
    "plain http": ({"SITE_URL": "http://tot.lsp.example"}, "SITE_URL"),
    "local address without the demo": ({"SITE_URL": "http://localhost:8000"}, "SITE_URL"),
    "address without a host": ({"SITE_URL": "https://"}, "SITE_URL"),
    "other protocol": ({"SITE_URL": "ftp://tot.lsp.example"}, "SITE_URL"),
    "no address": ({"SITE_URL": MISSING}, "SITE_URL"),
    "no secret": ({"SECRET_KEY": MISSING}, "SECRET_KEY"),
    "empty secret": ({"SECRET_KEY": ""}, "SECRET_KEY"),
    "short secret": ({"SECRET_KEY": SECRET[:49]}, "SECRET_KEY"),
    "secret of one letter": ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
    "secret of a template": ({"SECRET_KEY": f"django-insecure-{SECRET}"}, "SECRET_KEY"),
    "secret to be changed": ({"SECRET_KEY": f"change-me-{SECRET}"}, "SECRET_KEY"),
    "no field keys": ({"FIELD_KEYS": MISSING}, "FIELD_KEYS"),
    "short field key": ({"FIELD_KEYS": KEY[:20]}, "FIELD_KEYS"),
    "field key that is no base64": ({"FIELD_KEYS": "!" * 43}, "FIELD_KEYS"),
    "field key with a strange letter": ({"FIELD_KEYS": f"!{KEY}"}, "FIELD_KEYS"),
    "field key twice, once padded": ({"FIELD_KEYS": f"{KEY},{KEY}="}, "FIELD_KEYS"),
    "field key as index key, padded": ({"INDEX_KEY": f"{KEY}="}, "INDEX_KEY"),
    "two index keys": ({"FIELD_KEYS": THIRD_KEY, "INDEX_KEY": f"{OTHER_KEY},{KEY}"}, "INDEX_KEY"),
    "field key twice": ({"FIELD_KEYS": f"{KEY},{KEY}"}, "FIELD_KEYS"),
    "no index key": ({"INDEX_KEY": MISSING}, "INDEX_KEY"),
    "one key for two purposes": ({"INDEX_KEY": KEY}, "INDEX_KEY"),
    "old field key as index key": ({"FIELD_KEYS": f"{KEY},{OTHER_KEY}"}, "INDEX_KEY"),
    "index key as backup key": ({"BACKUP_KEY": OTHER_KEY}, "BACKUP_KEY"),
    "old field key as backup key": ({"FIELD_KEYS": f"{THIRD_KEY},{KEY}", "BACKUP_KEY": KEY}, "BACKUP_KEY"),
    "short backup key": ({"BACKUP_KEY": KEY[:20]}, "BACKUP_KEY"),
    "unknown mail service": ({"EMAIL_PROVIDER": "brevoo"}, "EMAIL_PROVIDER"),
    "mail service that is a path": ({"EMAIL_PROVIDER": "../os"}, "EMAIL_PROVIDER"),
    "wildcard host": ({"ALLOWED_HOSTS": "tot.lsp.example,*"}, "ALLOWED_HOSTS"),
    "wildcard in a host": ({"ALLOWED_HOSTS": "*.lsp.example"}, "ALLOWED_HOSTS"),
    "whole domain": ({"ALLOWED_HOSTS": ".lsp.example"}, "ALLOWED_HOSTS"),
    "demo under another name": (
        {"TOT_DEMO": "1", "SITE_URL": "http://localhost:8000", "ALLOWED_HOSTS": "localhost,tot.lsp.example"},
        "ALLOWED_HOSTS",
    ),
    "no database": ({"DATABASE_URL": MISSING}, "DATABASE_URL"),
    "other database": ({"DATABASE_URL": "sqlite:///tot.db"}, "DATABASE_URL"),
    "database without a name": ({"DATABASE_URL": "postgresql://tot:s3cretword@db:5432"}, "DATABASE_URL"),
    "database with a strange port": ({"DATABASE_URL": "postgresql://tot:s3cretword@db:port/tot"}, "DATABASE_URL"),
    "no broker": ({"REDIS_URL": MISSING}, "REDIS_URL"),
    "other broker": ({"REDIS_URL": "amqp://guest@valkey/"}, "REDIS_URL"),
    "open broker elsewhere": ({"REDIS_URL": "redis://valkey:6379/0"}, "REDIS_URL"),
    "no sender": ({"EMAIL_FROM": MISSING}, "EMAIL_FROM"),
    "mail port that is no number": ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT"),
    "mail port out of range": ({"EMAIL_PORT": "0"}, "EMAIL_PORT"),
    "negative proxies": ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
    "no worker": ({"WORKER_CONCURRENCY": "0"}, "WORKER_CONCURRENCY"),
}
TRY = """
import json, os, runpy, sys
from django.core.exceptions import ImproperlyConfigured
SHOWN = ["DEBUG", "DEMO", "SECOND_FACTOR_REQUIRED", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
         "SECURE_SSL_REDIRECT", "ALLOWED_HOSTS", "EMAIL_USE_TLS", "SECURE_HSTS_SECONDS"]
answers = []
for environment in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(environment)
    try:
        names = runpy.run_path("tot_portal/settings.py")
        answers.append({name: names[name] for name in SHOWN})
    except ImproperlyConfigured as error:
        answers.append(str(error))
print(json.dumps(answers))
"""


def changed(environment, change):
    return {name: value for name, value in (environment | change).items() if value is not MISSING}


@pytest.fixture(scope="module")
def answers():
    """What the settings say to each environment, asked in one process of its own."""
    tried = {name: changed(GOOD, change) for name, (change, _variable) in WRONG.items()}
    tried |= {"good": GOOD, "demo": DEMO}
    done = subprocess.run(
        [sys.executable, "-c", TRY],
        input=json.dumps(list(tried.values())), capture_output=True, text=True, check=True, cwd=BASE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(BASE)},
    )  # fmt: skip
    return dict(zip(tried, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_environment_is_refused_by_name(answers, wrong):
    variable = WRONG[wrong][1]

    assert isinstance(answers[wrong], str), "the settings took it"
    assert answers[wrong].startswith(variable)


@pytest.mark.parametrize("wrong", WRONG)
def test_refusal_tells_no_secret(answers, wrong):
    assert not any(value in answers[wrong] for value in (SECRET[:20], KEY[:10], OTHER_KEY[:10], "s3cretword"))


def test_production_is_closed_by_default(answers):
    assert answers["good"] == {
        "DEBUG": False,
        "DEMO": False,
        "SECOND_FACTOR_REQUIRED": True,
        "SESSION_COOKIE_NAME": "__Host-tot",
        "SESSION_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "ALLOWED_HOSTS": ["tot.lsp.example"],
        "EMAIL_USE_TLS": True,
        "SECURE_HSTS_SECONDS": 63_072_000,
    }


def test_demo_runs_on_this_computer_only_and_never_in_debug(answers):
    demo = answers["demo"]

    assert (demo["DEMO"], demo["DEBUG"], demo["SECOND_FACTOR_REQUIRED"]) == (True, False, False)
    assert demo["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
