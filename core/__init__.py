"""The floor: owns what every app writes or needs (audit, jobs, private files, clock, errors, events, forms).

Announces `job_queued`; hears it to start the job. Imports no app.
"""
