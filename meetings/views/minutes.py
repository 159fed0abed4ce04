from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from board.comparing import words
from board.confirm import acts, confirm
from board.downloads import pdf_response
from board.markings import Marking
from board.pdf import RenderError
from meetings.contents import without_ground
from meetings.correcting import CORRECTION
from meetings.documents import attendance_lists, minutes_document, minutes_pdf
from meetings.models import Attendance, Correction, Decision, Minutes, Note, Part
from meetings.permissions import can_keep_meeting, can_propose_correction, can_read_notes
from meetings.transitions import DECISION_CLEARANCE, MINUTES, NOTE_CLEARANCE

from .meetings import visible_meeting

NAMES = {Part.BOARD: "Minutes", Part.RESTRICTED: "Minutes, restricted part"}


def visible_minutes(request, meeting):
    """The parts this person may read: what the door lets through, and for who reads the draft
    notes also what is written before the meeting ends."""
    found = list(
        Minutes.objects.visible_to(request.user)
        .filter(meeting=meeting)
        .defer("pdf")
        .select_related("approved_at_meeting", "checked_by", "approved_by", "signed_by")
    )
    if not found and can_read_notes(request.user, meeting) and not meeting.minutes.exists():
        found = [Minutes(meeting=meeting, part=Part.BOARD)]
    for row in found:
        row.meeting = meeting
    return found


def readable_items(user, minutes):
    """Keys of the agenda items whose minute this person may read; None for all of them."""
    meeting = minutes.meeting
    if minutes.part == Part.BOARD or can_read_notes(user, meeting):
        return None
    rows = Attendance.objects.attended().filter(meeting=meeting, person=user)
    rows = list(rows.with_absences())
    return {item.pk for item in meeting.items.all() if any(row.was_there(item) for row in rows)}


def minutes(request, ref):
    meeting = visible_meeting(request, ref)
    found = visible_minutes(request, meeting)
    if not found:
        raise Http404
    user = request.user
    parts = []
    for row in found:
        document = minutes_document(row, readable_items(user, row))
        parts.append(
            {
                "minutes": row,
                "name": NAMES[row.part],
                "document": document,
                "attendance_lists": attendance_lists(document),
                "acts": acts(MINUTES, user, row, "meetings:minutes_verb") if row.pk else [],
                "corrections": corrections_of(user, row) if row.pk else [],
                "may_propose": can_propose_correction(user, row),
                "versions": row.circulations.count() if row.pk else 0,
            }
        )
    restricted = any(part["document"]["restricted"] for part in parts)
    return render(
        request,
        "meetings/minutes.html",
        {
            "meeting": meeting,
            "parts": parts,
            "clearances": clearances(user, meeting),
            "grounds": grounds(user, meeting),
            "marking": Marking.SENSITIVE if restricted else Marking.OFFICIAL,
        },
    )


def corrections_of(user, minutes):
    """[(correction, words, acts)]: every correction proposed that this person may see, by
    paragraph; `words` as board/comparing.py gives them."""
    found = (
        Correction.objects.visible_to(user)
        .filter(minutes=minutes)
        .select_related("proposed_by", "settled_by", "meeting")
    )
    rows = []
    for correction in found:
        correction.minutes = minutes
        difference = words(correction.was, correction.wording)
        buttons = acts(CORRECTION, user, correction, "meetings:correction_verb")
        rows.append((correction, difference, buttons))
    return rows


def grounds(user, meeting):
    """The items whose restricted part still lacks its ground, for the secretary of a board that
    falls under Schedule 12A."""
    if not (meeting.board.schedule_12a and can_keep_meeting(user, meeting)):
        return []
    return without_ground(meeting)


def clearances(user, meeting):
    """[(record, acts)]: what the secretary may clear for the report, in the agenda's order."""
    if not can_keep_meeting(user, meeting):
        return []
    notes = Note.objects.filter(item__meeting=meeting, part=Part.BOARD).exclude(text="")
    decisions = Decision.objects.filter(item__meeting=meeting, part=Part.BOARD)
    found = [
        *(("note", note) for note in notes.select_related("item__meeting")),
        *(("decision", row) for row in decisions.select_related("item__meeting")),
    ]
    found.sort(key=lambda pair: (pair[1].item.number, pair[0] == "decision", pair[1].pk))
    tables = {"note": NOTE_CLEARANCE, "decision": DECISION_CLEARANCE}
    return [
        (kind, record, acts(tables[kind], user, record, f"meetings:{kind}_verb"))
        for kind, record in found
    ]


def verb(request, ref, part, verb):
    meeting = visible_meeting(request, ref)
    row = get_object_or_404(
        Minutes.objects.visible_to(request.user).select_related("meeting"),
        meeting=meeting,
        part=part,
    )
    return confirm(request, row, MINUTES, verb, back=row.get_absolute_url())


def pdf(request, ref):
    """The minutes on paper: rendered while they are a draft, the stored bytes once approved.
    `?part=restricted` asks for the restricted part."""
    meeting = visible_meeting(request, ref)
    part = request.GET.get("part", Part.BOARD)
    row = next((row for row in visible_minutes(request, meeting) if row.part == part), None)
    if row is None:
        raise Http404
    items = readable_items(request.user, row)
    if row.sha256 and items is None:
        data = row.pdf
    else:
        try:
            data = minutes_pdf(row, items)
        except RenderError as failure:
            messages.error(request, str(failure))
            return redirect(meeting)
    suffix = "-restricted" if part == Part.RESTRICTED else ""
    return pdf_response(data, f"minutes-{meeting.ref}{suffix}")
