"""Mails about role plays and results."""
