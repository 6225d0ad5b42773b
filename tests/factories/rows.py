"""Rows that many tests start from, made by the portal once per process and copied from then on."""

from collections.abc import Callable

from django.db import models, transaction

Model = type[models.Model]
kept: dict[Callable, dict[Model, list[models.Model]]] = {}


@transaction.atomic
def load_rows(load: Callable[[], object], *tables: Model) -> None:
    """What `load` writes into these tables, with one statement for each; where rows are already, `load` itself."""
    if any(table.objects.exists() for table in tables):
        load()
    elif load in kept:
        for table, rows in kept[load].items():
            table.objects.bulk_create(rows)
    else:
        load()
        kept[load] = {table: list(table.objects.all()) for table in tables}
