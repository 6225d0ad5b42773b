"""People who sign in: users, roles, invitations, second factor, consents, and the LSP's own identity and settings.

Announces nothing. Its mails (confirm, reset, invitation) go through the outbox.
"""
