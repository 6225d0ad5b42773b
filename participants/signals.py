from django.dispatch import Signal

registration_confirmed = Signal()  # registration_id
registration_left = Signal()  # registration_id
