"""Pages of accounts: one's own, and those of the people who run the portal."""
