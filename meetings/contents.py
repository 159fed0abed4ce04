"""The minutes of a meeting, put together from its record.

The paragraphs are a list of plain dicts, so that a circulation can keep them as they were. The
first is the frame (names, times, who was there); the others follow the agenda:

frame        board, chair_title, part, kind, held_on, venue, remote (it had a link and no venue),
             began, ended, presided, informal, order (a sentence, when items were taken out of
             order), and present, in_attendance, apologies, not_represented, not_recorded: lists
             of lines
heading      item, number, title
paragraph    item, number, text
declaration  item, number, text
late         item, number, text: why it could not wait and who agreed that
withheld     item, number, text: that a part is restricted, and no word of it
decision     item, number, label, text, decision (its key), and dissent if some was recorded
reported     item, number, label, text: a decision taken since the last meeting
action       item, reference, text, owner, who, due

Once approved, the frame has `corrections` too: [{"number", "text"}] of the paragraphs which the
approving meeting corrected.

`item` is the agenda item's key, `number` runs on through the whole minutes, `text` is the small
Markdown of board/text.py, and days are ISO dates.
"""

from django.db.models import Exists, OuterRef, Prefetch

from board.text import listed

from .models import (
    Action,
    AgendaItem,
    Attendance,
    Decision,
    Declaration,
    Minutes,
    Note,
    Part,
    Review,
)
from .order import as_taken, sentence_of
from .quorum import quorum_changes, quorum_of
from .wording import (
    agreed_sentence,
    clock,
    late_sentence,
    reported,
    resolution,
    split_paragraphs,
    withheld_sentence,
)


def minutes_paragraphs(meeting, part):
    """The minutes of one part as they would read now, as described above."""
    items = list(items_with_record(meeting, part))
    attendances = list(meeting.attendances.with_absences())
    frame = minutes_frame(meeting, part, attendances) | {"order": sentence_of(items)}
    paragraphs = [frame]
    number = 0
    changes = quorum_changes(meeting.board, attendances, as_taken(items))
    for item in items:
        quorate = quorum_of(meeting.board, attendances, at_item=item).met
        entries = item_entries(item, part, frame, meeting.board, informal=not quorate)
        if part == Part.BOARD and not frame["informal"] and item.pk in changes:
            entries.insert(0, {"kind": "paragraph", "text": changes[item.pk]})
        if part == Part.RESTRICTED and not entries:
            continue
        paragraphs.append(
            {"kind": "heading", "item": item.pk, "number": item.number, "title": item.title}
        )
        for entry in entries:
            if entry["kind"] != "action":
                number += 1
                entry["number"] = number
            paragraphs.append({"item": item.pk, **entry})
    return paragraphs


def items_with_record(meeting, part):
    """The agenda with what was written, decided and asked for in one part; six queries.
    `held_back` says whether something decided, asked for or reviewed there is restricted."""
    restricted = {"item": OuterRef("pk"), "part": Part.RESTRICTED}
    reviewed = Review.objects.filter(item=OuterRef("pk"), action__part=Part.RESTRICTED)
    return (
        AgendaItem.objects.filter(meeting=meeting)
        .annotate(
            held_back=Exists(Decision.objects.filter(**restricted))
            | Exists(Action.objects.filter(**restricted))
            | Exists(reviewed)
        )
        .order_by("number")
        .prefetch_related(
            "notes",
            Prefetch(
                "decisions",
                Decision.objects.filter(part=part).select_related("between").order_by("pk"),
            ),
            Prefetch(
                "actions",
                Action.objects.filter(part=part)
                .exclude(state=Action.State.CANCELLED)
                .select_related("agency", "board", "person")
                .order_by("pk"),
            ),
            Prefetch("declarations", Declaration.objects.select_related("attendance__person")),
            Prefetch(
                "reviews",
                Review.objects.filter(action__part=part).select_related(
                    "action__agency", "action__board"
                ),
            ),
        )
    )


def without_ground(meeting):
    """The items with a restricted part of which nobody has said yet why it is restricted."""
    restricted = {"item": OuterRef("pk"), "part": Part.RESTRICTED}
    notes = Note.objects.filter(**restricted)
    reviewed = Review.objects.filter(item=OuterRef("pk"), action__part=Part.RESTRICTED)
    return (
        AgendaItem.objects.filter(
            Exists(Decision.objects.filter(**restricted))
            | Exists(Action.objects.filter(**restricted))
            | Exists(notes.exclude(text=""))
            | Exists(reviewed),
            meeting=meeting,
        )
        .exclude(Exists(notes.exclude(withheld_paragraph="")))
        .order_by("number")
    )


def item_entries(item, part, frame, board, informal):
    """What stands under one heading, without numbers. What was said without a quorum is a view."""
    words = next((note.text for note in item.notes.all() if note.part == part), "")
    entries = [{"kind": "paragraph", "text": text} for text in split_paragraphs(words)]
    if part == Part.BOARD:
        if item.kind == AgendaItem.Kind.APOLOGIES and not entries and frame["apologies"]:
            names = listed([line["who"] for line in frame["apologies"]])
            sentence = f"Apologies for absence were received from {names}."
            entries.append({"kind": "paragraph", "text": sentence})
        if item.kind == AgendaItem.Kind.MINUTES and not entries:
            entries += [
                {"kind": "paragraph", "text": sentence} for sentence in approvals(item.meeting_id)
            ]
        if item.urgency_reason:
            entries.insert(0, {"kind": "late", "text": late_sentence(item)})
        entries += [
            {"kind": "declaration", "text": f"{made.attendance.who} declared: {made.interest}"}
            for made in item.declarations.all()
        ]
        if item.held_back or any(n.text and n.part == Part.RESTRICTED for n in item.notes.all()):
            sentence = withheld_sentence(board, item.notes.all())
            entries.append({"kind": "withheld", "text": sentence})
    entries += [
        {
            "kind": "paragraph",
            "text": f"Action {review.action} ({review.action.owner}): {review.sentence}",
        }
        for review in item.reviews.all()
    ]
    for decision in item.decisions.all():
        if question := getattr(decision, "between", None):
            label, text = reported(question)
            entries.append({"kind": "reported", "label": label, "text": text})
            continue
        label, text = resolution(decision, board.decision_style, informal=informal)
        entry = {"kind": "decision", "label": label, "text": text, "decision": decision.pk}
        entries.append(entry | ({"dissent": decision.dissent} if decision.dissent else {}))
    entries += [
        {
            "kind": "action",
            "reference": action.reference,
            "text": action.original_wording,
            "owner": action.owner,
            "who": action.who,
            "due": action.original_due.isoformat(),
        }
        for action in sorted(item.actions.all(), key=lambda action: action.pk)
    ]
    return entries


def approvals(meeting_id):
    """The sentences for the minutes that this meeting approved, oldest first; one query."""
    rows = Minutes.objects.filter(approved_at_meeting=meeting_id, part=Part.BOARD)
    return [
        agreed_sentence(row.meeting.day, row.paragraphs[0].get("corrections", []))
        for row in rows.defer("pdf", "text")
        .select_related("meeting")
        .order_by("meeting__starts_at")
        if row.paragraphs
    ]


def minutes_frame(meeting, part, attendances):
    day = meeting.day
    present, others, apologies, not_represented, not_recorded = [], [], [], [], []
    lists = {
        Attendance.Status.PRESENT: present,
        Attendance.Status.SUBSTITUTE: present,
        Attendance.Status.IN_ATTENDANCE: others,
        Attendance.Status.APOLOGIES: apologies,
        Attendance.Status.NOT_REPRESENTED: not_represented,
    }
    presided = ""
    for attendance in attendances:
        if attendance.seat_id is None and attendance.status == Attendance.Status.EXPECTED:
            continue  # a guest who was expected and did not come is no gap in the record
        lists.get(attendance.status, not_recorded).append(attendance_line(attendance, meeting))
        if in_the_chair(attendance, meeting):
            presided = attendance.who
    listed_seats = {attendance.seat_id for attendance in attendances}
    for seat in meeting.board.seats.current(day).select_related("agency"):
        if seat.pk not in listed_seats:
            not_recorded.append({"agency": seat.agency.name, "who": "", "note": ""})
    quorum = quorum_of(meeting.board, attendances)
    return {
        "kind": "frame",
        "board": meeting.board.name,
        "chair_title": meeting.board.chair_title,
        "part": str(part),
        "meeting_kind": meeting.kind,
        "held_on": day.isoformat(),
        "venue": meeting.venue,
        "remote": bool(meeting.link and not meeting.venue),
        "began": clock(meeting.began_at or meeting.starts_at),
        "ended": clock(meeting.finished_at) if meeting.finished_at else "",
        "presided": presided,
        "informal": not quorum.met,
        "quorum": quorum.sentence,
        "present": by_agency(present),
        "in_attendance": others,
        "apologies": by_agency(apologies),
        "not_represented": by_agency(not_represented),
        "not_recorded": by_agency(not_recorded),
    }


def in_the_chair(attendance, meeting):
    """Who was to preside and was there: a chair who sent apologies was not in the chair."""
    presides = meeting.presiding_id and attendance.person_id == meeting.presiding_id
    return presides and attendance.status in Attendance.THERE


def attendance_line(attendance, meeting):
    """{"agency", "who", "note"} of one line: who was there, for whom, how, from when."""
    agency = attendance.seat.agency.name if attendance.seat_id else ""
    notes = []
    if in_the_chair(attendance, meeting):
        notes.append("in the chair")
    if attendance.status == Attendance.Status.SUBSTITUTE:
        absent = attendance.substitute_for
        notes.append(f"substitute for {absent}" if absent else "substitute")
    if attendance.status in Attendance.THERE and attendance.mode == Attendance.Mode.REMOTE:
        notes.append("joined remotely")
    if attendance.status in Attendance.THERE and attendance.stay:
        notes.append(attendance.stay)
    return {"agency": agency, "who": attendance.named, "note": ", ".join(notes)}


def by_agency(lines):
    return sorted(lines, key=lambda line: (line["agency"] == "", line["agency"]))
