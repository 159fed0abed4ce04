"""What: the priorities, the rounds of returns, emerging threats and learning."""

from .learning import Learning, LearningLink
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
from .threats import EmergingThreat

__all__ = [
    "AgencyReturn",
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
    "quarter_of",
]
