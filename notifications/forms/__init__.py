"""What admins type about mails. Forms check shape and presence; nothing here writes."""
