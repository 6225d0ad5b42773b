"""The finished file: what is on it, what is in it, and that nothing else got in."""

import ast
import dataclasses
import http.server
import io
import math
import re
import threading
from collections import Counter
from contextlib import contextmanager
from multiprocessing import get_context

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from certificates import rendering
from certificates.rendering import SAMPLE, RenderingFailed, Signatory, UnitLine, art, engine
from certificates.rendering.images import Art
from certificates.rendering.page import certificate_html
from certificates.rendering.reading import text_of_page
from tests.architecture.source import Module, Rule, dotted, portal, try_rules
from tests.certificates.test_rendering_letters import FORTY, NINETY, SHOUTED
from tot_portal import celery

MM = 72 / 25.4
FULL = dataclasses.replace(
    SAMPLE,
    name=NINETY,
    scheme="Pelatihan Asesor Kompetensi Skema Sertifikasi Okupasi Nasional Bidang Jasa Konstruksi, Ketenagalistrikan, "
    "dan Energi Baru Terbarukan Jenjang Lima sampai dengan Tujuh",
    batch_name="Angkatan XII Tahun 2026 Kelas Reguler Jakarta Selatan",
    place="Tempat Uji Kompetensi Mandiri Graha Kompetensi Nusantara, Gedung Utama Lantai 12, Jakarta",
    issuer=dataclasses.replace(SAMPLE.issuer, name="Lembaga Sertifikasi Profesi " + "Kompetensi Nusantara " * 4),
    signatories=(
        Signatory(
            "Prof. Dr. Ir. Haji Abdurrahman Wahidin Sastrowardoyo, M.Sc., Ph.D.",
            "Ketua Komite Skema dan Ketidakberpihakan Lembaga Sertifikasi",
            "No. Reg. MET.000.001234 2024",
        ),
    )
    * 3,
    units=tuple(
        UnitLine(
            "MAPA", "Merencanakan dan Mengorganisasikan Aktivitas dan Proses Asesmen", "M.74SPS03.088.2", 4, "Lulus"
        )
        for _number in range(14)
    ),
    facilitators=("Dr. Hendra Wijaya, S.T., M.T. (MET.000.001111 2022)",) * 5,
    verify_url="https://pelatihan.lsp-konstruksi-nusantara.or.id/verifikasi/k3f7q2m5xw6zr4tbn7hcjd2pva",
)


@pytest.fixture(scope="module")
def sample() -> bytes:
    return rendering.render_certificate(SAMPLE)


@pytest.fixture(scope="module")
def full() -> bytes:
    return rendering.render_certificate(FULL)


@contextmanager
def opened(content: bytes):
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def page_text(content: bytes, number: int) -> str:
    with opened(content) as document:
        page = document[number]
        text = page.get_textpage()
        words = text.get_text_bounded()
        text.close()
        page.close()
    return re.sub(r"\s+", " ", words.replace("\ufffe", "-"))


def letter_boxes(content: bytes, number: int) -> list[tuple[str, float, float, float, float]]:
    """Each printed letter with left, top, right, bottom in mm from the upper left corner."""
    with opened(content) as document:
        page = document[number]
        text, height = page.get_textpage(), page.get_height()
        boxes = []
        for place in range(text.count_chars()):
            letter = text.get_text_range(place, 1)
            if letter.strip():
                left, bottom, right, top = (value / MM for value in text.get_charbox(place))
                boxes.append((letter, left, height / MM - top, right, height / MM - bottom))
        text.close()
        page.close()
    return boxes


def font_sizes(content: bytes, number: int = 0) -> Counter[float]:
    """Sizes in points on the page, with the number of pieces of text in each."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        size, sizes = 0.0, Counter()
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[number]):
            if str(operator) == "Tf":
                size = float(operands[1])
            elif str(operator) in {"TJ", "Tj"}:
                sizes[round(size * 0.75, 1)] += 1  # the page is drawn in pixels of 0.75 points
    return sizes


# --- what stands on it


def test_front_says_who_what_when_and_who_signs(sample):
    text = page_text(sample, 0)

    for words in (
        "Sertifikat Pelatihan",
        "Diberikan kepada",
        SAMPLE.name,
        "telah mengikuti dan dinyatakan LULUS",
        SAMPLE.scheme,
        SAMPLE.batch_name,
        "24–29 November 2026",
        "40 jam pelajaran (JP)",
        SAMPLE.place,
        f"Nomor {SAMPLE.number}",
        "Jakarta, 3 Desember 2026",
        SAMPLE.issuer.name,
        SAMPLE.issuer.licence,
        *(person.name for person in SAMPLE.signatories),
        *(person.title for person in SAMPLE.signatories),
        "https://portal.example.org/verifikasi/ aaaaaaaaaaaaaaaaaaaaaaaaaa",
    ):
        assert words in text
    assert not re.search(r"\bkompeten\b", text, re.IGNORECASE)


def test_back_lists_units_hours_results_and_what_this_paper_is_not(sample):
    text = page_text(sample, 1)

    for words in (
        SAMPLE.name,
        SAMPLE.number,
        "M.74SPS03.088.2 Merencanakan Aktivitas dan Proses Asesmen 12 Lulus",
        "Sistem sertifikasi, prinsip asesmen, dan kode etik 10 –",
        "Seluruh jam pelajaran program 40",
        "Nama Fasilitator Satu; Nama Fasilitator Dua",
        "sertifikat pelatihan yang diterbitkan oleh",
        "bukan sertifikat kompetensi BNSP",
        SAMPLE.verify_url,
    ):
        assert words in text


def test_training_over_two_months_names_both():
    facts = dataclasses.replace(SAMPLE, starts_on=SAMPLE.starts_on.replace(day=29), ends_on=SAMPLE.issued_on)

    assert "29 November – 3 Desember 2026" in page_text(rendering.render_certificate(facts), 0)


def test_text_is_indonesian_whatever_the_reader_speaks(sample):
    with rendering.page.translation.override("en"):
        assert rendering.render_certificate(SAMPLE) == sample


@pytest.mark.parametrize("name", [FORTY, SHOUTED])
def test_name_of_forty_letters_is_set_in_24_points_or_more(name):
    content = rendering.render_certificate(dataclasses.replace(SAMPLE, name=name))
    tallest = sorted(font_sizes(content))[-2]  # after the title

    assert 24 <= tallest <= 30
    tops = {round(top) for letter, _left, top, _right, _bottom in letter_boxes(content, 0) if letter == name[0]}
    assert any(75 < top < 95 for top in tops)


def test_short_name_is_set_in_30_points(sample):
    assert 30 in font_sizes(sample)


# --- everything has its place, even when everything is as long as it may be


def test_nothing_touches_the_frame(full):
    for letter, left, top, right, bottom in letter_boxes(full, 0):
        assert left > 22, letter
        assert top > 22, letter
        assert right < 275, letter
        assert bottom < 188, letter
    for letter, left, top, right, bottom in letter_boxes(full, 1):
        assert left > 12, letter
        assert top > 12, letter
        assert right < 285, letter
        assert bottom < 198, letter


def test_texts_stand_clear_of_each_other(full):
    for number in (0, 1):
        boxes = letter_boxes(full, number)
        for place, (_letter, left, top, right, bottom) in enumerate(boxes):
            for _other, left2, top2, right2, bottom2 in boxes[place + 3 :]:  # not the next ones: f and i are one glyph
                wide, high = min(right, right2) - max(left, left2), min(bottom, bottom2) - max(top, top2)
                assert wide < 0.6 or high < 0.6, (number, _letter, _other)


# --- the QR code


@pytest.mark.parametrize("facts", [SAMPLE, FULL], ids=["sample", "full"])
def test_qr_code_is_large_and_holds_the_address(facts, sample, full):
    dots = 150 / 25.4
    with opened(sample if facts is SAMPLE else full) as document:
        page = document[0]
        bitmap = page.render(scale=150 / 72)
        (code,) = zxingcpp.read_barcodes(bitmap.to_pil(), formats=zxingcpp.BarcodeFormat.QRCode)
        page.close()

    corners = code.position
    side = math.dist((corners.top_left.x, corners.top_left.y), (corners.top_right.x, corners.top_right.y))
    assert code.text == facts.verify_url
    assert side / dots >= 25


# --- what is in the file


def streams(content: bytes):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        yield from (thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream))


def test_only_the_bundled_fonts_are_embedded(sample):
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/FontName" in thing]
        names = {str(font.FontName).split("+")[-1].lstrip("/") for font in fonts}

        assert all("/FontFile2" in font for font in fonts)
    assert names <= {"Portal-Sans", "Portal-Serif", "Portal-Sans-Bold", "Portal-Serif-Italic", "Portal-Serif-Semi-Bold"}
    assert len(fonts) == 4


def test_everything_is_drawn_as_lines(sample):
    assert [stream for stream in streams(sample) if stream.get("/Subtype") == "/Image"] == []


def test_file_is_small(sample, full):
    assert len(sample) <= 80_000
    assert len(full) <= 80_000


def test_file_is_two_sides_of_a4_with_title_and_language(sample):
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        sizes = [[round(float(value) / MM) for value in page.MediaBox] for page in pdf.pages]

        assert sizes == [[0, 0, 297, 210]] * 2
        assert str(pdf.docinfo.Title) == f"Sertifikat Pelatihan {SAMPLE.number}"
        assert str(pdf.docinfo.Author) == SAMPLE.issuer.name
        assert str(pdf.Root.Lang) == "id"
        assert "/StructTreeRoot" in pdf.Root
        assert (
            b"<pdfaid:part>3" in pdf.Root.Metadata.read_bytes() or b'pdfaid:part="3"' in pdf.Root.Metadata.read_bytes()
        )


def test_only_links_lead_to_the_verification(sample):
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        targets = {str(note.A.URI) for page in pdf.pages for note in page.get("/Annots", [])}

    assert targets == {SAMPLE.verify_url}


# --- the same facts, the same bytes


def test_same_facts_give_the_same_bytes(sample):
    assert rendering.render_certificate(SAMPLE) == sample
    assert engine.Engine().render(SAMPLE) == sample


def test_files_of_others_do_not_change_it(sample, full):
    assert rendering.render_certificate(SAMPLE) == sample
    assert rendering.render_certificate(FULL) == full


def send(pipe) -> None:
    pipe.send_bytes(rendering.render_certificate(SAMPLE))


def test_child_of_a_warm_parent_renders_and_leaves_the_parent_whole(sample):
    context = get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=send, args=(theirs,))
    child.start()

    assert ours.poll(30)
    assert ours.recv_bytes() == sample
    child.join(30)
    assert rendering.render_certificate(SAMPLE) == sample


# --- quick: what is prepared once stays prepared


def test_engine_is_made_once(sample, monkeypatch):
    made = Counter()
    for name in ("FontConfiguration", "CSS"):
        monkeypatch.setattr(engine, name, lambda *args, name=name, **kwargs: made.update([name]))
    monkeypatch.setattr(art, "front", lambda: made.update(["art"]))

    for number in range(3):
        rendering.render_certificate(dataclasses.replace(SAMPLE, number=f"000{number}"))

    assert made == {}


def test_art_is_one_form_that_pages_point_to(sample):
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        contents = [page.Contents.read_bytes() for page in pdf.pages]
    forms = [stream.read_bytes() for stream in streams(sample) if stream.get("/Subtype") == "/Form"]

    assert max(len(content) for content in contents) < 60_000  # text and QR code; the border alone has 500,000
    assert sum(len(form) > 300_000 for form in forms) == 1


def test_art_is_compressed_once():
    border = engine.engine().images["asset:front"]

    assert isinstance(border, Art)
    assert border.content is border.content
    assert len(border.content) < 20_000


def test_style_has_nothing_that_makes_layout_slow():
    style = engine.STYLE.read_text()

    assert "table-layout: fixed" in style
    assert "border-collapse: separate" in style
    assert not re.search(r"display: *(flex|grid)|float:|@font-face|font-feature|calc\(|@import", style)


def test_art_drawn_as_svg_is_the_same_lines():
    front = art.front()

    assert front.svg(art.WIDTH, art.HEIGHT).count("<path") == len(re.findall(r"\n[SBf]\b", "\n" + front.pdf()))


# --- a worker begins warm


def test_worker_warms_up_before_it_forks(monkeypatch):
    done = []
    monkeypatch.setattr(rendering, "warm_up", lambda: done.append("rendered"))
    monkeypatch.setattr(celery.gc, "freeze", lambda: done.append("frozen"))

    celery.warm_up_renderer()

    assert done == ["rendered", "frozen"]


@pytest.mark.parametrize("problem", [OSError("cannot load library 'libpango'"), RenderingFailed("3 pages")])
def test_worker_without_a_renderer_still_works(problem, monkeypatch, caplog):
    def fail() -> None:
        raise problem

    monkeypatch.setattr(rendering, "warm_up", fail)
    monkeypatch.setattr(celery.gc, "freeze", lambda: None)

    celery.warm_up_renderer()

    assert "Certificates cannot be rendered here." in caplog.text


# --- nothing is fetched


@pytest.fixture(scope="module")
def listener():
    """A loopback server that remembers who asked for what."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x")

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


SECRET = "CANARY-7f3a"
REFERENCES = {
    "image": '<img src="{http}/a">',
    "file as image": '<img src="{file}">',
    "style sheet": '<link rel=stylesheet href="{http}/b">',
    "import": "<style>@import url({http}/c);</style>",
    "background": '<p style="background:url({http}/d)">x</p>',
    "font": "<style>@font-face{{font-family:q;src:url({http}/e)}}</style>",
    "attachment": '<link rel=attachment href="{file}">',
    "attached link": '<a rel=attachment href="{file}">x</a>',
    "picture in a drawing": '<svg width=9 height=9><image href="{http}/f" width=9 height=9 /></svg>',
    "part of a drawing": '<svg width=9 height=9><use href="{http}/g#a"/></svg>',
    "style of a drawing": "<svg width=9 height=9><style>@import url({http}/h);</style><rect width=9 height=9 /></svg>",
    "object": '<object data="{http}/i"></object>',
    "embedded": '<embed src="{http}/j">',
    "base": '<base href="{http}/"><img src="k.png">',
    "content": "<style>p::before{{content:url({http}/l)}}</style>",
    "list mark": '<ul style="list-style-image:url({http}/m)"><li>x</ul>',
    "border": '<p style="border:9px solid;border-image:url({http}/n) 9">x</p>',
    "mask": '<p style="background:url({http}/o), url({file})">x</p>',
    "data": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'></svg>\">",
    "other protocol": '<img src="ftp://127.0.0.1/p"><img src="//127.0.0.1/q">',
}


def carries_secret(content: bytes) -> bool:
    if SECRET.encode() in content:
        return True
    with pikepdf.open(io.BytesIO(content)) as pdf:
        attached = any("/EF" in thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary))
        return attached or any(
            SECRET.encode() in thing.read_bytes() for thing in pdf.objects if isinstance(thing, pikepdf.Stream)
        )


@pytest.fixture(scope="module")
def canary(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("canary") / "c.txt"
    path.write_text(SECRET)
    return path.as_uri()


@pytest.mark.parametrize("kind", REFERENCES)
def test_reference_in_a_fact_is_only_text(kind, listener, canary):
    address, asked = listener
    text = REFERENCES[kind].format(http=address, file="file:///etc/hostname")[:100]
    facts = dataclasses.replace(
        SAMPLE,
        name=f"Ani {text}"[:90],
        scheme=text,
        place=text,
        batch_name=text[:60],
        facilitators=(text,),
        number=text[:60],
        issued_place=text[:40],
        issuer=dataclasses.replace(SAMPLE.issuer, name=text, licence=text[:60]),
        signatories=(Signatory(text[:60], text[:60], text[:40]),),
        units=(UnitLine("", text[:90], text[:30], 1, text[:12]),),
    )

    content = rendering.render_certificate(facts)

    assert asked == []
    assert not carries_secret(content)
    assert "".join(text.split()) in "".join(page_text(content, 0).split())


@pytest.mark.parametrize("kind", REFERENCES)
def test_reference_in_the_page_itself_stops_the_rendering(kind, listener, canary, monkeypatch):
    address, asked = listener
    reference = REFERENCES[kind].format(http=address, file=canary)
    page = certificate_html(SAMPLE).replace("<section", f"{reference}<section", 1)
    monkeypatch.setattr(engine, "certificate_html", lambda facts: page)

    with pytest.raises(RenderingFailed):
        rendering.render_certificate(SAMPLE)

    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "file://localhost/etc/passwd", "FILE:///etc/passwd", "/etc/passwd", "http://127.0.0.1/",
        "https://example.org/", "ftp://example.org/", "data:text/plain,x", "asset:", "asset:../style", "asset:style?x",
        "asset:STYLE", "//example.org", "gopher://x", "jar:file:///x", "http://[::1]/", "http://169.254.169.254/", "",
    ],
)  # fmt: skip
def test_fetcher_knows_the_style_sheet_only(url):
    fetcher = engine.PackagedFetcher()

    with pytest.raises(ValueError, match="packaged"):
        fetcher.fetch(url)

    assert fetcher.denied == [url]
    assert fetcher.fetch("asset:style").content_type == "text/css"


# --- what came out is looked at


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SAMPLE.name, "Somebody Else"),
        ("</body>", "<section class='back'>a third page</section></body>"),
        ("Diberikan kepada", "مُنِح"),
        ("Diberikan kepada", "<b style='font-size: 9,5pt'>x</b>"),
    ],
    ids=["another name", "three pages", "missing letters", "rule without effect"],
)
def test_page_that_is_not_the_certificate_is_refused(old, new, monkeypatch):
    page = certificate_html(SAMPLE).replace(old, new)
    monkeypatch.setattr(engine, "certificate_html", lambda facts: page)

    with pytest.raises(RenderingFailed):
        rendering.render_certificate(SAMPLE)


def test_text_is_read_from_the_file_itself(sample):
    text = text_of_page(sample, 0)

    assert SAMPLE.name in text
    assert "Seluruh jam pelajaran" not in text


# --- the rule for the whole house


def renders_unguarded(module: Module):
    for call in module.all(ast.Call):
        if dotted(call.func).split(".")[-1] == "HTML" and "url_fetcher" not in {word.arg for word in call.keywords}:
            yield f"line {call.lineno} renders without a fetcher"
    for line, name in module.imports:
        if name.split(".")[0] == "weasyprint" and module.path != "certificates/rendering/engine.py":
            yield f"line {line} imports weasyprint, which needs Pango"


RULE = Rule(
    "pages are rendered through the fetcher that denies",
    renders_unguarded,
    planted=(
        ("certificates/rendering/engine.py", "HTML(string=x)"),
        ("core/pdf.py", "weasyprint.HTML(string=x).write_pdf()"),
        ("core/pdf.py", "def f():\n    import weasyprint"),
    ),
    harmless=(("certificates/rendering/engine.py", "HTML(string=x, url_fetcher=f)"),),
)


def test_pages_are_rendered_through_the_fetcher():
    assert RULE.breaches(portal()) == []


@pytest.mark.parametrize(("rule", "file", "breaks"), try_rules([RULE]))
def test_rule_finds_a_planted_breach(rule, file, breaks):
    assert bool(rule.breaches([Module(*file)])) is breaks
