"""Settings of the test run: production settings, but quick hashes and mail kept in memory."""

import os
import tempfile

os.environ.setdefault("SITE_URL", "https://testserver")
os.environ.setdefault("SECRET_KEY", "t3st-only-" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ")
os.environ.setdefault("FIELD_KEYS", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY")
os.environ.setdefault("INDEX_KEY", "ZmVkY2JhWllYV1ZVVFNSUVBPTk1MS0pJSEdGRURDQkE")
os.environ.setdefault("BACKUP_KEY", "a2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODlhYmNkZWY")
os.environ.setdefault("EMAIL_FROM", "Portal TOT <no-reply@testserver>")
if "VAR_DIR" not in os.environ:  # tests/embedded_servers.py names a folder that it removes
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="tot-test-")

from tot_portal.settings import *

ALLOWED_HOSTS = ["testserver", "localhost"]
SECURE_SSL_REDIRECT = False  # the test client speaks http unless told otherwise
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  WhiteNoise warns about a missing folder
