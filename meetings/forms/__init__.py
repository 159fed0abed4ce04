from .actions import ActionForm, QuickActionForm
from .attendance import AttendanceForm, Choices, DeclarationForm
from .corrections import CorrectionForm, GroundForm
from .meetings import AgendaItemForm, MeetingForm
from .minute import DecisionForm

__all__ = [
    "ActionForm",
    "AgendaItemForm",
    "AttendanceForm",
    "Choices",
    "CorrectionForm",
    "DecisionForm",
    "DeclarationForm",
    "GroundForm",
    "MeetingForm",
    "QuickActionForm",
]
