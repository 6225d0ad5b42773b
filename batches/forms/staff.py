"""Who trains and who examines a batch."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from batches.selectors import assessors
from core.forms import PortalForm


class PeopleField(forms.ModelMultipleChoiceField):
    """Tick boxes of people under their public codes."""

    def __init__(self, **options: Any) -> None:
        boxes = forms.CheckboxSelectMultiple
        super().__init__(User.objects.none(), to_field_name="code", widget=boxes, required=False, **options)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} ({obj.email})" if obj.name else obj.email


class StaffForm(PortalForm):
    """Facilitators and examiners; nobody is both."""

    mark_optional = False
    facilitators = PeopleField(label=_("Fasilitator"), help_text=_("Melatih dan mendampingi selama pelatihan."))
    examiners = PeopleField(
        label=_("Penguji"), help_text=_("Menilai pada hari uji. Bukan orang yang melatih angkatan ini.")
    )

    def __init__(self, *args: Any, serving: Iterable[User] = (), **kwargs: Any) -> None:
        """`serving` stay on offer even if they no longer hold the role."""
        super().__init__(*args, **kwargs)
        present = Q(pk__in=assessors().order_by().values("pk")) | Q(pk__in=[person.pk for person in serving])
        people = User.objects.filter(present).order_by("name", "email")
        self.people = list(people)
        for name in ("facilitators", "examiners"):
            field = self.fields[name]
            field.queryset = people
            field.choices = [(person.code, field.label_from_instance(person)) for person in self.people]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        facilitators, examiners = (set(values.get(name, ())) for name in ("facilitators", "examiners"))
        if both := facilitators & examiners:
            names = ", ".join(sorted(str(person) for person in both))
            text = gettext("%(names)s dipilih untuk dua tugas. Penguji tidak boleh melatih angkatan yang diujinya.")
            self.add_error("examiners", text % {"names": names})
        return values
