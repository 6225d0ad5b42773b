"""From the facts of a certificate to its PDF, without network, database or files of the machine."""
