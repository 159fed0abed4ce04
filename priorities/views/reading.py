"""What reading leaves behind: the highest marking on the page, and a line in the trail."""

from board import audit
from board.markings import Marking, highest


def note_reading(request, subject, records):
    """The highest marking of `records`; reading OFFICIAL-SENSITIVE words is written down."""
    marking = highest(records)
    if marking == Marking.SENSITIVE:
        audit.record("read", subject, by=request.user)
    return marking
