"""What the minute screen shows beside the boxes."""

import zlib

from django.db.models import Max
from django.utils import timezone

from board.markings import Marking
from board.models import AuditEvent
from priorities.models import EmergingThreat, PriorityReturn, ReturnState

from .agenda import timetable
from .carry_over import choices_due
from .forms import MovesForm, OrderForm, ReviewForm
from .models import AgendaItem, Attendance, Correction, Meeting, Note, Part
from .order import as_taken, sentence_of
from .permissions import can_read_working_notes
from .quorum import quorum_of
from .reviewing import past_actions
from .transitions import END, START


def minute_context(user, meeting, item, review=None):
    """The whole page for one person and one open item (None: no item is open yet).

    review  a ReviewForm that was sent and is wrong
    """
    news = news_of(meeting)  # before anything is read: what comes after it is news
    items = list(
        meeting.items.select_related("priority", "threat").prefetch_related(
            "notes", "decisions", "actions"
        )
    )
    timetable(meeting, items)
    for row in items:
        row.made = made(row)
        row.summary = summary(row)
        row.board_note = next((note for note in row.notes.all() if note.part == Part.BOARD), Note())
    current = next((row for row in items if item and row.pk == item.pk), None)
    rows = list(meeting.attendances.with_absences())
    rows.sort(key=lambda row: row.seat_id is None)  # the databases differ in where they put none
    taken = as_taken(items)
    context = {
        "meeting": meeting,
        "news": news,
        "items": items,
        "item": current,
        "position": items.index(current) + 1 if current else 0,
        "moves": MovesForm(rows=rows, item=current) if current else None,
        "unrecorded": sum(row.status == Attendance.Status.EXPECTED for row in rows if row.seat_id),
        "attended": attended(rows),
        "quorum": quorum_of(meeting.board, rows, at_item=current),
        "now": timezone.localtime(),
        "start": START.shown_for(meeting) if START.open_to(user, meeting) else None,
        "end": END if END.open_to(user, meeting) else None,
        "next_meeting": next_meeting_day(meeting),
        "marking": Marking.OFFICIAL,
    }
    if current:
        context |= open_item(user, meeting, current, context["next_meeting"], review)
        context |= order_of(current, taken)
        if context["restricted"].text or context["sensitive"]:
            context["marking"] = Marking.SENSITIVE
    return context


def news_of(meeting):
    """The number of the last act on record of the meeting's board, from 1; 0 when there is none.
    While it stays, nobody has touched items, attendance, decisions or actions."""
    events = AuditEvent.objects.filter(board=meeting.board_id)
    return events.aggregate(last=Max("seq"))["last"] or 0


def attended(rows):
    """A number that changes when anything does in who is there."""
    facts = [(row.pk, row.status, row.person_id, row.name, row.mode, row.stay) for row in rows]
    return zlib.crc32(repr(sorted(facts)).encode())


def next_meeting_day(meeting):
    """The day of the next meeting of this board that is planned, or None."""
    later = Meeting.objects.filter(board=meeting.board_id, starts_at__gt=meeting.starts_at)
    following = later.exclude(state__in=Meeting.CALLED_OFF).order_by("starts_at").first()
    return following.day if following else None


def open_item(user, meeting, item, next_meeting, review):
    """The boxes and lists of the open item."""
    notes = {note.part: note for note in item.notes.all()}
    decisions, actions = (
        list(item.decisions.all()),
        list(item.actions.select_related("agency", "board", "person").order_by("pk")),
    )
    threat = None
    if item.threat_id:
        threat = EmergingThreat.objects.visible_to(user).filter(pk=item.threat_id).first()
    past = list(past_actions(user, meeting, item))
    reviews = list(item.reviews.select_related("action__agency", "action__board"))
    return {
        "note": notes.get(Part.BOARD) or Note(item=item),
        "restricted": notes.get(Part.RESTRICTED) or Note(item=item, part=Part.RESTRICTED),
        "decisions": decisions,
        "recommendation": item.recommendation
        if all(decision.text != item.recommendation for decision in decisions)
        else "",
        "actions": actions,
        "past": review_forms(past, choices_due(meeting), meeting, next_meeting, review),
        "reviews": reviews,
        "said": said_in_returns(user, meeting, item),
        "put": corrections_put(meeting, item),
        "threat": threat,
        "declared": item.declarations.select_related("attendance__person"),
        "working": can_read_working_notes(user, meeting),
        "sensitive": bool(threat and threat.sensitive)
        or any(row.part == Part.RESTRICTED for row in [*decisions, *actions, *past])
        or any(row.action.part == Part.RESTRICTED for row in reviews),
    }


def order_of(item, taken):
    """When the open item was taken, and `taken_now`: the item before which it is taken when
    it is taken now, which is the first of which nothing is written yet; None where that is no
    change.

    taken  the items, each with its `summary`, in the order in which they were taken
    """
    following = next((row for row in taken if not row.summary or row.pk == item.pk), item)
    return {
        "order": sentence_of(taken),
        "order_form": OrderForm(item=item, items=taken),
        "taken_now": following if following.pk != item.pk else None,
    }


def corrections_put(meeting, item):
    """Beside the minutes to agree: the corrections of the Board part that this meeting decides."""
    if item.kind != AgendaItem.Kind.MINUTES:
        return []
    return (
        Correction.objects.filter(
            minutes__meeting__board=meeting.board_id,
            minutes__meeting__starts_at__lt=meeting.starts_at,
            minutes__part=Part.BOARD,
            state=Correction.State.PUT,
        )
        .select_related("minutes__meeting__board")
        .order_by("minutes__meeting__starts_at", "paragraph", "pk")
    )


def review_forms(actions, due, meeting, next_meeting, sent=None):
    """[(action, form)], those in `due`, which need a choice, first; `sent` stands for its own."""
    due = {action.pk for action in due}
    rows = []
    for action in sorted(actions, key=lambda action: action.pk not in due):
        action.needs_choice = action.pk in due
        if sent and sent.action.pk == action.pk:
            rows.append((action, sent))
            continue
        form = ReviewForm(
            action=action, day=meeting.day, next_meeting=next_meeting, choice=action.needs_choice
        )
        rows.append((action, form))
    return rows


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


def made(item):
    """What was recorded under it beside the words: "2 decisions, 1 action"."""
    counts = ((len(item.decisions.all()), "decision"), (len(item.actions.all()), "action"))
    return ", ".join(
        f"{number} {name}{'' if number == 1 else 's'}" for number, name in counts if number
    )


def summary(item):
    """What is there already, in a few words: "2 decisions, 1 action, no words yet"."""
    if any(note.text.strip() for note in item.notes.all()):
        return f"{item.made}, minuted" if item.made else "minuted"
    return f"{item.made}, no words yet" if item.made else ""
