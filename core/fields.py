"""Model fields whose column holds sealed text."""

from typing import Any, NoReturn

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, IsNull

from core import crypto


class SealedTextField(models.TextField):
    """Plain text in Python, sealed in the column; '' stays ''.

    Not searchable: keep a keyed hash beside it. The only lookups are isnull and exact ''. Renaming the table or the
    column changes what values are bound to; such a migration re-seals them.
    """

    @property
    def context(self) -> str:
        """What the sealed value is bound to: table.column."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return crypto.seal(value, self.context) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return crypto.unseal(value, self.context) if value else value

    def value_to_string(self, obj: models.Model) -> NoReturn:
        raise FieldError(f"{self.name} is sealed: dumpdata would write it in clear. Use pg_dump.")

    def get_lookup(self, lookup_name: str) -> type:
        lookups = {"exact": ExactlyEmpty, "isnull": IsNull}
        if lookup_name not in lookups:
            raise FieldError(f"{self.name} is sealed: search by its keyed hash.")
        return lookups[lookup_name]

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.name} is sealed: search by its keyed hash.")


class ExactlyEmpty(Exact):
    """Each seal of a value differs, so a comparison with anything but '' would silently find nothing."""

    def get_prep_lookup(self) -> str:
        if self.rhs != "":
            raise FieldError(f"{self.lhs.output_field.name} is sealed: search by its keyed hash.")
        return ""
