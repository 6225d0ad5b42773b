"""The acts of certificates in words, for the audit log."""
