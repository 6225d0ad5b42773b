"""Model fields whose column holds sealed text."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from core import crypto


class SealedTextField(models.TextField):
    """Plain text in Python, sealed in the column; '' stays ''. Not searchable: keep a keyed hash beside it."""

    @property
    def context(self) -> str:
        """What the sealed value is bound to: table.column."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return crypto.seal(value, self.context) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return crypto.unseal(value, self.context) if value else value

    def get_lookup(self, lookup_name: str):
        if lookup_name not in {"exact", "isnull"}:
            raise FieldError(f"{self.name} is sealed: search by its keyed hash.")
        return super().get_lookup(lookup_name)
