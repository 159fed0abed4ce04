"""The two axes of care: how a record is marked, and how far its words may travel."""

from django.db import models


class Marking(models.TextChoices):
    """Government Security Classifications. Nothing higher belongs in the system."""

    # Said everywhere in the capitals in which they are written on paper.
    OFFICIAL = "OFFICIAL", "OFFICIAL"
    SENSITIVE = "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"


class Audience(models.TextChoices):
    """Who cleared words may reach, narrowest first."""

    AGENCIES = "agencies", "Named agencies"
    BOARD = "board", "The Board"
    PARENT = "parent", "The parent committee"
    PUBLIC = "public", "The public"

    def reaches(self, other):
        """Whether words cleared for this audience may be shown to `other`."""
        order = list(Audience)
        return order.index(self) >= order.index(Audience(other))


class Clearance(models.TextChoices):
    NOT_CLEARED = "not_cleared", "Not cleared"
    CLEARED = "cleared", "Cleared"
    WITHDRAWN = "withdrawn", "Withdrawn"


def highest(records):
    """The highest marking among records, OFFICIAL when there are none."""
    if any(record.marking == Marking.SENSITIVE for record in records):
        return Marking.SENSITIVE
    return Marking.OFFICIAL
