from django.dispatch import Signal

job_queued = Signal()  # job_id
