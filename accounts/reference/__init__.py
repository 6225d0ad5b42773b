"""The texts that people accept, as shipped: the privacy notice and the declarations of an application."""

from pathlib import Path

import yaml

from accounts.models import ConsentTerm
from core.versioned import put_in_force

TERMS = Path(__file__).with_name("terms.yaml")


def load() -> int:
    """Puts the shipped texts in force where they differ from what is; returns how many new versions that made."""
    before = ConsentTerm.objects.count()
    for term in yaml.safe_load(TERMS.read_text(encoding="utf-8")):
        content = {"id": term["id"].strip(), "en": term["en"].strip(), "kind": term["kind"]}
        put_in_force(ConsentTerm, code=term["code"], title=term["title"], content=content)
    return ConsentTerm.objects.count() - before
