"""Why an appeal cannot take its next step."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NotYourResult(DomainError):
    code = "not_your_result"
    message = _("Banding diajukan oleh peserta yang dinilai.")


class ResultNotReleased(DomainError):
    code = "result_not_released"
    message = _("Hasil ini belum dirilis, sehingga belum dapat dibanding.")


class NothingToAppeal(DomainError):
    code = "nothing_to_appeal"
    message = _("Hasil kompeten tidak memerlukan banding.")


class AppealTooLate(DomainError):
    code = "appeal_too_late"
    message = _("Batas mengajukan banding adalah %(days)s hari kerja setelah rilis, yaitu %(day)s. Hubungi admin LSP.")


class AppealedAlready(DomainError):
    code = "appealed_already"
    message = _("Hasil ini sudah pernah dibanding. Satu hasil hanya dapat dibanding satu kali.")


class GroundsNeeded(DomainError):
    code = "grounds_needed"
    message = _("Tulis alasan banding Anda.")


class PanelNeeded(DomainError):
    code = "panel_needed"
    message = _("Pilih paling sedikit satu anggota panel.")


class NotOfTheStaff(DomainError):
    code = "not_of_the_staff"
    message = _("%(name)s tidak bertugas di LSP ini. Anggota panel adalah asesor senior, admin, atau pimpinan.")


class NotOnThePanel(DomainError):
    code = "not_on_the_panel"
    message = _("Banding ini diputus oleh anggota panelnya.")
