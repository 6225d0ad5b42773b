"""The documents of an application: the list, and one page per document."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from batches.models import DocumentType
from batches.wording import localized
from core.errors import DomainError
from core.views import explain_domain_errors
from participants import eligibility, services
from participants.eligibility import RequiredDocument
from participants.facts import MADE_FROM
from participants.forms import PaperForm, accepted_types, upload_limit
from participants.models import Document, Registration
from participants.selectors import current_documents, gather_facts, part_states, rule_set_of
from participants.selectors.parts import missing_uploads
from participants.services.documents import is_open_for
from participants.states import Part, RegistrationStatus, Verdict
from participants.views import loading
from participants.views.parts import next_url

TIPS = {
    "KTP": gettext_lazy("Foto seluruh kartu di tempat terang tanpa kilau. Agama dan status perkawinan boleh ditutup."),
    "PASFOTO": gettext_lazy("Wajah terlihat jelas, menghadap depan, latar merah."),
    "IJAZAH": gettext_lazy("Pindai ijazah asli atau salinan yang dilegalisasi, semua sudut terlihat."),
    "SKKERJA": gettext_lazy("Surat dari instansi yang memuat jabatan, bidang, dan lama bekerja."),
    "SERKOM": gettext_lazy("Pindai halaman depan dan belakang dalam satu PDF."),
    "LOGBOOK": gettext_lazy("Rekap penugasan asesmen yang disahkan LSP."),
}
WHY = {
    "KTP": gettext_lazy("Untuk mencocokkan nama dan nomor identitas Anda."),
    "PASFOTO": gettext_lazy("Untuk mengenali Anda dan untuk sertifikat."),
    "CV": gettext_lazy("Untuk melihat riwayat pekerjaan dan pelatihan Anda."),
    "REKOM": gettext_lazy("Surat LSP yang mengusulkan Anda sebagai calon asesor."),
    "SURTUG": gettext_lazy("Surat bahwa pimpinan mengizinkan Anda ikut pelatihan."),
    "SKCK": gettext_lazy("Diminta skema ini. Dihapus 30 hari setelah angkatan selesai."),
    "SEHAT": gettext_lazy("Diminta skema ini. Dihapus 30 hari setelah angkatan selesai."),
    "SERT_ASESOR": gettext_lazy("Sertifikat yang akan Anda perpanjang."),
}
WORDS = {
    "none": (gettext_lazy("Belum ada"), "warn"),
    "optional": (gettext_lazy("Belum ada"), "muted"),
    Verdict.PENDING: (gettext_lazy("Terunggah"), "info"),
    Verdict.ACCEPTED: (gettext_lazy("Sesuai"), "ok"),
    Verdict.RETURNED: (gettext_lazy("Perlu diganti"), "err"),
}


@dataclass(frozen=True)
class Paper:
    """One document that the scheme asks for, and what is there."""

    type: DocumentType
    needed: RequiredDocument
    document: Document | None
    word: str | Promise
    tone: str
    url: str

    @property
    def label(self) -> str:
        return localized(self.type.label)

    @property
    def why(self) -> str:
        return why_asked(self.needed)

    @property
    def is_optional(self) -> bool:
        return self.needed.needed == eligibility.OPTIONAL

    @property
    def is_returned(self) -> bool:
        return self.document is not None and self.document.verdict == Verdict.RETURNED

    @property
    def file(self) -> dict[str, Any] | None:
        """For the file card; the name is ours, that of the person's device is not kept."""
        stored = self.document.file if self.document else None
        if stored is None:
            return None
        kind = "image" if stored.content_type.startswith("image/") else "pdf"
        url = reverse("participants:review_document", args=[self.document.code])
        return {"name": self.label, "size": stored.size, "url": url, "kind": kind}


def why_asked(need: RequiredDocument) -> str:
    """What the document is for."""
    return str(WHY.get(need.code) or eligibility.why_needed(need.why))


def document_list(request: HttpRequest, code: str) -> HttpResponse:
    """Each document with its state, those of one choice together."""
    registration = loading.own_registration(request, code)
    if not loading.is_editable(registration):
        return loading.to_detail(request, registration, locked=True)
    facts = gather_facts(registration)
    states = part_states(registration, facts)
    missing = missing_uploads(rule_set_of(registration), facts)
    context = {
        "registration": registration,
        "groups": grouped(papers_of(registration)),
        "first_missing": missing[0].codes[0] if missing else "",
        "missing": len(missing),
        "step": next((i for i, state in enumerate(states, 1) if state.part == Part.DOCUMENTS), len(states)),
        "steps": len(states) + 1,
        "next_url": next_url(registration, Part.DOCUMENTS),
    }
    return render(request, "participants/document_list.html", context)


@explain_domain_errors
def edit_document(request: HttpRequest, code: str, type: str) -> HttpResponse:
    """One document. The file is stored first, so an error in another field cannot lose it."""
    registration = loading.own_registration(request, code)
    if not loading.is_editable(registration):
        return loading.to_detail(request, registration, locked=True)
    paper = paper_or_404(registration, type)
    if request.method != "POST":
        return render_paper(
            request, registration, paper, PaperForm(type=paper.type, stored=known_facts(registration, paper))
        )
    form = PaperForm(request.POST, type=paper.type)
    file_error = take_file(request, registration, paper, form)
    if request.headers.get("X-Requested-With") == "upload":
        fresh = paper_or_404(loading.own_registration(request, code), type)
        return render_paper(request, registration, fresh, form, file_error, status=422 if file_error else 200)
    later = request.POST.get("action") == "later"
    if (file_error or not form.is_valid()) and not later:
        fresh = paper_or_404(loading.own_registration(request, code), type)
        return render_paper(request, registration, fresh, form, file_error, status=422)
    return after_paper(request, code, type, later=later)


@explain_domain_errors
def remove_document(request: HttpRequest, code: str, type: str) -> HttpResponse:
    """Takes an upload away."""
    registration = loading.own_registration(request, code)
    paper = paper_or_404(registration, type)
    if paper.document is None:
        raise Http404
    services.remove_document(paper.document, by=request.user)
    messages.success(request, _("%(document)s sudah dihapus.") % {"document": paper.label})
    return redirect("participants:document_list", registration.code)


def papers_of(registration: Registration) -> list[Paper]:
    """The uploads that the scheme asks for, in the order of its rules."""
    asked = [need for need in eligibility.required_documents(rule_set_of(registration)) if need.code not in MADE_FROM]
    types = {type.code: type for type in DocumentType.objects.filter(code__in=[need.code for need in asked])}
    documents = current_documents(registration)
    return [_paper(registration, types[need.code], need, documents.get(need.code)) for need in asked]


def paper_or_404(registration: Registration, code: str) -> Paper:
    for need in eligibility.required_documents(rule_set_of(registration)):
        if need.code == code and code not in MADE_FROM:
            type = get_object_or_404(DocumentType, code=code)
            return _paper(registration, type, need, current_documents(registration).get(code))
    raise Http404


def grouped(papers: list[Paper]) -> list[dict[str, Any]]:
    """Papers that are needed, those of each choice, and those that may stay empty."""
    always = [paper for paper in papers if paper.needed.needed == eligibility.ALWAYS]
    groups = [{"title": _("Diperlukan"), "hint": "", "papers": always}] if always else []
    choices: dict[str, list[Paper]] = {}
    for paper in papers:
        if paper.needed.needed == eligibility.ONE_OF:
            choices.setdefault(paper.needed.group_label, []).append(paper)
    hint = eligibility.combine_hint("any")
    groups += [{"title": localized(label), "hint": hint, "papers": chosen} for label, chosen in choices.items()]
    optional = [paper for paper in papers if paper.is_optional]
    return groups + ([{"title": _("Boleh kosong"), "hint": "", "papers": optional}] if optional else [])


def take_file(request: HttpRequest, registration: Registration, paper: Paper, form: PaperForm) -> str:
    """Stores the file with the facts that are right, or only the facts; the sentence of what was refused, or ""."""
    upload = request.FILES.get("file")
    try:
        if upload is not None:
            services.attach_document(registration, paper.type, upload, form.facts(), by=request.user)
        elif paper.document is None or paper.is_returned:
            return _("Pilih berkas %(document)s.") % {"document": paper.label}
        elif form.facts() != paper.document.fields:
            services.update_document_fields(paper.document, form.facts(), by=request.user)
    except DomainError as error:
        return str(error)
    return ""


def after_paper(request: HttpRequest, code: str, type: str, *, later: bool) -> HttpResponse:
    """To the next document that is missing, then to the next part."""
    registration = loading.own_registration(request, code)
    if later:
        return redirect("participants:document_list", code)
    missing = missing_uploads(rule_set_of(registration), gather_facts(registration))
    if registration.status == RegistrationStatus.RETURNED and not missing:
        return redirect("participants:registration_detail", code)
    if missing:
        return redirect("participants:edit_document", code, missing[0].codes[0])
    return redirect(next_url(registration, Part.DOCUMENTS))


def render_paper(
    request: HttpRequest,
    registration: Registration,
    paper: Paper,
    form: PaperForm,
    file_error: str = "",
    status: int = 200,
) -> HttpResponse:
    papers = papers_of(registration)
    others = [
        other for other in papers if paper.needed.needed == eligibility.ONE_OF
        and other.needed.group_id == paper.needed.group_id and other.type != paper.type
    ]  # fmt: skip
    context = {
        "registration": registration,
        "paper": paper,
        "form": form,
        "file_error": file_error,
        "others": others,
        "place": next(index for index, other in enumerate(papers, 1) if other.type == paper.type),
        "count": len(papers),
        "accept": accepted_types(paper.type),
        "limit": upload_limit(paper.type),
        "tip": TIPS.get(paper.type.code, ""),
        "takes_photo": "jpg" in paper.type.upload_formats,
        "can_change": is_open_for(registration, paper.type.code),
    }
    return render(request, "participants/edit_document.html", context, status=status)


def known_facts(registration: Registration, paper: Paper) -> dict[str, Any]:
    """What was typed before; for a letter of employment what the newest job says."""
    if paper.document is not None:
        return paper.document.fields
    jobs = loading.stored_answers(registration, Part.EXPERIENCE).get("items", [])
    if "instansi" not in paper.type.fields or not jobs:
        return {}
    return {key: jobs[0][key] for key in ("employer", "position")}


def _paper(registration: Registration, type: DocumentType, need: RequiredDocument, document: Document | None) -> Paper:
    state = document.verdict if document else "optional" if need.needed != eligibility.ALWAYS else "none"
    word, tone = WORDS[state]
    url = reverse("participants:edit_document", args=[registration.code, type.code])
    return Paper(type, need, document, word, tone, url)
