"""Input about ties and exceptions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.models import Relation
from assessments.states import WaivedRule
from core.forms import PortalForm
from participants.models import Registration


def _people_field(people: Sequence[Registration], label: str, empty: str, **options: Any) -> forms.ModelChoiceField:
    field = forms.ModelChoiceField(
        Registration.objects.filter(pk__in=[one.pk for one in people]), to_field_name="code", label=label, **options
    )
    field.queryset = field.queryset.select_related("person__user")
    field.choices = [("", empty)] + [(one.code, str(one.person)) for one in people]
    return field


def _assessor_field(assessors: Sequence[User]) -> forms.ModelChoiceField:
    queryset = User.objects.filter(pk__in=[one.pk for one in assessors])
    field = forms.ModelChoiceField(queryset, to_field_name="code", label=_("Asesor senior"))
    field.choices = [("", _("Pilih asesor"))] + [(one.code, str(one)) for one in assessors]
    return field


class RelationForm(PortalForm):
    """A tie to a person of the class. Assessors declare their own; the desk chooses for whom."""

    note = forms.CharField(
        label=gettext_lazy("Catatan"), max_length=300, required=False,
        help_text=gettext_lazy("Misalnya nama instansi. Jangan menulis hal yang tidak diperlukan."),
    )  # fmt: skip
    field_order = ("assessor", "person", "kind", "note")

    def __init__(
        self, *args: Any, people: Sequence[Registration], assessors: Sequence[User] | None = None, **kwargs: Any
    ) -> None:
        """`assessors` None: the form is the assessor's own."""
        super().__init__(*args, **kwargs)
        if assessors is not None:
            self.fields["assessor"] = _assessor_field(assessors)
        self.fields["person"] = _people_field(people, _("Peserta"), _("Pilih peserta"))
        self.fields["kind"] = forms.ChoiceField(
            label=_("Jenis hubungan"), choices=Relation.Kind.choices, widget=forms.RadioSelect
        )
        self.order_fields(self.field_order)
        for name, field in self.fields.items():
            self._give_sentences(name, field)


class WaiverForm(PortalForm):
    """One rule that the director lets pass."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Tetap tersimpan dan dibaca auditor."),
    )  # fmt: skip
    field_order = ("rule", "assessor", "registration", "reason")

    def __init__(self, *args: Any, people: Sequence[Registration], assessors: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"] = forms.ChoiceField(
            label=_("Aturan yang dikecualikan"), choices=WaivedRule.choices, widget=forms.RadioSelect
        )
        self.fields["assessor"] = _assessor_field(assessors)
        self.fields["registration"] = _people_field(people, _("Berlaku untuk"), _("Seluruh angkatan"), required=False)
        self.order_fields(self.field_order)
        for name, field in self.fields.items():
            self._give_sentences(name, field)
