"""Short random public ids, the only ids that appear in addresses."""

import secrets

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: codes are read aloud on the phone
LENGTH = 10  # 31^10 possibilities; access is still checked on each request


def new_code() -> str:
    """Ten random letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class CodeField(models.CharField):
    """A unique random code, made when the row is made."""

    def __init__(self, **options) -> None:
        super().__init__(**({"max_length": LENGTH, "unique": True, "default": new_code, "editable": False} | options))
