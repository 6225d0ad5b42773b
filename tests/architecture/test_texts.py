"""Comments and documents explain themselves: they point to nothing that a reader of this repository does not have."""

import io
import re
import tokenize

import pytest

from tests.architecture.source import BASE, FLOORS

KEPT = {  # words of the field that look like numbered paragraphs
    "A3", "A4", "B2", "C4", "D1", "D2", "D3", "D4", "P1", "P2", "P3", "S1", "S2", "S3", "C90",
}  # fmt: skip
NUMBERED = re.compile(r"(?<![\w.\-+#/])[ABCDGJPRSU]\d{1,2}(?![\w\-.]\w|\w)")
ELSEWHERE = re.compile("shared" + "/|" + r"\b(house|trust|domain|model|interface|performance|product)\.md\b")


def comments(text: str) -> str:
    """Comments and docstrings of a Python file."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(
        token.string for token in tokens
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.startswith('"""'))
    )  # fmt: skip


def pointers(text: str) -> list[str]:
    """Numbers of paragraphs and names of papers in a text."""
    return [word for word in NUMBERED.findall(text) if word not in KEPT] + [m.group() for m in ELSEWHERE.finditer(text)]


def texts() -> dict[str, str]:
    found = {}
    for folder in (*FLOORS, "tests", "tools"):
        for path in (BASE / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found[str(path.relative_to(BASE))] = comments(path.read_text())
    for path in [*BASE.glob("*.md"), *(BASE / "docs").rglob("*.md"), *(BASE / "static").glob("*/app.*")]:
        found[str(path.relative_to(BASE))] = path.read_text()
    for path in (BASE / "templates").rglob("*.html"):
        found[str(path.relative_to(BASE))] = "\n".join(re.findall(r"{#.*?#}", path.read_text(), re.DOTALL))
    return found


def test_texts_explain_themselves():
    assert {name: found for name, text in texts().items() if (found := pointers(text))} == {}


@pytest.mark.parametrize(
    "text", ["# see R" + "22", '"""Keeps B' + '11."""', "# as house" + ".md says", "shared" + "/data"]
)
def test_pointer_elsewhere_is_found(text):
    assert pointers(text)


@pytest.mark.parametrize("text", ["an LSP of kind P1", "education D3 or S1", "paper A4", "#A1B2C3", "page_size=A4"])
def test_words_of_the_field_are_left_alone(text):
    assert pointers(text) == []
