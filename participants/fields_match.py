"""Do two texts name the same field of work? A help for people, never a judge.

"Administrasi Perkantoran" and "administrator perkantoran" match; "juru las" and "pengelasan" do not. A miss only means
that a human looks at the paper (*perlu bukti*); it never counts against the person.

How: both texts lose case, accents, joining words and levels. Of the rest, every telling word of the shorter text must
have a partner in the other one. Two words are partners when one begins the other (five letters or more) or when both
begin alike for five letters and 70% of the shorter. Words that any field uses ("teknik", "staf") cannot make a match
alone.
"""

import re
import unicodedata

_JOINING = """
    dan atau di ke dari pada untuk dengan yang bidang skema jenjang level kkni kualifikasi okupasi klaster sub
    sertifikat sertifikasi kompetensi uji jabatan subklasifikasi klasifikasi sektor the and of in for
"""
_COMMON = """
    teknik teknisi ahli muda madya utama pratama staf pelaksana operator pengawas kepala pekerjaan jasa umum dasar
    lanjut senior junior asisten pengelola manajer manajemen layanan
"""
STOP_WORDS = frozenset(_JOINING.split())
WEAK_WORDS = frozenset(_COMMON.split())
STEM = 5
SHARE = 0.7


def fields_match(target: str, claimed: str) -> bool:
    """True when both texts plainly name one field; symmetric, and False when either says nothing."""
    first, second = _words(target), _words(claimed)
    if not first or not second:
        return False
    if first == second:
        return True
    strong_first, strong_second = first - WEAK_WORDS, second - WEAK_WORDS
    if not strong_first or not strong_second:
        return False
    return _contains(strong_first, strong_second) or _contains(strong_second, strong_first)


def _words(text: str) -> frozenset[str]:
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark)).casefold()
    words = (word for word in re.findall(r"[^\W_]+", plain) if len(word) > 1 and not word.isdigit())
    return frozenset(word for word in words if word not in STOP_WORDS)


def _contains(larger: frozenset[str], smaller: frozenset[str]) -> bool:
    return all(any(_alike(word, other) for other in larger) for word in smaller)


def _alike(word: str, other: str) -> bool:
    if word == other:
        return True
    shorter = min(len(word), len(other))
    common = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), shorter)
    return common >= STEM and common >= SHARE * shorter
