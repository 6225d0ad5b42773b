from django.dispatch import Signal

email_queued = Signal()  # email_id
