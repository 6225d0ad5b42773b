"""Making a batch, changing it, and choosing who serves it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from batches import policies, selectors, services
from batches.errors import BatchNotEditable
from batches.forms import BatchForm, NewBatch, StaffForm
from batches.models import Scheme
from batches.states import SEATS_MOVE
from batches.views.desk import desk_batch
from core.errors import ChangedMeanwhile, DomainError


def create_batch(request: HttpRequest) -> HttpResponse:
    """First the scheme, which brings its defaults; then one page with the rest."""
    scheme = _chosen_scheme(request)
    if scheme is None:
        return render(request, "batches/choose_scheme.html", {"schemes": selectors.schemes_with_agendas()})
    new = NewBatch(request.POST or None, scheme)
    if request.method == "POST" and new.is_valid():
        try:
            batch = services.create_batch(new.batch_plan(), new_venue=new.new_venue(), by=request.user)
        except DomainError as error:
            new.plan.tell(error)
        else:
            messages.success(request, _("%(name)s dibuat sebagai draf.") % {"name": batch.name})
            return redirect("batches:manage_batch", code=batch.code)
    context = {"scheme": scheme, "new": new, "form": new.plan}
    return render(request, "batches/create_batch.html", context, status=422 if new.has_errors else 200)


def _chosen_scheme(request: HttpRequest) -> Scheme | None:
    """The scheme that the address names; the only one needs no choosing."""
    schemes = {scheme.code: scheme for scheme in Scheme.objects.filter(is_active=True)}
    if len(schemes) == 1:
        return next(iter(schemes.values()))
    return schemes.get(request.GET.get("skema", ""))


def update_batch(request: HttpRequest, code: str) -> HttpResponse:
    """Changes what may still change; what somebody else saved meanwhile is shown, never overwritten."""
    batch = desk_batch(request, code)
    if not policies.can_update_batch(request.user, batch):
        messages.error(request, str(BatchNotEditable()))
        return redirect("batches:manage_batch", code=batch.code)
    form, differences = BatchForm(request.POST or None, batch=batch), []
    if request.method == "POST" and form.is_valid():
        try:
            services.update_batch(batch, form.plan(), version=form.cleaned_data["version"], by=request.user)
        except ChangedMeanwhile as error:
            form = form.renewed(desk_batch(request, code))
            differences = form.differences()
            form.add_error(None, str(error))
        except DomainError as error:
            form.tell(error)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("batches:manage_batch", code=batch.code)
    context = {"batch": batch, "form": form, "differences": differences, "is_published": batch.status in SEATS_MOVE}
    return render(request, "batches/update_batch.html", context, status=422 if form.errors else 200)


def assign_staff(request: HttpRequest, code: str) -> HttpResponse:
    """Facilitators and examiners of a batch."""
    batch = desk_batch(request, code)
    staff = selectors.staff_of(batch)
    initial = {"facilitators": staff.facilitators, "examiners": staff.examiners}
    form = StaffForm(request.POST or None, initial=initial, serving=[*staff.facilitators, *staff.examiners])
    if request.method == "POST" and form.is_valid():
        try:
            services.set_staff(batch, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Petugas tersimpan."))
            return redirect("batches:manage_batch", code=batch.code)
    context = {"batch": batch, "form": form}
    return render(request, "batches/assign_staff.html", context, status=422 if form.errors else 200)
