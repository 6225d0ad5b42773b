"""What is planned: schemes, agendas, rules and document types as versioned data; batches, their staff and their seats.

Announces nothing yet. A batch knows how many seats are held, never by whom.
"""
