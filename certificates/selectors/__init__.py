"""Reads about certificates whose answer is not a queryset."""

from certificates.selectors.checklist import PersonChecklist, Requirement, batch_checklists, issue_checklist

__all__ = ["PersonChecklist", "Requirement", "batch_checklists", "issue_checklist"]
