"""Training certificates: who is ready for one, their issue and rendering, and their public verification.

Owns Certificate and its log. Announces and hears `certificate_issued`.
"""
