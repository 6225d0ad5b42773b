"""The LSP's lists that rules refer to: education levels, document types, declarations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """Ranks decide, labels are only shown. An empty list means: not known here, so not checked when parsing."""

    education_ranks: Mapping[str, int] = field(default_factory=dict)
    education_labels: Mapping[str, str] = field(default_factory=dict)
    document_labels: Mapping[str, str] = field(default_factory=dict)
    declaration_labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Reference":
        """From the reference file: `education_levels`, `document_types`, and `declarations` when there are any."""
        levels, documents = data.get("education_levels", ()), data.get("document_types", ())
        return cls(
            education_ranks={level["code"]: level["rank"] for level in levels},
            education_labels={level["code"]: level["label"] for level in levels},
            document_labels={document["code"]: document["label"] for document in documents},
            declaration_labels={text["code"]: text["label"] for text in data.get("declarations", ())},
        )


NO_REFERENCE = Reference()
