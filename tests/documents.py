"""Pages of docs/ that are written from the code: a test compares them, UPDATE_DOCS=1 writes them anew."""

import os
from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def table(head: list[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def agrees(name: str, content: str) -> bool:
    """True if the page holds `content` between its marks. With UPDATE_DOCS=1 it is put there first."""
    path = DOCS / name
    page = path.read_text()
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    fresh = f"{before}{BEGIN}\n\n{content}\n\n{END}{after}"
    if os.environ.get("UPDATE_DOCS") == "1":
        path.write_text(fresh)
        return True
    return page == fresh
