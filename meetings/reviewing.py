"""Actions of earlier meetings, gone through in the meeting: done, a new date, a note, or the
choice that a third carry-over asks for."""

from django.db import transaction
from django.utils import timezone

from board import audit
from board.workflow import perform

from .models import Action, AgendaItem, Promise, Review
from .transitions import CANCEL_ACTION, COMPLETE_ACTION, CONFIRM

Outcome = Review.Outcome


def past_actions(user, meeting, item=None):
    """Open actions of earlier meetings: on the item's priority; all of them under matters
    arising and where no item is given."""
    actions = (
        Action.objects.visible_to(user)
        .open()
        .filter(board__in=[meeting.board_id, meeting.board.reports_to_id])
        .exclude(item__meeting=meeting)
        .select_related("agency", "board", "person")
    )
    if item is None or item.kind == AgendaItem.Kind.MATTERS_ARISING:
        return actions
    return actions.filter(priority=item.priority_id) if item.priority_id else actions.none()


@transaction.atomic
def review(action, outcome, *, meeting, item, note, due, by, at=None):
    """Record what was said of an action and do it; return the Review.

    action  locked, and not done
    item    where it was said; None for a choice made after the meeting
    due     the new day, with Outcome.NEW_DATE alone
    at      aware, in the past, for the demo only; now otherwise

    Raises what `perform` raises.
    """
    at = at or timezone.now()
    if outcome == Outcome.DONE:
        move = CONFIRM if action.state == Action.State.PROPOSED else COMPLETE_ACTION
        perform(move, action, by=by, note=note or action.evidence, at=at)
    elif outcome == Outcome.NOT_DONE:
        perform(CANCEL_ACTION, action, by=by, note=f"Closed as not done: {note}", at=at)
    elif outcome == Outcome.NEW_DATE:
        action.due, action.version = due, action.version + 1
        action.save()
        Promise.objects.create(action=action, due=due, note=note, made_at=at, made_by=by)
        audit.record("give a new date", action, by=by, note=note, at=at)
    else:
        verb = "escalate to the chair" if outcome == Outcome.ESCALATED else "note where it stands"
        audit.record(verb, action, by=by, note=note, at=at)
    return Review.objects.create(
        action=action,
        meeting=meeting,
        item=item,
        outcome=outcome,
        note=note,
        due=due,
        made_at=at,
        made_by=by,
    )
