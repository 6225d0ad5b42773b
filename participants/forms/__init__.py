"""What participants type. Forms check shape and presence; nothing here writes."""

from participants.forms.base import Answer, PartForm
from participants.forms.experience import ExperienceForms, ExperienceFormSet
from participants.forms.identity import IdentityForm, identity_notes
from participants.forms.papers import PaperForm, accepted_types, upload_limit
from participants.forms.parts import DeclarationsForm, EducationForm, SelfAssessmentForm, TargetForm
from participants.forms.quick import QuickCheckForm
from participants.forms.withdraw import WithdrawForm

__all__ = [
    "Answer",
    "DeclarationsForm",
    "EducationForm",
    "ExperienceFormSet",
    "ExperienceForms",
    "IdentityForm",
    "PaperForm",
    "PartForm",
    "QuickCheckForm",
    "SelfAssessmentForm",
    "TargetForm",
    "WithdrawForm",
    "accepted_types",
    "identity_notes",
    "upload_limit",
]
