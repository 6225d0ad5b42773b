from django.dispatch import Signal

certificate_issued = Signal()  # certificate_id
