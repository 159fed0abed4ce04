"""What only a meeting can change below: the outcome of a threat, the adoption or retirement of a
priority."""

from django.core.exceptions import ValidationError

from board.workflow import Transition
from priorities.models import EmergingThreat, Priority
from priorities.telling import tell_what_became

from .correcting import HELD
from .models import AgendaItem, Decision
from .permissions import can_change_priorities, can_record_outcome

Threat = EmergingThreat.State


def require_agenda_item(threat, *, by, note, at):
    if not AgendaItem.objects.filter(threat=threat, meeting__state__in=HELD).exists():
        raise ValidationError("It has not been before a meeting: put it on an agenda first.")


def tell_the_agency(threat, *, by, note, at):
    """The agency that raised it hears what became of it."""
    items = AgendaItem.objects.filter(threat=threat, meeting__state__in=HELD)
    if item := items.select_related("meeting__board").order_by("meeting__starts_at").last():
        tell_what_became(threat, item.meeting, at)


def keep_outcome(threat, *, by, note, at):
    threat.outcome = note


def outcome(verb, after):
    return Transition(
        verb,
        (Threat.DISCUSSED,),
        after,
        can_record_outcome,
        note="required",
        asks="What became of it",
        prepare=keep_outcome,
        then=tell_the_agency,
    )


THREAT = (
    Transition(
        "record the discussion",
        (Threat.RAISED,),
        Threat.DISCUSSED,
        can_record_outcome,
        prepare=require_agenda_item,
        then=tell_the_agency,
        leads=True,
    ),
    outcome("adopt the threat", Threat.ADOPTED),
    outcome("monitor the threat", Threat.MONITORED),
    outcome("close the threat", Threat.CLOSED),
)
DISCUSS, ADOPT_THREAT, MONITOR, CLOSE_THREAT = THREAT


def decided(priority, after=None):
    """The day of the last meeting that agreed a decision on this priority, after a day."""
    decision = (
        Decision.objects.filter(
            priority=priority, outcome=Decision.Outcome.AGREED, item__meeting__state__in=HELD
        )
        .order_by("item__meeting__starts_at")
        .select_related("item__meeting")
        .last()
    )
    if decision is None or (after and decision.item.meeting.day <= after):
        raise ValidationError("A meeting decides this: record its decision on this priority first.")
    return decision.item.meeting.day


def adopt_on(priority, *, by, note, at):
    priority.adopted_on = decided(priority)


def retire_on(priority, *, by, note, at):
    priority.retired_on = decided(priority, after=priority.adopted_on)


PRIORITY = (
    Transition(
        "adopt the priority",
        (Priority.State.PROPOSED,),
        Priority.State.ADOPTED,
        can_change_priorities,
        prepare=adopt_on,
        leads=True,
    ),
    Transition(
        "retire the priority",
        (Priority.State.ADOPTED,),
        Priority.State.RETIRED,
        can_change_priorities,
        prepare=retire_on,
        warns="Old quarters keep it; new rounds no longer ask for it.",
    ),
)
ADOPT, RETIRE = PRIORITY
