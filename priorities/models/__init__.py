"""What: the priorities, the rounds of returns, emerging threats and learning."""

from .learning import Learning, LearningLink
from .letters import ThreatLetter, WithdrawalLetter
from .plan import FourP, NationalThreat, Objective, Priority, Responsibility
from .returns import (
    AgencyReturn,
    Confidence,
    Direction,
    Original,
    PriorityReturn,
    ReturnQuery,
    ReturnState,
)
from .rounds import Round, quarter_of
from .set_aside import SetAside
from .standards import Assessment, Standard
from .threats import EmergingThreat

__all__ = [
    "AgencyReturn",
    "Assessment",
    "Confidence",
    "Direction",
    "EmergingThreat",
    "FourP",
    "Learning",
    "LearningLink",
    "NationalThreat",
    "Objective",
    "Original",
    "Priority",
    "PriorityReturn",
    "Responsibility",
    "ReturnQuery",
    "ReturnState",
    "Round",
    "SetAside",
    "Standard",
    "ThreatLetter",
    "WithdrawalLetter",
    "quarter_of",
]
