"""The outbox: messages owed to people, stored with the act that owes them, sent by a worker.

Owns Email. Announces and hears `email_queued`. Knows addresses and renderers, never a batch or a registration:
the owning app registers, per kind of mail, the function that writes its text (`registry.register`).
A mail is its recipient's notice in the portal too (`selectors.notices`), and the LSP may put words of its own around
what the portal says (`wording`).
"""
