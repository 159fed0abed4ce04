"""What the minute screen shows beside the boxes."""

from django.utils import timezone

from board.confirm import acts
from board.markings import Marking
from priorities.models import EmergingThreat, PriorityReturn, ReturnState

from .agenda import people_of, timetable
from .models import Action, AgendaItem, Attendance, Note, Part
from .permissions import can_read_working_notes
from .quorum import quorum_of
from .transitions import ACTION, END, START

Kind = AgendaItem.Kind


def minute_context(user, meeting, item):
    """The whole page for one person and one open item (None: no item is open yet)."""
    items = list(
        meeting.items.select_related("priority", "threat").prefetch_related(
            "notes", "decisions", "actions"
        )
    )
    timetable(meeting, items)
    for row in items:
        row.summary = summary(row)
    current = next((row for row in items if item and row.pk == item.pk), None)
    rows = list(
        meeting.attendances.select_related("seat__agency", "person", "arrived_item", "left_item")
    )
    position = items.index(current) if current else None
    context = {
        "meeting": meeting,
        "items": items,
        "item": current,
        "before": items[position - 1] if position else None,
        "after": items[position + 1] if current and position + 1 < len(items) else None,
        "position": position + 1 if current else 0,
        "attendances": [row for row in rows if row.seat_id],
        "guests": [row for row in rows if not row.seat_id and row.status in THERE],
        "quorum": quorum_of(meeting.board, rows, at_item=current),
        "now": timezone.localtime(),
        "start": START if START.open_to(user, meeting) else None,
        "end": END if END.open_to(user, meeting) else None,
        "people": people_of(meeting.board, meeting.day),
        "marking": Marking.OFFICIAL,
    }
    if current:
        context |= open_item(user, meeting, current)
        if context["restricted"].text or context["sensitive"]:
            context["marking"] = Marking.SENSITIVE
    return context


THERE = (
    Attendance.Status.PRESENT,
    Attendance.Status.SUBSTITUTE,
    Attendance.Status.IN_ATTENDANCE,
)


def open_item(user, meeting, item):
    """The boxes and lists of the open item."""
    notes = {note.part: note for note in item.notes.all()}
    decisions, actions = (
        list(item.decisions.all()),
        list(item.actions.select_related("agency", "board", "person")),
    )
    threat = None
    if item.threat_id:
        threat = EmergingThreat.objects.visible_to(user).filter(pk=item.threat_id).first()
    past = past_actions(user, meeting, item)
    return {
        "note": notes.get(Part.BOARD) or Note(item=item),
        "restricted": notes.get(Part.RESTRICTED) or Note(item=item, part=Part.RESTRICTED),
        "decisions": decisions,
        "actions": actions,
        "past": [(action, acts(ACTION, user, action, "meetings:action_verb")) for action in past],
        "said": said_in_returns(user, meeting, item),
        "threat": threat,
        "declared": item.declarations.select_related("attendance__person"),
        "working": can_read_working_notes(user, meeting),
        "sensitive": bool(threat and threat.sensitive)
        or any(row.part == Part.RESTRICTED for row in [*decisions, *actions]),
    }


def past_actions(user, meeting, item):
    """Open actions of earlier meetings: on the item's priority, or all of them under matters
    arising."""
    actions = (
        Action.objects.visible_to(user)
        .open()
        .filter(board__in=[meeting.board_id, meeting.board.reports_to_id])
        .exclude(item__meeting=meeting)
        .select_related("agency", "board", "person")
    )
    if item.kind == Kind.MATTERS_ARISING:
        return actions
    return actions.filter(priority=item.priority_id) if item.priority_id else actions.none()


def said_in_returns(user, meeting, item):
    """Counts of the round's returns on this priority, and which agencies sent none; None when
    the item has no priority or the meeting no round."""
    if not (item.priority_id and meeting.round_id):
        return None
    parts = list(
        PriorityReturn.objects.visible_to(user)
        .expected()
        .filter(agency_return__round=meeting.round_id, priority=item.priority_id)
        .select_related("agency_return__agency")
    )
    answered = [part for part in parts if part.state != ReturnState.DRAFT]
    return {
        "received": sum(part.state == ReturnState.RECEIVED for part in parts),
        "submitted": sum(part.state == ReturnState.SUBMITTED for part in parts),
        "nothing": sum(part.nothing_to_report for part in answered),
        "missing": [
            str(part.agency_return.agency) for part in parts if part.state == ReturnState.DRAFT
        ],
        "round": meeting.round,
    }


def summary(item):
    """What is there already, in a few words: "2 decisions, 1 action, no words yet"."""
    words = []
    for number, name in (
        (len(item.decisions.all()), "decision"),
        (len(item.actions.all()), "action"),
    ):
        if number:
            words.append(f"{number} {name}{'' if number == 1 else 's'}")
    written = any(note.text for note in item.notes.all())
    if written:
        words.append("minuted")
    elif words:
        words.append("no words yet")
    return ", ".join(words)
