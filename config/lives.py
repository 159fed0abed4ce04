"""Every life of every record, for the drawing in docs/workflows.md and the tests."""

from meetings.transitions import LIVES as MEETINGS
from priorities.transitions import LIVES as PRIORITIES
from reports.transitions import LIVES as REPORTS

LIVES = (*PRIORITIES, *MEETINGS, *REPORTS)
