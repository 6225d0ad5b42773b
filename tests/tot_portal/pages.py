"""Reads a page as a person does: its words, fields, links and buttons."""

import re
from collections.abc import Iterator

from lxml import html

UNREAD = {"script", "style", "template", "svg", "code", "noscript"}
SPOKEN = ("title", "aria-label", "alt", "placeholder")
TYPED = {"input", "select", "textarea"}
HIDDEN_TYPES = {"hidden", "submit", "button", "image", "reset"}
HANDLER = re.compile(r"^on[a-z]+$")


class Page:
    """One HTML answer."""

    def __init__(self, response) -> None:
        self.response = response
        self.path = response.wsgi_request.get_full_path()
        self.tree = html.document_fromstring(response.content.decode())

    @property
    def language(self) -> str:
        return self.tree.get("lang", "")

    def text(self) -> str:
        """What is read aloud in the page's own language; parts in another language and code are left out."""
        return "\n".join(self._spoken(self.tree))

    def _spoken(self, node: html.HtmlElement) -> Iterator[str]:
        if not isinstance(node.tag, str) or node.tag in UNREAD or node.get("lang", self.language) != self.language:
            return
        yield from (node.get(name) for name in SPOKEN if node.get(name))
        if node.tag == "meta" and node.get("name") == "description":
            yield node.get("content", "")
        if node.tag == "input" and node.get("type") in {"submit", "button"}:
            yield node.get("value", "")
        if node.tag != "textarea" and node.text:
            yield node.text
        for child in node:
            yield from self._spoken(child)
            if child.tail:
                yield child.tail

    def words(self) -> set[str]:
        text = re.sub("|".join(OFFICIAL), "", self.text())
        return set(re.findall(r"(?<![a-z0-9])[a-z]+(?:'[a-z]+)?(?![a-z0-9])", text.lower()))

    # --- what may be wrong with it

    def faults(self) -> Iterator[str]:
        """Everything that holds for every page, whoever sees it."""
        yield from self._faults_of_the_frame()
        yield from self._faults_of_the_markup()
        yield from (f"no label: {name}" for name in self.unlabelled())
        yield from (f"says {word!r}" for word in self.banned())

    def _faults_of_the_frame(self) -> Iterator[str]:
        headings = self.tree.xpath("//h1")
        title = "".join(self.tree.xpath("//head/title//text()")).strip()
        if len(headings) != 1 or not headings[0].text_content().strip():
            yield f"{len(headings)} h1"
        if not title or title.startswith(("–", "-")):
            yield f"title {title!r}"
        if not self.tree.xpath("//main"):
            yield "no main"

    def _faults_of_the_markup(self) -> Iterator[str]:
        for node in self.tree.iter():
            if not isinstance(node.tag, str):
                continue
            for name, value in node.attrib.items():
                if HANDLER.match(name) or name == "style" or name.startswith("hx-on"):
                    yield f"inline {name} on {node.tag}"
                if name in {"href", "src", "action"} and value.strip().lower().startswith("javascript:"):
                    yield f"script in {name}"
                if name == "href" and not value.strip():
                    yield f"link to nowhere: {node.text_content().strip()!r}"
            if node.tag == "style" or (
                node.tag == "script" and not node.get("src") and "json" not in node.get("type", "")
            ):
                yield f"inline {node.tag}"
            if node.tag == "img" and node.get("alt") is None:
                yield f"picture without words: {node.get('src')}"
        ids = self.tree.xpath("//@id")
        yield from (f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1})

    def unlabelled(self) -> list[str]:
        """Fields that nothing names."""
        named = set(self.tree.xpath("//label/@for"))
        return [
            node.get("name") or node.get("id") or node.tag
            for node in self.tree.iter(*TYPED)
            if node.get("type") not in HIDDEN_TYPES
            and node.get("id") not in named
            and not (node.get("aria-label") or node.get("aria-labelledby"))
            and not node.xpath("ancestor::label")
        ]

    def banned(self) -> list[str]:
        """Words that help nobody; docs and errors say what to do instead."""
        text = re.sub(r"\bValid\b", "", self.text())  # the first of the four rules of evidence keeps its name
        found = [word for word in BANNED if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
        return found + (["!"] if re.search(r"\w!(\s|$)", text) else [])

    # --- where it leads

    def links(self) -> set[str]:
        """Addresses of our own pages, without anchors."""
        found = {address.split("#")[0] for address in self.tree.xpath("//a/@href")}
        return {address for address in found if address.startswith("/") and not address.startswith(("//", "/static/"))}

    def anchors(self) -> set[str]:
        """Names of places on this page that links point to."""
        return {address[1:] for address in self.tree.xpath("//a/@href") if address.startswith("#") and address != "#"}

    def places(self) -> set[str]:
        return set(self.tree.xpath("//@id"))

    def buttons(self) -> set[str]:
        """Addresses that forms are sent to by POST."""
        forms = self.tree.xpath("//form[translate(@method, 'POST', 'post')='post']")
        addresses = {(form.get("action") or self.path).split("?")[0] for form in forms}
        return addresses | {address.split("?")[0] for address in self.tree.xpath("//@formaction | //@hx-post")}


BANNED = (
    "mohon", "silakan", "silahkan", "valid", "invalid", "tidak sah", "dilarang", "terjadi kesalahan", "oops",
    "wajib diisi", "wajib", "server", "error", "asesi gagal", "surel", "e-mail", "login", "password",
)  # fmt: skip
OFFICIAL = ("TUK Tempat Kerja", "TUK Sewaktu", "TUK Mandiri")  # names of the regulation, kept in both languages
ENGLISH = frozenset(
    """the and of to is are was were this that these those your you we our they with for from not have has had will
    would should can could may must please required field invalid password username sign log next previous page search
    save delete edit add remove cancel submit send upload download name date time day month year open closed close yes
    or on by at it be all new warning home help user account choose select enter click here more about when what who
    why how before after between without only still already again back confirm continue show hide size too than into
    until its their there been being any each every other some no longer days hours months years""".split()
) - {"no"}
INDONESIAN = frozenset(
    """yang dan untuk dengan dari pada ini itu tidak belum sudah anda kami mereka atau oleh akan dapat harus adalah juga
    bila agar supaya setelah sebelum lalu masuk keluar unggah unduh simpan kirim hapus ubah tambah pilih isi lihat buka
    tutup halaman dokumen peserta daftar pendaftaran berkas syarat kursi angkatan alamat nama tanggal jam hari bulan
    tahun kata sandi akun pengguna peran beranda bantuan kembali lanjut lanjutkan batal batalkan cari saring semua hanya
    masih lagi tiap setiap ada bukan saat ketika karena sehingga menunggu diperiksa perlu perbaikan sesuai selesai
    ditolak jumlah paling kosong boleh tempat waktu mulai sampai hingga tulis periksa""".split()
) - {"kami"}
