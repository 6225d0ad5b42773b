"""The LSP's own words in mails: read, tried, put in force, taken back."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.errors import ChangedMeanwhile, DomainError
from core.views import explain_domain_errors
from notifications import services
from notifications.forms.wording import WordingForm
from notifications.models import EmailWording
from notifications.registry import kind_title, ready_kinds, variables_of, written_kinds
from notifications.selectors.previews import Preview, preview, real_cases
from notifications.wording import WORDING_TEST, Words, WordsInForce, code_of, wording_versions

LANGUAGES = ("id", "en")
MOST_VERSIONS = 50  # on the page, newest first
FRAME_POLICY = {"frame-ancestors": ["'self'"], "style-src": ["'unsafe-inline'"], "script-src": ["'none'"]}


def wording_list(request: HttpRequest) -> HttpResponse:
    """All kinds of mails, whether the LSP has words of its own in them, and those that nobody may reword."""
    own = WordsInForce()
    rows = [
        {"kind": kind, "title": kind_title(kind), "languages": [(one, bool(own.of(kind, one))) for one in LANGUAGES]}
        for kind in written_kinds()
    ]
    fixed = [kind_title(kind) for kind in ready_kinds() if kind != WORDING_TEST]
    return render(request, "notifications/wording_list.html", {"rows": rows, "fixed": fixed})


def wording_detail(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """The words in force with their preview and versions, and the form for who may change them."""
    return _page(request, kind, language)


@explain_domain_errors
def save_wording(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Puts the typed words in force."""
    form = _form(request, kind, language)
    if not form.is_valid():
        return _page(request, kind, language, form)
    try:
        services.put_wording(kind, language, form.words(), based_on=form.cleaned_data["based_on"], by=request.user)
    except ChangedMeanwhile as error:
        form.add_error(None, str(error))
        return _page(request, kind, language, form, is_newer=True)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, kind, language, form)
    messages.success(request, _("Kata-kata ini berlaku mulai surat berikutnya."))
    return redirect("notifications:wording_detail", kind=kind, language=language)


@explain_domain_errors
def restore_wording(request: HttpRequest, kind: str, language: str, version: int) -> HttpResponse:
    """Puts the words of an older version in force again."""
    older = get_object_or_404(EmailWording, code=_code(kind, language), version=version)
    services.restore_wording(older, based_on=_based_on(request), by=request.user)
    messages.success(request, _("Kata-kata dari versi %(version)s berlaku lagi.") % {"version": version})
    return redirect("notifications:wording_detail", kind=kind, language=language)


@explain_domain_errors
def use_portal_words(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Takes all own words back."""
    _code(kind, language)
    services.use_portal_words(kind, language, based_on=_based_on(request), by=request.user)
    messages.success(request, _("Surat ini kembali memakai kata-kata portal."))
    return redirect("notifications:wording_detail", kind=kind, language=language)


@xframe_options_sameorigin
@csp_replace(FRAME_POLICY)
def wording_frame(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """For the sandboxed frame: the mail with the words in force, or with those typed but not saved."""
    code, real = _code(kind, language), request.user.may_word_mails
    if request.method != "POST":
        return _frame(preview(kind, language, _in_force(code), real=real))
    form = _form(request, kind, language)
    if not form.is_valid():
        return _frame_note(_problems(form), status=422)
    return _frame(preview(kind, language, form.words(), case_code=form.cleaned_data.get("case", ""), real=real))


@xframe_options_sameorigin
@csp_replace(FRAME_POLICY)
def send_wording_test(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Sends what the frame would show to the admin's own address; the answer appears in the frame."""
    form = _form(request, kind, language)
    if not form.is_valid():
        return _frame_note(_problems(form), status=422)
    shown = preview(kind, language, form.words(), case_code=form.cleaned_data.get("case", ""))
    if shown.message is None:
        return _frame(shown)
    try:
        services.send_wording_test(shown.message, language=language, by=request.user)
    except DomainError as error:
        return _frame_note([str(error)], status=422)
    return _frame_note([_("Surat uji untuk %(address)s masuk antrean. Isian di atas belum disimpan.") % {
        "address": request.user.email
    }])  # fmt: skip


# --- loading and answering


def _code(kind: str, language: str) -> str:
    """404 for what nobody may reword and for languages that the portal does not speak."""
    if kind not in written_kinds() or language not in LANGUAGES:
        raise Http404
    return code_of(kind, language)


def _based_on(request: HttpRequest) -> int:
    text = request.POST.get("based_on", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _form(request: HttpRequest, kind: str, language: str) -> WordingForm:
    _code(kind, language)
    return WordingForm(request.POST, kind=kind, cases=real_cases(kind))


def _in_force(code: str) -> Words:
    return Words.of(wording_versions(code).in_force().values_list("content", flat=True).first() or {})


def _page(
    request: HttpRequest, kind: str, language: str, form: WordingForm | None = None, *, is_newer: bool = False
) -> HttpResponse:
    code = _code(kind, language)
    versions = list(wording_versions(code)[:MOST_VERSIONS])
    newest = versions[0] if versions else None
    words = Words.of(newest.content) if newest else Words()
    if form is None:
        start = words.content() | {"based_on": newest.version if newest else 0}
        form = WordingForm(kind=kind, cases=real_cases(kind), initial=start)
    elif is_newer:  # the next save is based on what the page shows now
        form.data = form.data.copy()
        form.data["based_on"] = str(newest.version if newest else 0)
    context = {
        "kind": kind, "language": language, "title": kind_title(kind), "form": form,
        "versions": [(version, Words.of(version.content)) for version in versions],
        "newest": newest, "words": words, "is_newer": is_newer, "may_edit": request.user.may_word_mails,
        "variables": [(f"{{{{ {name} }}}}", variable.label) for name, variable in variables_of(kind).items()],
        "languages": LANGUAGES,
    }  # fmt: skip
    return render(request, "notifications/wording_detail.html", context, status=422 if form.is_bound else 200)


def _problems(form: WordingForm) -> list[str]:
    return [str(message) for messages_of_field in form.errors.values() for message in messages_of_field]


def _frame(shown: Preview) -> HttpResponse:
    """The mail as HTML, with its subject above and its text below; links open beside the page."""
    if shown.is_unwritten:
        return _frame_note([_("Pratinjau surat ini belum dapat dibuat. Coba lagi nanti.")])
    if shown.message is None:
        return _frame_note([_("Sebab surat ini sudah tidak ada. Pilih surat lain untuk pratinjau.")])
    context = {"message": shown.message, "case": shown.case}
    above = render_to_string("notifications/email/_preview_above.html", context)
    below = render_to_string("notifications/email/_preview_below.html", context)
    html = shown.message.html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html.replace("<body>", f"<body>{above}", 1).replace("</body>", f"{below}</body>", 1))


def _frame_note(lines: list[str], *, status: int = 200) -> HttpResponse:
    text = render_to_string("notifications/email/_preview_note.html", {"lines": lines, "is_problem": status != 200})
    return HttpResponse(text, status=status)
