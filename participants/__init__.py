"""Who applies, with what, whether eligible and why, and who gets a seat.

Owns Person, Registration and what hangs on it. Announces `registration_confirmed` and `registration_left`.
"""
