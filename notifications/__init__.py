"""The outbox: messages owed to people, stored with the act that owes them, sent by a worker.

Owns Email. Announces and hears `email_queued`. Knows addresses and renderers, never a batch or a registration:
the owning app registers, per kind of mail, the function that writes its text (`registry.register`).
"""
