"""The acts of assessments in words, for the audit log."""
