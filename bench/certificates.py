"""Certificates: the portal's renderer against naive WeasyPrint and against a re-save of the ready file.

    python -m bench.certificates        with the portal's settings in the environment; needs no database

All variants run in one process, in turn, one certificate each a round; CPU time, because the machine is shared.
"""

import base64
import dataclasses
import gc
import io
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any

ROUNDS = 15
BATCH = 60
LEAK_RENDERS = 150
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
Variant = Callable[[int], bytes]


def figures() -> list[dict[str, Any]]:
    """The objects of `bench/results.jsonl`. Django is set up."""
    ready = render(0)
    variants: dict[str, Variant] = {
        "ours": render,
        "naive": naive,
        "plain": naive_without_art,
        "floor": lambda number: resaved(ready),
    }
    spent = in_turn(variants, ROUNDS)
    seconds = batch_seconds()
    lost, lost_naive = leak_kb(render, LEAK_RENDERS), leak_kb(naive_without_art, LEAK_RENDERS // 5)
    middle = {name: statistics.median(times) for name, times in spent.items()}
    plain, _spread = ratio(spent["plain"], spent["ours"])
    naive_note = (
        f"naive HTML(string=...).write_pdf() of the same page, art as SVG, bundled fonts already found by fontconfig: "
        f"{middle['naive']:.0f} ms, ours with PDF/A, tags and reading back {middle['ours']:.0f} ms; "
        f"naive without any art {middle['plain']:.0f} ms, ratio {plain:.2f}"
    )
    floor_note = f"ours against pikepdf open and save of the ready file, {middle['floor']:.2f} ms; {len(ready)} bytes"
    return [
        figure("cert.naive_ratio", *ratio(spent["naive"], spent["ours"]), "x", ROUNDS, naive_note),
        figure("cert.floor_ratio", *ratio(spent["ours"], spent["floor"]), "x", ROUNDS, floor_note),
        figure(f"cert.batch_{BATCH}_s", seconds, 0, "s", 1, f"{BATCH} different certificates, one process, wall time"),
        figure(
            "cert.leak_kb", lost, 0, "KB", LEAK_RENDERS, f"growth a render, warm; naive without art {lost_naive:.0f}"
        ),
    ]


def figure(name: str, value: float, spread: float, unit: str, runs: int, note: str) -> dict[str, Any]:
    return {
        "name": name, "value": round(value, 2), "unit": unit, "runs": runs, "spread": round(spread, 2), "note": note,
    }  # fmt: skip


# --- what is measured


def facts_of(number: int) -> Any:
    from certificates.rendering import SAMPLE  # noqa: PLC0415  (Django is set up by now)

    return dataclasses.replace(
        SAMPLE,
        number=f"{number:04}/SP-ASKOM/CONTOH/XI/2026",
        name=f"{['Siti', 'Agus', 'Dewi', 'Yohanes', 'Nurul'][number % 5]} Contoh {number} Nama Peserta, S.T.",
        verify_url=f"https://portal.example.org/verifikasi/{number:026}",
    )


def render(number: int) -> bytes:
    from certificates.rendering import render_certificate  # noqa: PLC0415

    return render_certificate(facts_of(number))


def naive(number: int) -> bytes:
    """As the first page of the manual shows it: one string in, a file out."""
    from weasyprint import HTML  # noqa: PLC0415

    return HTML(string=naive_page(number)).write_pdf()


def naive_without_art(number: int) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415

    page = re.sub(r'url\("data:[^"]+"\)[^;]*;', "none;", naive_page(number))
    return HTML(string=page).write_pdf()


def naive_page(number: int) -> str:
    """The same page with style sheet, art and QR code inside."""
    import segno  # noqa: PLC0415

    from certificates.rendering.page import certificate_html  # noqa: PLC0415

    facts = facts_of(number)
    code = segno.make(facts.verify_url, error="m", micro=False).svg_data_uri(border=4)
    page = certificate_html(facts).replace('"asset:qr"', f'"{code}"')
    return page.replace("</head>", f"<style>{naive_style()}</style></head>")


@cache
def naive_style() -> str:
    """The style sheet with the art inside; putting it together is nobody's time."""
    from certificates.rendering import art, engine  # noqa: PLC0415

    style = engine.STYLE.read_text()
    sizes = {"front": (art.WIDTH, art.HEIGHT), "back": (art.WIDTH, art.HEIGHT), "seal": (34, 44)}
    for name, size in sizes.items():
        picture = base64.b64encode(getattr(art, name)().svg(*size).encode()).decode()
        style = style.replace(f"asset:{name}", f"data:image/svg+xml;base64,{picture}")
    return style


def resaved(content: bytes) -> bytes:
    import pikepdf  # noqa: PLC0415

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(target)
    return target.getvalue()


# --- how


def in_turn(variants: dict[str, Variant], rounds: int) -> dict[str, list[float]]:
    """CPU milliseconds of each variant in each round, after three rounds that nobody counts."""
    spent: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(-3, rounds):
        for name, variant in variants.items():
            gc.collect()
            began = time.process_time()
            variant(100 + number)
            if number >= 0:
                spent[name].append((time.process_time() - began) * 1000)
    return spent


def ratio(larger: list[float], smaller: list[float]) -> tuple[float, float]:
    """Median of the ratios within each round, and the distance between their quartiles."""
    ratios = [above / below for above, below in zip(larger, smaller, strict=True)]
    first, middle, last = statistics.quantiles(ratios, n=4)
    return middle, last - first


def batch_seconds() -> float:
    began = time.perf_counter()
    for number in range(BATCH):
        render(1000 + number)
    return time.perf_counter() - began


def leak_kb(variant: Variant, renders: int) -> float:
    """How much the process keeps from one render, after ten that fill the caches."""
    for number in range(10):
        variant(number)
    before = _resident_kb()
    for number in range(renders):
        variant(2000 + number)
    return (_resident_kb() - before) / renders


def _resident_kb() -> int:
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE_KB


if __name__ == "__main__":
    import django

    django.setup()
    for measured in figures():
        sys.stdout.write(json.dumps(measured, ensure_ascii=False) + "\n")
