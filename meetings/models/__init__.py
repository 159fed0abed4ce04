"""When: meetings, what was said and decided there, and the actions that follow."""

from .actions import Action, ActionCounter, OtherReference, Promise, Review
from .attendance import Absence, Attendance, Declaration
from .between import BetweenMeetings, QuestionLetter, Reply
from .corrections import Circulation, Correction
from .invitations import Invitation
from .letters import ActionLetter
from .meetings import AgendaItem, Meeting
from .minutes import Decision, Minutes, Note, Part
from .papers import Paper, PaperFile
from .referrals import Referral
from .standing import StandingItem

__all__ = [
    "Absence",
    "Action",
    "ActionCounter",
    "ActionLetter",
    "AgendaItem",
    "Attendance",
    "BetweenMeetings",
    "Circulation",
    "Correction",
    "Decision",
    "Declaration",
    "Invitation",
    "Meeting",
    "Minutes",
    "Note",
    "OtherReference",
    "Paper",
    "PaperFile",
    "Part",
    "Promise",
    "QuestionLetter",
    "Referral",
    "Reply",
    "Review",
    "StandingItem",
]
