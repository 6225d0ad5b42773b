"""Reads settings from the environment and refuses bad values at start-up.

Each reader raises ImproperlyConfigured with the variable's name and what is wrong, never with its value:
messages end in logs, and some values are secrets.
"""

import base64
import binascii
import os
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The variable's text; without a default it must be set and not empty."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        raise ImproperlyConfigured(f"{name} is not set.")
    return value.strip()


def flag(name: str, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be 1 or 0.")
    return value in YES


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within [least, most]."""
    raw = os.environ.get(name, str(default)).strip()
    try:
        value = int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must lie between {least} and {most}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma separated list, empty parts dropped."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def beginning_with(prefix: str) -> dict[str, str]:
    """All variables whose names begin so, without the beginning."""
    return {name.removeprefix(prefix): value.strip() for name, value in os.environ.items() if name.startswith(prefix)}


def mail_service(name: str) -> str:
    """The mail backend of a service that django-anymail knows; "" for none: SMTP."""
    service = text(name, "")
    try:
        known = not service or (service.isidentifier() and find_spec(f"anymail.backends.{service}"))
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured(f"{name} needs the packages of requirements-optional.txt.") from error
    if not known:
        raise ImproperlyConfigured(f"{name} must name a service that django-anymail knows.")
    return f"anymail.backends.{service}.EmailBackend" if service else ""


def secret(name: str, *, least: int = 50) -> str:
    """A secret of at least `least` characters that is not an obvious placeholder."""
    value = text(name)
    if len(value) < least or len(set(value)) < 10 or "insecure" in value or "change" in value.lower():
        raise ImproperlyConfigured(f"{name} must be a random secret of at least {least} characters.")
    return value


def keys(name: str) -> list[str]:
    """Comma separated base64url keys of exactly 32 bytes, newest first; at least one. Equal keys are equal texts."""
    values = words(name)
    if not values:
        raise ImproperlyConfigured(f"{name} is not set.")
    same = [_same_text(name, value) for value in values]
    if len(set(same)) != len(same):
        raise ImproperlyConfigured(f"{name} names the same key twice.")
    return same


def key(name: str) -> str:
    """The one key; a list is refused, because only its first would count."""
    values = keys(name)
    if len(values) != 1:
        raise ImproperlyConfigured(f"{name} must hold one key.")
    return values[0]


def _same_text(name: str, value: str) -> str:
    """A key as base64url without padding; a letter that does not belong is refused, not skipped."""
    try:
        secret_bytes = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must hold base64url keys.") from error
    if len(secret_bytes) != 32:
        raise ImproperlyConfigured(f"{name} must hold keys of 32 bytes.")
    return base64.urlsafe_b64encode(secret_bytes).rstrip(b"=").decode()


def database(name: str) -> dict[str, Any]:
    """postgresql://user:password@host:port/name, or ...@/name?host=/socket/folder, as Django's DATABASES entry."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql:// (the portal speaks PostgreSQL only).")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    database_name = unquote(url.path.lstrip("/"))
    if not database_name:
        raise ImproperlyConfigured(f"{name} names no database.")
    try:
        port = url.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must name a port between 1 and 65535.") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": str(port or query.pop("port", "")),
        "OPTIONS": query,
    }


def broker(name: str) -> str:
    """redis://:password@host:port/number, or rediss://; a broker elsewhere than on this computer has a password."""
    value = text(name)
    url = urlsplit(value)
    if url.scheme not in {"redis", "rediss"} or not url.hostname:
        raise ImproperlyConfigured(f"{name} must be an address like redis://:password@host:6379/0.")
    if not url.password and url.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ImproperlyConfigured(f"{name} must hold a password, because the broker is another computer's.")
    return value
