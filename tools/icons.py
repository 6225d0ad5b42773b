"""The icon sprite: the named drawings of Tabler Icons (MIT) as one SVG file of symbols.

Add a name to NAMES, then run `python tools/vendor.py`. A page uses one by {% icon "users" %}.
"""

import re
from pathlib import Path

WORDS = """
alert-circle alert-triangle arrow-left arrow-right ban bell briefcase building building-community calendar
calendar-event camera certificate chart-bar check checklist chevron-down chevron-left chevron-right chevron-up
chevrons-right circle circle-check circle-dashed circle-x clipboard-check clipboard-list clock cloud-check
cloud-off cloud-up copy device-mobile dots download edit external-link eye eye-off file-check file-text
file-upload files filter flag gavel hand-stop help-circle history home id inbox info-circle key language list-check
lock logout mail mail-forward map-pin menu-2 messages moon pencil phone photo player-play plus printer qrcode
refresh rotate route scale school search send settings shield-check shield-lock star sun tag trash upload user
user-check user-plus users users-group x
"""
NAMES = WORDS.split()

SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
    ' stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
)


def drawing(source: Path) -> str:
    """The paths of one icon file, without frame, comments and line breaks."""
    text = re.sub(r"<!--.*?-->", "", source.read_text(), flags=re.DOTALL)
    body = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    if body is None:
        raise ValueError(f"{source.name} is no SVG drawing.")
    without_frame = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", body[1])
    return re.sub(r"\s*\n\s*", "", without_frame)


def sprite(folder: Path) -> str:
    """One SVG with a symbol for each name; a missing drawing stops the run."""
    symbols = [SYMBOL.format(name=name, body=drawing(folder / f"{name}.svg")) for name in sorted(set(NAMES))]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
