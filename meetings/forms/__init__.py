from .actions import ActionForm, QuickActionForm
from .attendance import AttendanceForm, Choices, DeclarationForm
from .meetings import AgendaItemForm, MeetingForm
from .minute import DecisionForm

__all__ = [
    "ActionForm",
    "AgendaItemForm",
    "AttendanceForm",
    "Choices",
    "DecisionForm",
    "DeclarationForm",
    "MeetingForm",
    "QuickActionForm",
]
