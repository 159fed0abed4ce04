"""The third carry-over of an action asks for a choice: a new date with its reason, escalation to
the chair, or closing it as not done."""

from .models import Action, Meeting, Review

THIRD = 3


def choices_due(meeting, **only):
    """The open actions of the board for which a choice is missing at this meeting, most urgent
    first; three queries. Each has `times`, how often it was carried over, this meeting included.

    A choice counts from the third meeting on at which the action was not done: escalation for
    good, a new date until it has come. `only` narrows the actions, such as part=Part.BOARD.
    """
    held = Meeting.objects.held().filter(board=meeting.board_id, starts_at__lt=meeting.starts_at)
    days = sorted([*(row.day for row in held.only("starts_at")), meeting.day])
    actions = (
        Action.objects.open()
        .filter(board=meeting.board_id, original_due__lte=meeting.day, **only)
        .exclude(item__meeting=meeting)
        .select_related("agency", "board", "person")
        .prefetch_related("reviews__meeting")
    )
    found = []
    for action in actions:
        passed = [day for day in days if day >= action.original_due]
        action.times = len(passed)
        if len(passed) >= THIRD and not chosen(action, since=passed[THIRD - 1], until=meeting.day):
            found.append(action)
    return found


def chosen(action, *, since, until):
    """Whether a choice made between two days of meetings still stands on the second."""
    return any(
        since <= review.meeting.day <= until
        and (
            review.outcome == Review.Outcome.ESCALATED
            or (review.outcome == Review.Outcome.NEW_DATE and review.due > until)
        )
        for review in action.reviews.all()
    )
