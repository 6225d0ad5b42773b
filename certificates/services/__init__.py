"""The use cases of certificates. Each is one transaction; `by` is who acts (None: the portal itself)."""

from certificates.services.issue import issue_certificates
from certificates.services.names import confirm_certificate_name, correct_certificate_name
from certificates.services.rendering import render_and_store, restart_rendering, sweep_unrendered
from certificates.services.withdrawal import reissue_certificate, revoke_certificate

__all__ = [
    "confirm_certificate_name",
    "correct_certificate_name",
    "issue_certificates",
    "reissue_certificate",
    "render_and_store",
    "restart_rendering",
    "revoke_certificate",
    "sweep_unrendered",
]
