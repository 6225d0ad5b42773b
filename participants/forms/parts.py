"""The parts of the application that are one form each."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import ConsentTerm
from accounts.selectors import term_text
from batches.wording import localized
from core.clock import today
from participants.eligibility import Reference
from participants.facts import load_reference
from participants.forms.base import Answer, PartForm, education_choices
from participants.models import Registration

ANSWERS = [("K", _("Kompeten")), ("BK", _("Belum kompeten"))]


class TargetForm(PartForm):
    """The scheme or field that the person will assess; experience and certificates are matched against it."""

    field = forms.CharField(
        label=_("Skema atau bidang yang akan Anda ases"),
        help_text=_("Tulis seperti pada sertifikat kompetensi Anda, misalnya Administrasi Perkantoran."),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "words"}),
        error_messages={"required": _("Tulis skema atau bidang yang akan Anda ases.")},
    )


class EducationForm(PartForm):
    """The highest education that is finished."""

    level = forms.ChoiceField(
        label=_("Pendidikan terakhir"),
        help_text=_("Pendidikan tertinggi yang sudah selesai dan ada ijazahnya."),
        error_messages={"required": _("Pilih pendidikan terakhir Anda.")},
    )
    school = forms.CharField(
        label=_("Sekolah atau perguruan tinggi"),
        max_length=120,
        error_messages={"required": _("Tulis nama sekolah atau perguruan tinggi.")},
    )
    major = forms.CharField(label=_("Jurusan"), max_length=120, required=False)
    year = forms.IntegerField(
        label=_("Tahun lulus"),
        help_text=_("Misalnya 2012."),
        widget=forms.TextInput({"inputmode": "numeric", "class": "input-short", "maxlength": "4"}),
        error_messages={
            "required": _("Tulis tahun lulus, misalnya 2012."),
            "invalid": _("Tulis tahun lulus dengan empat angka, misalnya 2012."),
        },
    )

    def __init__(self, *args: Any, reference: Reference | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = education_choices(reference or load_reference())

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        least, most = 1950, today().year
        if not least <= year <= most:
            message = _("Tahun lulus harus antara %(least)s dan %(most)s.")
            raise forms.ValidationError(message, params={"least": least, "most": most}, code="year")
        return year


class SelfAssessmentForm(PartForm):
    """Per unit: competent or not yet, and the evidence in a sentence. It becomes form FR.APL.02."""

    mark_optional = False  # evidence is needed for what somebody can do

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        self.units: list[Mapping[str, Any]] = registration.scheme.units
        self.base_fields = {name: field for unit in self.units for name, field in _unit_fields(unit)}
        super().__init__(*args, registration=registration, **kwargs)

    def initial_of(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        answers = {f"answer_{code}": answer for code, answer in stored.get("answers", {}).items()}
        return answers | {f"note_{code}": note for code, note in stored.get("notes", {}).items()}

    def clean(self) -> dict[str, Any]:
        for unit in self.units:
            note = f"note_{unit['code']}"
            is_missing = not self.cleaned_data.get(note) and note not in self.errors
            if is_missing and self.cleaned_data.get(f"answer_{unit['code']}") == "K":
                self.add_error(note, _("Tulis bukti untuk “%(unit)s”.") % {"unit": localized(unit["title"])})
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        good = super().answers()
        return {
            "answers": {unit["code"]: good[key] for unit in self.units if (key := f"answer_{unit['code']}") in good},
            "notes": {unit["code"]: good[key] for unit in self.units if (key := f"note_{unit['code']}") in good},
        }

    def rows(self) -> list[tuple[Mapping[str, Any], forms.BoundField, forms.BoundField]]:
        """Unit, answer and note, for the page."""
        return [(unit, self[f"answer_{unit['code']}"], self[f"note_{unit['code']}"]) for unit in self.units]

    def summary(self) -> list[Answer]:
        if self.is_bound:
            self.is_valid()
        return [
            Answer(localized(unit["title"]), ". ".join(filter(None, (self.words(answer), self.words(note)))))
            for unit, answer, note in self.rows()
        ]


def _unit_fields(unit: Mapping[str, Any]) -> list[tuple[str, forms.Field]]:
    answer = forms.ChoiceField(
        label=_("Dapatkah Anda melakukannya?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih Kompeten atau Belum kompeten untuk “%(unit)s”.") % {"unit": localized(unit["title"])}
        },
    )
    note = forms.CharField(
        label=_("Bukti yang relevan"),
        help_text=_("Bila kompeten, satu kalimat: apa yang pernah Anda kerjakan dan apa yang menunjukkannya."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    return [(f"answer_{unit['code']}", answer), (f"note_{unit['code']}", note)]


class DeclarationsForm(PartForm):
    """One box per declaration, unticked until the person ticks it; each has its text in full."""

    def __init__(self, *args: Any, terms: Sequence[ConsentTerm], accepted: Collection[str] = (), **kwargs: Any) -> None:
        self.terms = terms
        self.accepted = accepted
        self.base_fields = {term.code: forms.BooleanField(label=declaration_label(term)) for term in terms}
        super().__init__(*args, **kwargs)

    def initial_of(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        return {term.code: term.code in self.accepted for term in self.terms}

    def ticked(self) -> list[str]:
        """Codes of the boxes that were ticked."""
        self.is_valid()
        return [term.code for term in self.terms if self.cleaned_data.get(term.code)]

    def rows(self) -> list[tuple[ConsentTerm, str, forms.BoundField]]:
        """Term, its text in the page's language and the box."""
        return [(term, term_text(term), self[term.code]) for term in self.terms]

    def summary(self) -> list[Answer]:
        given = {True: gettext("Disetujui"), False: ""}
        return [Answer(str(self[code].label), given[code in self.accepted]) for code in self.fields]


DECLARATIONS = {
    "KODE_ETIK": _("Saya mematuhi kode etik asesor kompetensi."),
    "KEABSAHAN_DOKUMEN": _("Data dan dokumen yang saya kirim benar dan dapat dipertanggungjawabkan."),
    "HADIR_PENUH": _("Saya hadir penuh selama pelatihan dan uji."),
}


def declaration_label(term: ConsentTerm) -> str | Promise:
    return DECLARATIONS.get(term.code) or gettext("Saya menyetujui: %(title)s") % {"title": localized(term.title)}
