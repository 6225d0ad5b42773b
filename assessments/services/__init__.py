"""The use cases of assessments, one module per noun. Each is one transaction; `by` is who acts."""

from assessments.services.attendance import Mark, approve_make_up, mark_all_present, mark_attendance

__all__ = [
    "Mark",
    "approve_make_up",
    "mark_all_present",
    "mark_attendance",
]
