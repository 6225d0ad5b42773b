"""The access table: every route of the portal, who may call it, with which methods, on which objects.

The middleware obeys it; tests walk it against the URLconf for every role. A route that is not here answers 404.
`objects` says in words what the view's `visible_to` leaves of the objects; tests try it with strangers.
"""

from dataclasses import dataclass
from enum import Enum

from accounts.roles import STAFF, Role

GET = ("GET", "HEAD", "OPTIONS")
POST = ("POST",)
BOTH = (*GET, *POST)


class Who(Enum):
    PUBLIC = "everybody"
    SIGNED_IN = "signed-in people"
    STAFF = "any staff role"
    ROLES = "the named roles"


@dataclass(frozen=True)
class Access:
    """One row: `roles` counts only with Who.ROLES; `objects` is '' where the address names no object."""

    who: Who
    methods: tuple[str, ...] = GET
    roles: frozenset[Role] = frozenset()
    objects: str = ""


def public(methods: tuple[str, ...] = GET, objects: str = "") -> Access:
    return Access(Who.PUBLIC, methods, objects=objects)


def signed_in(methods: tuple[str, ...] = GET, objects: str = "") -> Access:
    return Access(Who.SIGNED_IN, methods, objects=objects)


def roles(*allowed: Role, methods: tuple[str, ...] = GET, objects: str = "") -> Access:
    return Access(Who.ROLES, methods, frozenset(allowed), objects)


ADMIN, ASSESSOR, DIRECTOR, AUDITOR = Role.ADMIN, Role.ASSESSOR, Role.DIRECTOR, Role.AUDITOR

ROOF: dict[str, Access] = {
    "home": public(),
    "about": public(),
    "prepare": public(),
    "help": public(),
    "privacy": public(),
    "accessibility": public(),
    "set_language": public(POST),
    "set_theme": public(POST),
    "health_live": public(),
    "health_ready": public(),
    "metrics": public(objects="who has the token"),
    "operations": roles(ADMIN, DIRECTOR, AUDITOR),
    "dashboard": signed_in(),
    "participant_home": signed_in(),
    "admin_home": roles(ADMIN),
    "assessor_home": roles(ASSESSOR),
    "director_home": roles(DIRECTOR),
    "auditor_home": roles(AUDITOR),
    "work_list": roles(ADMIN, DIRECTOR),
}
CORE: dict[str, Access] = {
    "core:cancel_job": signed_in(BOTH, objects="own jobs; admins: all"),
    "core:job_detail": signed_in(objects="own jobs; admins: all"),
    "core:job_list": signed_in(),
    "core:job_result": signed_in(objects="own jobs"),
    "core:retry_job": signed_in(POST, objects="own jobs; admins: all"),
}
NOTIFICATIONS: dict[str, Access] = {
    # notices and own words
    "notifications:notice_detail": signed_in(objects="own notices"),
    "notifications:notice_list": signed_in(),
    "notifications:open_notice": signed_in(POST, objects="own notices"),
    "notifications:read_all_notices": signed_in(POST),
    "notifications:restore_wording": roles(ADMIN, methods=POST),
    "notifications:save_wording": roles(ADMIN, methods=POST),
    "notifications:send_wording_test": roles(ADMIN, methods=POST),
    "notifications:use_portal_words": roles(ADMIN, methods=POST),
    "notifications:wording_detail": roles(ADMIN, DIRECTOR),
    "notifications:wording_frame": roles(ADMIN, DIRECTOR, methods=BOTH),
    "notifications:wording_list": roles(ADMIN, DIRECTOR),
    # the outbox
    "notifications:email_list": roles(ADMIN),
    "notifications:cancel_email": roles(ADMIN, methods=BOTH),
    "notifications:email_detail": roles(ADMIN),
    "notifications:email_html": roles(ADMIN),
    "notifications:move_emails": roles(ADMIN, methods=BOTH),
    "notifications:retry_all_emails": roles(ADMIN, methods=BOTH),
    "notifications:retry_email": roles(ADMIN, methods=POST),
    "notifications:send_test_email": roles(ADMIN, methods=POST),
}
ACCOUNTS: dict[str, Access] = {
    "accept_invitation": public(BOTH, objects="who has the link"),
    "audit_log": roles(ADMIN, DIRECTOR, AUDITOR),
    "deactivate_user": roles(ADMIN, methods=BOTH),
    "grant_role": roles(ADMIN, methods=POST),
    "invite_user": roles(ADMIN, methods=BOTH),
    "lsp_logo": public(),
    "lsp_settings": roles(ADMIN, methods=BOTH),
    "profile": signed_in(BOTH),
    "reactivate_user": roles(ADMIN, methods=POST),
    "reset_second_factor": roles(ADMIN, methods=BOTH),
    "revoke_role": roles(ADMIN, methods=BOTH),
    "user_detail": roles(ADMIN),
    "user_list": roles(ADMIN),
    # allauth's own
    "account_change_password": signed_in(BOTH),
    "account_confirm_email": public(BOTH, objects="who has the link"),
    "account_email": signed_in(BOTH),
    "account_email_verification_sent": public(),
    "account_inactive": public(),
    "account_login": public(BOTH),
    "account_logout": public(BOTH),
    "account_reauthenticate": signed_in(BOTH),
    "account_reset_password": public(BOTH),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(BOTH, objects="who has the link"),
    "account_reset_password_from_key_done": public(),
    "account_set_password": signed_in(BOTH),
    "account_signup": public(BOTH),
    "mfa_activate_totp": signed_in(BOTH),
    "mfa_add_webauthn": signed_in(BOTH),
    "mfa_authenticate": public(BOTH, objects="who has given the password"),
    "mfa_deactivate_totp": signed_in(BOTH),
    "mfa_download_recovery_codes": signed_in(),
    "mfa_edit_webauthn": signed_in(BOTH, objects="own keys"),
    "mfa_generate_recovery_codes": signed_in(BOTH),
    "mfa_index": signed_in(),
    "mfa_list_webauthn": signed_in(),
    "mfa_login_webauthn": public(BOTH),
    "mfa_reauthenticate": signed_in(BOTH),
    "mfa_reauthenticate_webauthn": signed_in(BOTH),
    "mfa_remove_webauthn": signed_in(BOTH, objects="own keys"),
    "mfa_view_recovery_codes": signed_in(),
    "usersessions_list": signed_in(BOTH),
}
BATCHES: dict[str, Access] = {
    "batches:batch_list": public(),
    "batches:scheme_list": public(),
    "batches:manage_list": roles(ADMIN, DIRECTOR, AUDITOR),
    "batches:manage_batch": roles(ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"),
    "batches:create_batch": roles(ADMIN, methods=BOTH),
    "batches:update_batch": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:assign_staff": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:submit_to_bnsp": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:record_bnsp_approval": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:back_to_draft": roles(ADMIN, methods=POST, objects="all"),
    "batches:open_batch": roles(ADMIN, methods=POST, objects="all"),
    "batches:close_registration": roles(ADMIN, methods=POST, objects="all"),
    "batches:reopen_registration": roles(ADMIN, methods=POST, objects="all"),
    "batches:start_batch": roles(ADMIN, methods=POST, objects="all"),
    "batches:start_examination": roles(ADMIN, methods=POST, objects="all"),
    "batches:archive_batch": roles(ADMIN, methods=POST, objects="all"),
    # timetable and rooms
    "batches:add_session": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:batch_ics": public(objects="published batches"),
    "batches:calendar": roles(ADMIN, DIRECTOR, AUDITOR, ASSESSOR),
    "batches:cancel_session": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:make_sessions": roles(ADMIN, methods=POST, objects="all"),
    "batches:schedule": roles(ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"),
    "batches:update_session": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:venue_create_room": roles(ADMIN, methods=BOTH, objects="all"),
    "batches:venue_delete_room": roles(ADMIN, methods=POST, objects="all"),
    "batches:venue_update_room": roles(ADMIN, methods=BOTH, objects="all"),
    # venues
    "batches:venue_list": roles(ADMIN),
    "batches:create_venue": roles(ADMIN, methods=BOTH),
    "batches:update_venue": roles(ADMIN, methods=BOTH, objects="all"),
}
PARTICIPANTS: dict[str, Access] = {
    "participants:accept_all_documents": roles(ADMIN, methods=POST, objects="sent registrations"),
    "participants:answer_manual_check": roles(ADMIN, methods=POST, objects="sent registrations"),
    "participants:autosave_part": signed_in(POST, objects="own registrations"),
    "participants:batch_page": public(objects="published batches"),
    "participants:cancel_batch": roles(ADMIN, methods=BOTH),
    "participants:cancel_registration": roles(ADMIN, methods=BOTH, objects="sent registrations"),
    "participants:calendar_feed": public(objects="who has the link"),
    "participants:check_answers": signed_in(objects="own registrations"),
    "participants:check_eligibility": signed_in(POST, objects="own registrations"),
    "participants:claim_for_review": roles(ADMIN, methods=POST, objects="sent registrations"),
    "participants:confirm_all_eligible": roles(ADMIN, methods=POST),
    "participants:confirm_registration": roles(ADMIN, methods=POST, objects="sent registrations"),
    "participants:decision_mail": roles(ADMIN, objects="all"),
    "participants:decision_mails": roles(ADMIN, objects="all"),
    "participants:discard_decision_mails": roles(ADMIN, methods=POST, objects="all"),
    "participants:document_list": signed_in(objects="own registrations"),
    "participants:edit_document": signed_in(BOTH, objects="own registrations"),
    "participants:edit_part": signed_in(BOTH, objects="own registrations"),
    "participants:find_eligible": roles(ADMIN, methods=POST, objects="sent registrations"),
    "participants:judge_document": roles(ADMIN, methods=POST, objects="documents of sent registrations"),
    "participants:my_schedule": signed_in(objects="own registrations"),
    "participants:quick_check": public(),
    "participants:quick_check_scheme": public(objects="active schemes"),
    "participants:receipt": signed_in(objects="own registrations"),
    "participants:registration_detail": signed_in(objects="own registrations"),
    "participants:reject_registration": roles(ADMIN, methods=BOTH, objects="sent registrations"),
    "participants:release_claim": roles(ADMIN, methods=POST, objects="sent registrations"),
    "participants:release_decisions": roles(ADMIN, methods=BOTH, objects="all"),
    "participants:remove_document": signed_in(POST, objects="own registrations"),
    "participants:reopen_after_objection": roles(ADMIN, methods=BOTH, objects="sent registrations"),
    "participants:replace_feed": signed_in(POST),
    "participants:return_registration": roles(ADMIN, methods=BOTH, objects="sent registrations"),
    "participants:reveal_identity": roles(ADMIN, methods=BOTH, objects="sent registrations"),
    "participants:review_document": signed_in(objects="own documents; admins: of sent registrations"),
    "participants:review_queue": roles(ADMIN, DIRECTOR, AUDITOR),
    "participants:review_registration": roles(ADMIN, DIRECTOR, AUDITOR, objects="sent registrations"),
    "participants:roster": roles(ADMIN, DIRECTOR, AUDITOR),
    "participants:scheme_page": public(objects="active schemes"),
    "participants:start_registration": public(POST, objects="published batches"),
    "participants:submit_registration": signed_in(POST, objects="own registrations"),
    "participants:withdraw_registration": signed_in(BOTH, objects="own registrations"),
}
ASSESSMENTS: dict[str, Access] = {
    # attendance
    "assessments:approve_make_up": roles(ADMIN, DIRECTOR, methods=BOTH, objects="seated people"),
    "assessments:attendance_board": roles(
        ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"
    ),
    "assessments:attendance_session": roles(
        ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"
    ),
    "assessments:mark_attendance": roles(ADMIN, ASSESSOR, methods=POST, objects="all; assessors those that they serve"),
    "assessments:my_attendance": signed_in(objects="own registrations"),
    "assessments:sign_in_sheet": roles(
        ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"
    ),
    # end of attendance
    # records
    "assessments:correct_record": roles(ASSESSOR, methods=BOTH, objects="own records"),
    "assessments:my_decision": signed_in(BOTH, objects="plays in which one has the asesor's seat"),
    "assessments:record_detail": roles(
        ADMIN,
        ASSESSOR,
        DIRECTOR,
        AUDITOR,
        objects="own records; once signed: admins, directors, auditors and the panel of its appeal",
    ),
    "assessments:record_sheet": roles(ASSESSOR, methods=BOTH, objects="own records"),
    "assessments:record_tap": roles(ASSESSOR, methods=POST, objects="own records"),
    "assessments:resolve_conflict": roles(ASSESSOR, methods=BOTH, objects="own records"),
    "assessments:review_record": roles(ASSESSOR, methods=BOTH, objects="own records"),
    "assessments:senior_decision": roles(ASSESSOR, methods=BOTH, objects="own records"),
    "assessments:set_methods": roles(ASSESSOR, methods=POST, objects="own records"),
    "assessments:start_record": roles(ASSESSOR, methods=BOTH, objects="plays of batches that they serve"),
    "assessments:void_record": roles(ASSESSOR, methods=BOTH, objects="own records"),
    # end of records
    # lists
    "assessments:export_all_results": roles(ADMIN, DIRECTOR, methods=POST),
    "assessments:export_results": roles(ADMIN, DIRECTOR, methods=POST, objects="all"),
    "assessments:result_report": roles(ADMIN, DIRECTOR, AUDITOR),
    # end of lists
    # rotation
    "assessments:arrange_play": roles(ADMIN, methods=BOTH, objects="all"),
    "assessments:cancel_play": roles(ADMIN, methods=BOTH, objects="all"),
    "assessments:declare_relation": roles(
        ADMIN, ASSESSOR, methods=BOTH, objects="all; assessors those that they serve"
    ),
    "assessments:end_relation": roles(ADMIN, ASSESSOR, methods=POST, objects="all; assessors those that they serve"),
    "assessments:end_round": roles(ADMIN, ASSESSOR, methods=POST, objects="all; assessors those that they serve"),
    "assessments:grant_waiver": roles(DIRECTOR, methods=BOTH, objects="all"),
    "assessments:independence": roles(
        ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"
    ),
    "assessments:make_rotation": roles(ADMIN, methods=BOTH, objects="all"),
    "assessments:my_assignments": roles(ASSESSOR),
    "assessments:my_plays": signed_in(objects="own registrations"),
    "assessments:plan_exam_play": roles(ADMIN, methods=BOTH, objects="seated people"),
    "assessments:publish_rotation": roles(ADMIN, methods=POST, objects="all"),
    "assessments:rotation_board": roles(
        ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"
    ),
    "assessments:run_sheet": roles(ADMIN, DIRECTOR, AUDITOR, ASSESSOR, objects="all; assessors those that they serve"),
    "assessments:start_round": roles(ADMIN, ASSESSOR, methods=POST, objects="all; assessors those that they serve"),
    # end of rotation
    # results and appeals
    "assessments:accept_appeal": roles(ADMIN, DIRECTOR, methods=POST, objects="all"),
    "assessments:appeal_detail": signed_in(
        objects="own appeals and those one hears; admins, directors and auditors: all"
    ),
    "assessments:appeal_list": roles(ADMIN, DIRECTOR, AUDITOR, ASSESSOR),
    "assessments:appoint_panel": roles(DIRECTOR, methods=BOTH, objects="all"),
    "assessments:assessment_detail": roles(ADMIN, DIRECTOR, AUDITOR, objects="all"),
    "assessments:close_appeal": roles(ADMIN, DIRECTOR, methods=POST, objects="all"),
    "assessments:complete_batch": roles(ADMIN, methods=BOTH, objects="all"),
    "assessments:decide_appeal": roles(ADMIN, ASSESSOR, DIRECTOR, methods=BOTH, objects="appeals that one hears"),
    "assessments:decide_results": roles(DIRECTOR, methods=POST, objects="all"),
    "assessments:file_appeal": signed_in(BOTH, objects="own released results"),
    "assessments:my_result": signed_in(objects="own registrations"),
    "assessments:open_retake": roles(ADMIN, DIRECTOR, methods=POST, objects="all"),
    "assessments:reject_appeal": roles(ADMIN, DIRECTOR, methods=BOTH, objects="all"),
    "assessments:release_results": roles(ADMIN, DIRECTOR, methods=BOTH, objects="all"),
    "assessments:result_board": roles(ADMIN, DIRECTOR, AUDITOR, objects="all"),
    "assessments:result_mail": roles(ADMIN, DIRECTOR, objects="all"),
    "assessments:send_back": roles(DIRECTOR, methods=BOTH, objects="all"),
    "assessments:void_assessment": roles(ADMIN, DIRECTOR, methods=BOTH, objects="all"),
    "assessments:withdraw_appeal": signed_in(BOTH, objects="own appeals"),
    # end of results and appeals
}
# --- certificates
CERTIFICATES: dict[str, Access] = {
    "certificates:certificate_board": roles(ADMIN, DIRECTOR, AUDITOR, objects="all"),
    "certificates:certificate_detail": roles(ADMIN, DIRECTOR, AUDITOR, objects="all"),
    "certificates:certificate_list": roles(ADMIN, DIRECTOR, AUDITOR),
    "certificates:confirm_name": signed_in(BOTH, objects="own registrations"),
    "certificates:correct_name": roles(ADMIN, methods=BOTH, objects="sent registrations"),
    "certificates:download": signed_in(objects="own while in force; admins and directors all; auditors none"),
    "certificates:export_register": roles(ADMIN, DIRECTOR, methods=POST),
    "certificates:issue_certificates": roles(DIRECTOR, methods=BOTH, objects="all"),
    "certificates:issue_progress": roles(ADMIN, DIRECTOR, AUDITOR, objects="all"),
    "certificates:my_certificate": signed_in(objects="own registrations"),
    "certificates:reissue_certificate": roles(DIRECTOR, methods=BOTH, objects="all"),
    "certificates:restart_rendering": roles(ADMIN, DIRECTOR, methods=POST, objects="all"),
    "certificates:revoke_certificate": roles(DIRECTOR, methods=BOTH, objects="all"),
    "certificates:verify": public(objects="who has the address"),
    "certificates:verify_search": public(BOTH),
}
# --- end of certificates
DEMO: dict[str, Access] = {  # the routes themselves exist in the demo only
    "demo:enter": public(POST),
    "demo:mail_list": public(),
    "demo:switch_mail_server": public(POST),
    "demo:mail_detail": public(),
    "demo:mail_attachment": public(),
    "demo:mail_html": public(),
    "demo:follow": public(),
    "component_gallery": public(),
}

ACCESS: dict[str, Access] = (
    ROOF | CORE | NOTIFICATIONS | ACCOUNTS | BATCHES | PARTICIPANTS | ASSESSMENTS | CERTIFICATES | DEMO
)


def allows(rule: Access, user) -> bool:
    """True if a person with this user's roles may call the route."""
    if rule.who == Who.PUBLIC:
        return True
    if rule.who == Who.SIGNED_IN:
        return user.is_authenticated
    if rule.who == Who.STAFF:
        return bool(user.roles & STAFF)
    return bool(user.roles & rule.roles)
