"""The held mails about a batch's decisions: compare, read one, release together, discard."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batches.models import Batch
from core.errors import DomainError
from notifications.errors import GroupChanged
from notifications.models import Email
from notifications.selectors.held import StagedMail
from participants import services
from participants.forms.decision_mails import DiscardForm, ReleaseForm
from participants.selectors.decision_mails import DecisionMail, DecisionMails, decision_group, decision_mails


def compare_decision_mails(request: HttpRequest, code: str) -> HttpResponse:
    """Person by person what a release sends now, and what changed since it was staged."""
    return _page(request, _batch(request, code))


def decision_mail(request: HttpRequest, code: str, mail: UUID) -> HttpResponse:
    """One held mail as it would go out now; nothing is written."""
    batch = _batch(request, code)
    email = get_object_or_404(Email, hold_group=decision_group(batch), code=mail)
    row = next((row for row in decision_mails(batch).rows if row.mail.email == email), None)
    if row is None:
        messages.info(request, _("Surat ini tidak lagi ditahan."))
        return redirect("participants:decision_mails", code=code)
    return render(request, "participants/review/decision_mail.html", {"batch": batch, "row": row})


def release_decisions(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once more with the names, then releases exactly what the page had shown."""
    if request.method != "POST":
        return redirect("participants:decision_mails", code=code)
    batch, form = _batch(request, code), ReleaseForm(request.POST)
    form.full_clean()
    seen = form.cleaned_data["seen"]
    try:
        if form.cleaned_data["sure"]:
            released = services.release_decisions(batch, seen=seen, by=request.user)
            return _released(request, code, released.queued, released.ended)
        found = decision_mails(batch, seen=seen)
        if found.comparison.mark != seen:
            raise GroupChanged
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, batch, seen=seen, status=422)
    return _ask_release(request, batch, found)


def discard_decision_mails(request: HttpRequest, code: str) -> HttpResponse:
    """Takes back the ticked mails after asking once more; the decisions stand."""
    batch = _batch(request, code)
    ticked = set(request.POST.getlist("mail"))
    rows = [row for row in decision_mails(batch).rows if str(row.mail.email.code) in ticked]
    if not rows:
        messages.error(request, _("Centang dahulu surat yang dibuang."))
        return _page(request, batch, status=422)
    if not request.POST.get("sure"):
        return _ask_discard(request, batch, [(str(row.mail.email.code), _line(row)) for row in rows])
    try:
        count = services.discard_decision_mails(batch, [row.mail.email.code for row in rows], by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(n)s surat dibuang.", "%(n)s surat dibuang.", count) % {"n": count}
        messages.success(request, f"{text} {_('Keputusannya tetap berlaku.')}")
    return redirect("participants:decision_mails", code=code)


def _released(request: HttpRequest, code: str, queued: int, ended: int) -> HttpResponse:
    text = ngettext("%(n)s surat masuk antrean kirim.", "%(n)s surat masuk antrean kirim.", queued) % {"n": queued}
    if ended:
        gone = ngettext(
            "%(n)s surat dibatalkan karena tidak lagi sesuai keadaan.",
            "%(n)s surat dibatalkan karena tidak lagi sesuai keadaan.", ended,
        )  # fmt: skip
        text = f"{text} {gone % {'n': ended}}"
    messages.success(request, text)
    return redirect("participants:decision_mails", code=code)


def _ask_release(request: HttpRequest, batch: Batch, found: DecisionMails) -> HttpResponse:
    going, ending = len(found.comparison.going), len(found.comparison.ending)
    sent = ngettext("%(n)s surat akan dikirim: %(to)s.", "%(n)s surat akan dikirim: %(to)s.", going)
    lost = ngettext(
        "%(n)s surat akan dibatalkan karena tidak lagi sesuai keadaan: %(to)s.",
        "%(n)s surat akan dibatalkan karena tidak lagi sesuai keadaan: %(to)s.", ending,
    )  # fmt: skip
    consequences = [
        sentence % {"n": len(mails), "to": _names(found, mails)}
        for sentence, mails in ((sent, found.comparison.going), (lost, found.comparison.ending))
        if mails
    ]
    if request.POST.getlist("mail"):
        consequences.append(_("Centang tidak berpengaruh: semua surat ini dilepas. Centang hanya untuk membuang."))
    return _question(
        request, batch, title=_("Lepas surat keputusan %(batch)s?") % {"batch": batch.name},
        text=_("Surat yang sudah dilepas tidak dapat ditarik lagi."), danger=False,
        consequences=consequences,
        label=ngettext("Lepas %(n)s surat", "Lepas %(n)s surat", going) % {"n": going},
        form=ReleaseForm(initial={"seen": found.comparison.mark, "sure": True}),
    )  # fmt: skip


def _ask_discard(request: HttpRequest, batch: Batch, chosen: list[tuple[str, str]]) -> HttpResponse:
    count = len(chosen)
    return _question(
        request, batch,
        title=ngettext("Buang %(n)s surat keputusan?", "Buang %(n)s surat keputusan?", count) % {"n": count},
        text=_("Surat tidak dikirim. Keputusannya tetap berlaku dan tetap tampil pada halaman peserta."), danger=True,
        consequences=[line for _code, line in chosen], label=_("Buang surat"),
        form=DiscardForm(initial={"mail": [code for code, _line in chosen], "sure": True}),
    )  # fmt: skip


def _line(row: DecisionMail) -> str:
    return f"{_name(row)}: {row.mail.title}"


def _names(found: DecisionMails, mails: list[StagedMail]) -> str:
    """Whose mails these are, in the order of the page."""
    wanted = {mail.email.pk for mail in mails}
    return ", ".join(_name(row) for row in found.rows if row.mail.email.pk in wanted)


def _name(row: DecisionMail) -> str:
    return row.registration.person.display_name if row.registration else row.mail.email.to_address


def _question(request: HttpRequest, batch: Batch, **words: Any) -> HttpResponse:
    back = reverse("participants:decision_mails", args=[batch.code])
    return render(request, "participants/review/decide.html", {"back_url": back, **words})


def _page(request: HttpRequest, batch: Batch, *, seen: str | None = None, status: int = 200) -> HttpResponse:
    found = decision_mails(batch, seen=seen)
    context = {
        "batch": batch,
        "found": found,
        "form": ReleaseForm(initial={"seen": found.comparison.mark}),
        "left": found.comparison.changed_since(seen)[1] if seen else 0,
        "ticked": request.POST.getlist("mail"),
    }
    return render(request, "participants/review/decision_mails.html", context, status=status)


def _batch(request: HttpRequest, code: str) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user), code=code)
