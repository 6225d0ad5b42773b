"""Pages of mails: the outbox and many mails at once, a person's notices, the LSP's own words."""
