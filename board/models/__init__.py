"""Who: boards, agencies, people, their offices, and the audit trail."""

from .audit import AuditEvent, AuditHead
from .boards import (
    Appointment,
    Board,
    Nomination,
    Seat,
    SharingAgreement,
    SharingSignature,
    TermsOfReference,
)
from .clearance import Clearable, Marked
from .letters import Letter, LetterQuerySet
from .people import Agency, AgencyMember, User

__all__ = [
    "Agency",
    "AgencyMember",
    "Appointment",
    "AuditEvent",
    "AuditHead",
    "Board",
    "Clearable",
    "Letter",
    "LetterQuerySet",
    "Marked",
    "Nomination",
    "Seat",
    "SharingAgreement",
    "SharingSignature",
    "TermsOfReference",
    "User",
]
