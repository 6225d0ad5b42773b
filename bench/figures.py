"""One figure as it is kept: a name, a value with its unit, from how many runs, how far they lay apart, and a note."""

import statistics
from collections.abc import Sequence
from typing import Any


def figure(name: str, values: Sequence[float], unit: str, note: str = "", *, digits: int = 2) -> dict[str, Any]:
    """The median of the runs; `spread` is the distance between the lowest and the highest."""
    spread = max(values) - min(values)
    return {
        "name": name, "value": round(statistics.median(values), digits), "unit": unit, "runs": len(values),
        "spread": round(spread, digits), "note": note,
    }  # fmt: skip
