from .actions import ActionForm
from .attendance import (
    AttendanceForm,
    Choices,
    DeclarationForm,
    MovesForm,
    PresidingForm,
    TimesForm,
)
from .between import BetweenForm, ReplyForm
from .corrections import CorrectionForm, GroundForm
from .meetings import AgainForm, AgendaItemForm, CallOffForm, MeetingForm
from .minute import DecisionForm, OrderForm, QuickActionForm
from .papers import PaperForm
from .planning import TogetherForm, proposed_forms
from .references import OtherReferenceForm
from .referrals import ReferralForm
from .review import ReviewForm
from .standing import StandingForm

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
    "MovesForm",
    "OrderForm",
    "OtherReferenceForm",
    "PaperForm",
    "PresidingForm",
    "QuickActionForm",
    "ReferralForm",
    "ReplyForm",
    "ReviewForm",
    "StandingForm",
    "TimesForm",
    "TogetherForm",
    "proposed_forms",
]
