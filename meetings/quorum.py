"""Whether enough agencies are there. A person with two capacities counts once."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from .models import AgendaItem, Attendance

HERE = (Attendance.Status.PRESENT, Attendance.Status.SUBSTITUTE)


@dataclass(frozen=True)
class Quorum:
    """needed is None where the board has set no quorum; such a meeting always has one."""

    here: int
    seats: int
    needed: int | None

    @property
    def met(self):
        return self.needed is None or self.here >= self.needed

    @property
    def sentence(self):
        """ "5 of 7 agencies here, 4 needed"."""
        here = f"{self.here} of {self.seats} {'agency' if self.seats == 1 else 'agencies'} here"
        if self.needed is None:
            return f"{here}; no quorum is set"
        return f"{here}, {self.needed} needed"


def quorum_of(board, attendances, at_item=None):
    """The quorum among attendance rows, by agency and by person; during one item, or of the
    meeting as a whole.

    A remote attender counts only where the board says so. Nobody makes up two agencies: a
    person who holds two seats counts for one, and a seat without a name on it is a seat.
    """
    seats = {attendance.seat_id for attendance in attendances if attendance.seat_id}
    people = {
        attendance.person_id or attendance.name
        for attendance in attendances
        if attendance.seat_id
        and attendance.status in HERE
        and (board.remote_counts or attendance.mode != Attendance.Mode.REMOTE)
        and (at_item is None or attendance.was_there(at_item))
    }
    # An agency has one seat on a board, so that people and agencies are as many.
    return Quorum(len(people), len(seats), board.quorum)


def require_quorum(later):
    """Without one a meeting can only say what it thinks of earlier minutes. Raises
    ValidationError."""
    rows = list(later.attendances.with_absences())
    item = later.items.filter(kind=AgendaItem.Kind.MINUTES).first()
    quorum = quorum_of(later.board, rows, at_item=item)
    if not quorum.met:
        raise ValidationError(
            f"{later} has no quorum for it ({quorum.sentence}): record who is here, or leave "
            "it to a later meeting."
        )


def quorum_changes(board, attendances, items):
    """{item: sentence for the minutes} of the items at which the quorum is lost or comes back.

    items  in the order in which they were taken
    """
    changes, before = {}, True
    for item in items:
        quorum = quorum_of(board, attendances, at_item=item)
        if quorum.met != before:
            changes[item.pk] = (
                f"The meeting had a quorum again from here ({quorum.sentence})."
                if quorum.met
                else f"The meeting was without a quorum from here ({quorum.sentence}). What "
                "follows is the view of those present."
            )
        before = quorum.met
    return changes
