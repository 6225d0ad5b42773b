"""Input about batches, their staff and their venues."""

from batches.forms.bnsp import ApprovalForm, LetterForm
from batches.forms.calendar import CalendarFilterForm
from batches.forms.filters import BatchFilterForm, OpenBatchFilterForm
from batches.forms.new import NewBatch
from batches.forms.planning import BatchForm
from batches.forms.session import CancelSessionForm, RoomForm, SessionForm
from batches.forms.staff import StaffForm
from batches.forms.venue import VenueForm

__all__ = [
    "ApprovalForm",
    "BatchFilterForm",
    "BatchForm",
    "LetterForm",
    "CalendarFilterForm",
    "CancelSessionForm",
    "NewBatch",
    "OpenBatchFilterForm",
    "RoomForm",
    "SessionForm",
    "StaffForm",
    "VenueForm",
]
