"""Ties between assessors and people of a class, and exceptions of the director."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from assessments import services
from assessments.forms.independence import RelationForm, WaiverForm
from assessments.policies.rotation import can_declare, can_grant_waiver
from assessments.selectors.independence import live_relations, waivers_of
from assessments.selectors.plays import seated_people
from assessments.views.rotation import class_batch
from batches.models import Batch
from batches.selectors import staff_of
from core.errors import DomainError
from core.views import explain_domain_errors


def independence(request: HttpRequest, code: str) -> HttpResponse:
    """Declared ties to people of the class and what the director let pass."""
    batch = class_batch(request, code)
    relations = list(live_relations(batch))
    context = {
        "batch": batch,
        "relations": [(one, can_declare(request.user, one.assessor)) for one in relations],
        "waivers": waivers_of(batch),
        "may_declare": bool(request.user.roles & {Role.ADMIN, Role.ASSESSOR}),
        "may_waive": can_grant_waiver(request.user),
    }
    return render(request, "assessments/rotation/independence.html", context)


def declare_relation(request: HttpRequest, code: str) -> HttpResponse:
    """An assessor declares an own tie; an admin notes that of any of the staff."""
    batch = class_batch(request, code)
    own = Role.ADMIN not in request.user.roles
    people = [one for one in seated_people(batch) if one.person.user_id != request.user.pk or not own]
    form = RelationForm(request.POST or None, people=people, assessors=None if own else _staff(batch))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        assessor = request.user if own else values["assessor"]
        try:
            services.declare_relation(
                assessor, values["person"].person, values["kind"], values["note"], by=request.user
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Hubungan tercatat. Portal mencegah penugasan yang terhalang olehnya."))
            return redirect("assessments:independence", code=code)
    context = {"batch": batch, "form": form, "own": own}
    return render(request, "assessments/rotation/declare_relation.html", context, status=422 if form.errors else 200)


@explain_domain_errors
def end_relation(request: HttpRequest, code: str) -> HttpResponse:
    """The tie named in the form no longer holds."""
    batch = class_batch(request, code)
    number = request.POST.get("relation", "")
    live = live_relations(batch)
    relation = live.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if relation is None:
        messages.error(request, _("Pilih pernyataan yang diakhiri."))
    else:
        services.end_relation(relation, by=request.user)
        messages.success(request, _("Pernyataan hubungan diakhiri."))
    return redirect("assessments:independence", code=code)


def grant_waiver(request: HttpRequest, code: str) -> HttpResponse:
    """The director lets one rule pass, with a reason on record."""
    batch = class_batch(request, code)
    assessors = [one for one in _staff(batch) if one.pk != request.user.pk]
    people = [one for one in seated_people(batch) if one.person.user_id != request.user.pk]
    form = WaiverForm(request.POST or None, people=people, assessors=assessors)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.grant_waiver(
                batch, values["rule"], values["assessor"], values["registration"], values["reason"], by=request.user
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Pengecualian tercatat."))
            return redirect("assessments:independence", code=code)
    context = {"batch": batch, "form": form, "assessors": assessors}
    return render(request, "assessments/rotation/grant_waiver.html", context, status=422 if form.errors else 200)


def _staff(batch: Batch) -> list[User]:
    staff = staff_of(batch)
    return [*staff.examiners, *staff.facilitators]
