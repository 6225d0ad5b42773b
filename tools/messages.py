"""Collects the sentences of the screens into locale/en: `make messages`.

Indonesian is the source language, so one catalogue holds all translations. Sentences come from Python files,
templates (Django's own templatize turns them into Python) and the labels in the reference data.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = "core notifications accounts batches participants assessments certificates tot_portal".split()
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
DATA_KEYS = {"label", "title", "standard", "question"}
RUBRIC_KEYS = {"label", "title", "text"}
DATA_FILES = {
    "batches/reference/schemes.yaml": DATA_KEYS,
    "batches/reference/units.yaml": DATA_KEYS,
    "assessments/reference/rubric.yaml": RUBRIC_KEYS,
}

Message = tuple[str | tuple[str, str], str | None, str]  # (id or (singular, plural), context, where)


def sentences() -> Iterator[Message]:
    """Every sentence of the portal with the file it stands in."""
    from django.utils.translation.template import templatize  # noqa: PLC0415  (needs settings)

    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _from_python(path.read_text(), path)
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            python = templatize(path.read_text(), origin=str(path))
            yield from _from_python("\n".join(line.strip() for line in python.splitlines()), path)
    for name, keys in DATA_FILES.items():
        if (ROOT / name).exists():
            for text in _labels(yaml.safe_load((ROOT / name).read_text()), keys):
                yield text, None, name


def _from_python(source: str, path: Path) -> Iterator[Message]:
    where = str(path.relative_to(ROOT))
    for _line, function, found, _comments in extract_python(
        io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        parts = found if isinstance(found, tuple) else (found,)
        context = None
        if "pgettext" in function:
            context, parts = parts[0], parts[1:]
        plural = function.startswith("n") and len(parts) > 1 and isinstance(parts[1], str)
        if parts and isinstance(parts[0], str) and parts[0]:
            yield ((parts[0], parts[1]) if plural else parts[0]), context, where


def _labels(data, keys: set[str]) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _labels(value, keys)
    elif isinstance(data, list):
        for value in data:
            yield from _labels(value, keys)


def collect() -> Catalog:
    """A fresh catalogue without translations."""
    catalog = Catalog(locale="en", project="TOT portal", charset="utf-8", fuzzy=False)
    for text, context, where in sentences():
        catalog.add(text, context=context, locations=[(where, 0)])
    return catalog


def load() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def update() -> Catalog:
    """The kept translations merged with what the code says now; what nobody says any more is dropped."""
    known, fresh = load(), collect()
    for message in fresh:
        if message.id and (old := known.get(message.id, message.context)):
            message.string = old.string
    return fresh


def untranslated(catalog: Catalog) -> list[str]:
    def text(message) -> str:
        return message.id[0] if isinstance(message.id, tuple) else message.id

    def empty(message) -> bool:
        return not (all(message.string) if isinstance(message.string, tuple) else message.string)

    return [text(message) for message in catalog if message.id and empty(message)]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tot_portal.settings_test")
    os.environ.setdefault("DATABASE_URL", "postgresql:///unused?host=/tmp")
    os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
    catalog = update()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    missing = untranslated(catalog)
    print(f"{len(catalog)} sentences, {len(missing)} without English:")
    for text in missing:
        print(f"  {text!r}")


if __name__ == "__main__":
    main()
