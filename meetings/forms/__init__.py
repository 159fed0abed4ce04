from .actions import ActionForm, QuickActionForm
from .attendance import AttendanceForm, Choices, DeclarationForm
from .between import BetweenForm, ReplyForm
from .corrections import CorrectionForm, GroundForm
from .meetings import AgainForm, AgendaItemForm, CallOffForm, MeetingForm
from .minute import DecisionForm
from .papers import PaperForm
from .planning import TogetherForm, proposed_forms

__all__ = [
    "ActionForm",
    "AgainForm",
    "AgendaItemForm",
    "AttendanceForm",
    "BetweenForm",
    "CallOffForm",
    "Choices",
    "CorrectionForm",
    "DecisionForm",
    "DeclarationForm",
    "GroundForm",
    "MeetingForm",
    "PaperForm",
    "QuickActionForm",
    "ReplyForm",
    "TogetherForm",
    "proposed_forms",
]
