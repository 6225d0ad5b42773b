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
    font = instancer.instantiateVariableFont(TTFont(source), {"wght": (400, 700)})
    options = Options(layout_features=FEATURES, hinting=False, desubroutinize=True, drop_tables=["DSIG", "MVAR"])
    options.name_IDs = [0, 1, 2, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    target.write_bytes(buffer.getvalue())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendored_files() -> list[Path]:
    files = [*(STATIC / "fonts").glob("*"), STATIC / "img/icons.svg", STATIC / "img/icons-LICENSE.txt"]
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
        drawings = unpack(ICON_PACKAGE, Path(temporary))
        (STATIC / "img/icons.svg").write_text(icons.sprite(drawings / "icons/outline"))
        (STATIC / "img/icons-LICENSE.txt").write_bytes((drawings / "LICENSE").read_bytes())
    record = {
        "packages": [FONT_PACKAGE, ICON_PACKAGE],
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
