"""Uploads are cleaned by parsing, or refused with a plain sentence."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageDraw

from core import upload_parser
from core.uploads import KINDS, MB, CleanUpload, UploadRefused, clean_upload, kinds_in_words
from tests.factories.uploads import encrypted_pdf, jpeg_with_position
from tot_portal.demo_files import jpeg_bytes, pdf_bytes, png_bytes


def clean(raw: bytes, allowed=KINDS, megabytes: int = 3) -> CleanUpload:
    return clean_upload(SimpleUploadedFile("a", raw), allowed=allowed, max_bytes=megabytes * MB)


def picture(image: Image.Image, form: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(upload: CleanUpload) -> Image.Image:
    return Image.open(io.BytesIO(upload.content))


def test_photo_becomes_a_jpeg_without_notes():
    upload = clean(jpeg_with_position())

    assert (upload.kind, upload.content_type, upload.extension) == ("jpg", "image/jpeg", "jpg")
    assert (upload.size, len(upload.sha256), upload.pixels, upload.pages) == (len(upload.content), 64, 20_000, None)
    assert b"RAHASIA" not in upload.content
    assert not opened(upload).getexif()


def test_photo_is_turned_upright():
    image = Image.new("RGB", (200, 100), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 20, 100), fill="red")  # its left becomes the top
    exif = Image.Exif()
    exif[0x0112] = 6

    upright = opened(clean(picture(image, "JPEG", exif=exif)))

    assert upright.size == (100, 200)
    assert upright.getpixel((50, 5))[0] > 200 > 100 > upright.getpixel((50, 5))[1]


def test_scan_becomes_a_jpeg_where_jpeg_is_allowed():
    assert clean(png_bytes()).kind == "jpg"
    assert clean(png_bytes(), allowed={"png"}).kind == "png"


def test_logo_keeps_what_shows_through():
    logo = Image.new("RGBA", (80, 40), (255, 0, 0, 0))

    upload = clean(picture(logo, "PNG"))

    assert upload.kind == "png"
    assert opened(upload).getpixel((1, 1))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_white_scan_stays_white_in_every_mode(mode):
    white = {"1": 1, "L": 255, "P": 255, "LA": (255, 255), "RGB": "white", "RGBA": "white", "I;16": 65535}[mode]
    image = Image.new(mode, (50, 50), white)
    if mode == "P":
        image.putpalette([255] * 768)

    assert opened(clean(picture(image, "PNG"))).convert("L").getpixel((9, 9)) > 250


def test_large_photo_is_shrunk_to_a_page_at_300_dpi():
    upload = clean(picture(Image.new("RGB", (5000, 4000)), "JPEG"))

    assert opened(upload).size == (3508, 2806)


def test_pdf_keeps_its_pages():
    upload = clean(pdf_bytes("Siti", 3))

    assert (upload.kind, upload.pages, upload.pixels) == ("pdf", 3, None)
    with pikepdf.open(io.BytesIO(upload.content)) as pdf:
        assert b"Siti" in pdf.pages[0].Contents.read_bytes()
        assert [int(side) for side in pdf.pages[2].mediabox] == [0, 0, 595, 842]


def test_pdf_keeps_what_its_pages_inherit():
    with pikepdf.open(io.BytesIO(pdf_bytes("Siti", 2))) as pdf:
        for key in ("/MediaBox", "/Resources"):
            pdf.Root.Pages[key] = pdf.pages[0].obj[key]
            for page in pdf.pages:
                del page.obj[key]
        raw = io.BytesIO()
        pdf.save(raw)

    with pikepdf.open(io.BytesIO(clean(raw.getvalue()).content)) as pdf:
        assert "/F1" in pdf.pages[1].Resources.Font
        assert [int(side) for side in pdf.pages[1].mediabox] == [0, 0, 595, 842]


def test_same_pdf_gives_the_same_bytes():
    assert clean(pdf_bytes()).content == clean(pdf_bytes()).content


def test_pdf_that_only_restricts_printing_is_taken():
    assert b"/Encrypt" not in clean(encrypted_pdf(user="")).content


@pytest.mark.parametrize(
    ("raw", "allowed", "code", "sentence"),
    [
        (b"", KINDS, "empty_file", "Berkas kosong."),
        (b"GIF89a", KINDS, "wrong_type", "Berkas harus PDF, JPG, atau PNG."),
        (jpeg_bytes(), {"pdf"}, "wrong_type", "Berkas harus PDF."),
        (pdf_bytes(), {"png", "jpg"}, "wrong_type", "Berkas harus JPG atau PNG."),
        (b"x" * (MB + 1), KINDS, "file_too_large", "Ukuran berkas 1,1 MB. Paling besar 1 MB."),
        (b"x" * (7 * MB), KINDS, "file_too_large", "Ukuran berkas 7 MB. Paling besar 1 MB."),
        (encrypted_pdf(), KINDS, "encrypted_pdf", "PDF ini terkunci kata sandi. Unggah PDF tanpa kata sandi."),
        (pdf_bytes(pages=201), KINDS, "too_many_pages", "PDF ini 201 halaman. Paling banyak 200 halaman."),
        (
            pdf_bytes(pages=0), KINDS, "broken_pdf",
            "PDF ini rusak atau tidak lengkap. Simpan lagi sebagai PDF, lalu unggah yang baru.",
        ),
        (
            jpeg_bytes()[:2000], KINDS, "broken_image",
            "Gambar ini rusak atau tidak lengkap. Ambil foto lagi, lalu unggah yang baru.",
        ),
        (
            picture(Image.new("1", (7000, 7000)), "PNG"), KINDS, "too_many_pixels",
            "Gambar ini 49 megapiksel. Paling besar 40 megapiksel.",
        ),
    ],
)  # fmt: skip
def test_refusal_says_what_to_do(raw, allowed, code, sentence):
    with pytest.raises(UploadRefused) as refusal:
        clean(raw, allowed, megabytes=1)

    assert (refusal.value.code, str(refusal.value)) == (code, sentence)


def test_sizes_are_written_in_the_language_of_the_page():
    with translation.override("en"), pytest.raises(UploadRefused) as refusal:
        clean(b"x" * (MB + 1), megabytes=1)

    assert "1.1 MB" in str(refusal.value)


def test_no_more_is_read_than_needed():
    stream = io.BytesIO(bytes(5 * MB))

    with pytest.raises(UploadRefused):
        clean_upload(stream, max_bytes=MB)

    assert stream.tell() == MB + 1


def test_parser_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr("core.uploads.WALL_SECONDS", 0.001)

    with pytest.raises(UploadRefused) as refusal:
        clean(jpeg_bytes())

    assert refusal.value.code == "too_complex"


def test_broken_installation_is_not_blamed_on_the_file(monkeypatch, tmp_path):
    monkeypatch.setattr("core.uploads.PARSER", tmp_path / "nothing.py")

    with pytest.raises(RuntimeError):
        clean(jpeg_bytes())


def test_parser_knows_no_settings_and_no_secrets(monkeypatch, tmp_path):
    spy = tmp_path / "spy.py"
    spy.write_text("import json, os, sys; print(json.dumps({'kind': str(dict(os.environ)) + str(sys.modules.keys())}))")
    monkeypatch.setattr("core.uploads.PARSER", spy)

    seen = clean(jpeg_bytes()).kind

    assert "SECRET_KEY" not in seen
    assert "django" not in seen


def test_jpeg_metadata_is_cut_out_without_touching_the_picture():
    raw = jpeg_with_position()

    lean = upload_parser.without_jpeg_metadata(raw)

    assert b"RAHASIA" not in lean
    assert Image.open(io.BytesIO(lean)).tobytes() == Image.open(io.BytesIO(raw)).tobytes()
    assert upload_parser.without_jpeg_metadata(b"\xff\xd8 odd") == b"\xff\xd8 odd"


def test_kinds_in_words():
    assert kinds_in_words({"png"}) == "PNG"
    assert kinds_in_words({"png", "pdf"}) == "PDF atau PNG"
    assert kinds_in_words(KINDS) == "PDF, JPG, atau PNG"
