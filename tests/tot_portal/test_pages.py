"""The reader of pages sees what is wrong with a page."""

from types import SimpleNamespace

import pytest

from tests.tot_portal.pages import ENGLISH, INDONESIAN, Page

FRAME = '<html lang="id"><head><title>Bantuan – LSP</title></head><body><main><h1>Bantuan</h1>{}</main></body></html>'


def page(content="", frame=FRAME, path="/bantuan/"):
    request = SimpleNamespace(get_full_path=lambda: path)
    return Page(SimpleNamespace(content=frame.replace("{}", content).encode(), wsgi_request=request))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<h1>Lagi</h1>", "2 h1"),
        ('<p style="color: red">x</p>', "inline style on p"),
        ('<p onclick="go()">x</p>', "inline onclick on p"),
        ("<script>go()</script>", "inline script"),
        ("<style>p {}</style>", "inline style"),
        ('<a href="javascript:go()">x</a>', "script in href"),
        ('<img src="/x.png">', "picture without words: /x.png"),
        ('<p id="a"></p><p id="a"></p>', "id a twice"),
        ('<input name="nik">', "no label: nik"),
        ('<label for="other">NIK</label><input name="nik" id="nik">', "no label: nik"),
        ("<p>Silakan isi.</p>", "says 'silakan'"),
        ('<input type="submit" value="Invalid">', "says 'invalid'"),
        ("<p>Selamat!</p>", "says '!'"),
    ],
)
def test_fault_is_seen(content, fault):
    assert fault in list(page(content).faults())


def test_good_page_has_no_faults():
    good = """<label for="nik">NIK</label><input id="nik" name="nik"> <label>Nama <input name="name"></label>
    <input type="hidden" name="next"> <select aria-label="Kota"></select> <img src="/x.png" alt="">
    <script src="/x.js"></script> <script type="application/json" id="d">{"a": 1}</script> <p>Valida dan validasi</p>"""

    assert list(page(good).faults()) == []


def test_frame_is_looked_at():
    faults = list(page(frame='<html lang="id"><head><title>– LSP</title></head><body>{}</body></html>').faults())

    assert faults == ["0 h1", "title '– LSP'", "no main"]


def test_words_are_those_that_are_read_aloud():
    content = """<p>Kirim the form</p><script>var please</script><style>of</style><code>with</code>
    <button lang="en">English and more</button>tail
    <input placeholder="your name" aria-label="search"><svg><title>is</title></svg>
    <textarea>typed from</textarea>"""

    words = page(content).words()

    assert {"the", "form", "tail", "your", "name", "search"} <= words
    assert not {"please", "of", "with", "more", "is", "typed"} & words
    assert words & ENGLISH == {"the", "your", "name", "search"}
    assert "kirim" in words & INDONESIAN


def test_links_and_buttons_are_found():
    content = """<a href="/a/#x">a</a><a href="#y">y</a><a href="https://bnsp.go.id">b</a>
    <a href="mailto:a@b.test">m</a><a href="/static/x.pdf">s</a><form method="get" action="/cari/"></form>
    <form method="POST" action="/kirim/?a=1"></form>
    <form method="post"></form><button hx-post="/simpan/"></button>"""

    shown = page(content, path="/bantuan/?h=2")

    assert shown.links() == {"/a/"}
    assert shown.anchors() == {"y"}
    assert shown.buttons() == {"/kirim/", "/bantuan/", "/simpan/"}
