"""Mails about certificates."""
