"""Fetch and cut what we take from others: fonts (and, through tools/icons.py, icons). For developers only.

    python tools/vendor.py            fetch with `npm pack`, cut, write files and tools/vendor.json
    python tools/vendor.py --check    compare the files in static/ with tools/vendor.json, offline

The versions below are renewed on purpose, never by themselves.
"""

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

sys.path.insert(0, str(Path(__file__).resolve().parent))
import icons

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
MANIFEST = Path(__file__).with_name("vendor.json")
FONT_PACKAGE = "@fontsource-variable/public-sans@5.3.0"
ICON_PACKAGE = "@tabler/icons@3.51.0"
# What Indonesian and English pages need; names with other Latin letters load the second file.
BASIC = (
    "U+20-7E,U+A0,U+A7,U+A9,U+B0-B2,U+B7,U+C9,U+D7,U+E9,U+2010-2015,U+2018-201D,U+2022,U+2026,U+2190-2193,U+2212,U+2713"
)
EXTENDED = "U+A1-A6,U+A8,U+AA-AF,U+B3-B6,U+B8-C8,U+CA-D6,U+D8-E8,U+EA-24F,U+1E00-1EFF"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
# What certificates are set in: whole TTF files, because the PDF takes its letters from them. Latin with its accents,
# Vietnamese too; no other script.
PDF_PACKAGES = {
    "@expo-google-fonts/plus-jakarta-sans@0.4.2": ("Portal Sans", "jakarta", ["400Regular", "700Bold"]),
    "@expo-google-fonts/playfair-display@0.4.2": ("Portal Serif", "playfair", ["600SemiBold", "400Regular_Italic"]),
}  # package: name of the cut family (the licence reserves the original's), first part of the files, styles
PRINTED = "U+20-7E,U+A0-24F,U+2BB,U+2BC,U+300-304,U+306-30C,U+31B,U+323,U+326-328,U+1E00-1EFF,U+2010-201E,U+2022,U+2026"
PRINTED_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]
BORROWED = {0x2BB: 0x2018, 0x2BC: 0x2019}  # the okina and its like, where a font lacks them


def unpack(package: str, folder: Path) -> Path:
    """The files of an npm package, without installing it."""
    command = ["npm", "pack", package, "--silent", "--pack-destination", str(folder)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    target = folder / name.removesuffix(".tgz")
    with tarfile.open(folder / name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def codepoints(ranges: str) -> set[int]:
    wanted: set[int] = set()
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.partition("-")
        wanted.update(range(int(first, 16), int(last or first, 16) + 1))
    return wanted


def cut_font(sources: list[Path], ranges: str, target: Path) -> None:
    """One woff2 with weights 400-700 and only the wanted letters that the first fitting source has."""
    wanted = codepoints(ranges)
    source = max(sources, key=lambda path: len(wanted & set(TTFont(path).getBestCmap())))
    font = instancer.instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"wght": (400, 700)})
    options = Options(layout_features=FEATURES, hinting=False, desubroutinize=True, drop_tables=["DSIG", "MVAR"])
    options.name_IDs = [0, 1, 2, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    target.write_bytes(buffer.getvalue())


def cut_printed_font(source: Path, family: str, target: Path) -> None:
    """A TTF of one style under our family's name; its figures are lining and, where the font can, equally wide."""
    font = TTFont(source, recalcTimestamp=False)
    for cmap in [table.cmap for table in font["cmap"].tables if table.isUnicode()]:
        for letter, other in BORROWED.items():
            cmap.setdefault(letter, cmap[other])
        for tag in ("lnum", "tnum"):
            figures = single_substitutions(font, tag)
            cmap.update({code: figures.get(glyph, glyph) for code, glyph in cmap.items() if 0x30 <= code <= 0x39})
    options = Options(layout_features=PRINTED_FEATURES, hinting=False, drop_tables=["DSIG", "STAT"])
    options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codepoints(PRINTED))
    subsetter.subset(font)
    style = target.stem.split("-")[1].title()
    postscript = f"{family}-{style}".replace(" ", "")
    for number, text in {1: family, 3: postscript, 4: f"{family} {style}", 6: postscript}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font.save(target)


def single_substitutions(font: TTFont, tag: str) -> dict[str, str]:
    """Glyph to glyph of one feature."""
    table = font["GSUB"].table
    wanted = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == tag
        for index in record.Feature.LookupListIndex
    }
    found: dict[str, str] = {}
    for index in sorted(wanted):
        for part in table.LookupList.Lookup[index].SubTable:
            found.update(getattr(getattr(part, "ExtSubTable", part), "mapping", {}))
    return found


def fetch_printed_fonts(temporary: Path) -> None:
    folder = STATIC / "fonts/pdf"
    folder.mkdir(parents=True, exist_ok=True)
    for package, (family, short, styles) in PDF_PACKAGES.items():
        source = unpack(package, temporary)
        for style in styles:
            (file,) = (source / style).glob("*.ttf")
            weight = style.lstrip("0123456789").removeprefix("Regular_").lower()
            cut_printed_font(file, family, folder / f"{short}-{weight}.ttf")
        (folder / f"{short}-LICENSE.txt").write_bytes((source / "LICENSE_FONT").read_bytes())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendored_files() -> list[Path]:
    files = [*(STATIC / "fonts").rglob("*"), STATIC / "img/icons.svg", STATIC / "img/icons-LICENSE.txt"]
    return sorted(path for path in files if path.is_file())


def fetch() -> None:
    for folder in ("fonts", "img"):
        (STATIC / folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        fonts = unpack(FONT_PACKAGE, Path(temporary))
        sources = sorted((fonts / "files").glob("*-wght-normal.woff2"))
        cut_font(sources, BASIC, STATIC / "fonts/public-sans-basic.woff2")
        cut_font(sources, EXTENDED, STATIC / "fonts/public-sans-extended.woff2")
        (STATIC / "fonts/LICENSE.txt").write_bytes((fonts / "LICENSE").read_bytes())
        fetch_printed_fonts(Path(temporary))
        drawings = unpack(ICON_PACKAGE, Path(temporary))
        (STATIC / "img/icons.svg").write_text(icons.sprite(drawings / "icons/outline"))
        (STATIC / "img/icons-LICENSE.txt").write_bytes((drawings / "LICENSE").read_bytes())
    record = {
        "packages": [FONT_PACKAGE, *PDF_PACKAGES, ICON_PACKAGE],
        "sha256": {path.relative_to(ROOT).as_posix(): digest(path) for path in vendored_files()},
    }
    MANIFEST.write_text(json.dumps(record, indent=2) + "\n")


def changed() -> list[str]:
    """Paths whose content is not what tools/vendor.json says."""
    recorded: dict[str, str] = json.loads(MANIFEST.read_text())["sha256"]
    present = {path.relative_to(ROOT).as_posix(): digest(path) for path in vendored_files()}
    return sorted(path for path in recorded.keys() | present.keys() if recorded.get(path) != present.get(path))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    if parser.parse_args().check:
        sys.exit("Changed: " + ", ".join(changed()) if changed() else 0)
    fetch()
    for path in vendored_files():
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size} bytes")
