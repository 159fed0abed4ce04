"""What the page, the paper and the plain text show of minutes, and the agenda's PDF."""

import datetime

from django.template.loader import render_to_string

from board.markings import Marking
from board.pdf import render_pdf, running_title
from board.text import listed, to_plain

from .contents import minutes_paragraphs
from .models import Meeting, Minutes, Part
from .wording import clock


def minutes_document(minutes, items=None):
    """What the templates read, from the circulated paragraphs or, in a draft, from the record.

    items  keys of the agenda items that may be shown; None for all
    """
    paragraphs = minutes.paragraphs or minutes_paragraphs(minutes.meeting, minutes.part)
    frame, *rest = paragraphs
    sections = []
    for entry in rest:
        if items is not None and entry["item"] not in items:
            continue
        if entry["kind"] == "heading":
            sections.append({"heading": entry, "entries": [], "actions": []})
        elif entry["kind"] == "action":
            due = datetime.date.fromisoformat(entry["due"])
            sections[-1]["actions"].append({**entry, "due": due})
        else:
            sections[-1]["entries"].append(entry)
    restricted = frame["part"] == Part.RESTRICTED
    kept = minutes.state in (Minutes.State.APPROVED, Minutes.State.SIGNED)
    approved_at = minutes.approved_at_meeting if minutes.approved_at_meeting_id else None
    document = {
        **frame,
        "held_on": datetime.date.fromisoformat(frame["held_on"]),
        "title": "Informal notes of the meeting" if frame["informal"] else "Minutes of the meeting",
        "restricted": restricted,
        "marking": Marking.SENSITIVE if restricted else Marking.OFFICIAL,
        "order": frame.get("order", ""),
        "where": where(frame),
        "sections": sections,
        "corrections": frame.get("corrections", []),
        "draft": not kept,
        "approved_on": approved_at.day if approved_at else None,
    }
    document["approval"] = approval_words(document) if approved_at else ""
    return document


def where(frame):
    """ "at Committee Room 2", "held remotely" or nothing, as circulated then."""
    if frame["venue"]:
        return f"at {frame['venue']}"
    return "held remotely" if frame.get("remote") else ""


def minutes_pdf(minutes, items=None, *, css=("pdf/frame.css", "meetings/pdf/minutes.css")):
    """The minutes as PDF/UA-1; the same record gives the same bytes. Raises RenderError."""
    document = minutes_document(minutes, items)
    day = f"{document['held_on']:%-d %B %Y}"
    title = f"{document['board']}: {document['title'].lower()} held on {day}"
    html = render_to_string(
        "meetings/pdf/minutes.html",
        {
            "document": document,
            "attendance_lists": attendance_lists(document),
            "title": title,
            "running": running_title(document["board"], day),
        },
    )
    return render_pdf(html, title=title, css=css)


def plain_minutes(minutes):
    """The minutes as plain text, in the order of the paper."""
    document = minutes_document(minutes)
    lines = [
        document["board"],
        f"{document['title']} held on {document['held_on']:%-d %B %Y}",
        times_sentence(document),
    ]
    for heading, people in attendance_lists(document):
        if people:
            lines += ["", heading]
            lines += [f"- {attendance_words(line)}" for line in people]
    if document["order"]:
        lines += ["", document["order"]]
    for section in document["sections"]:
        lines += ["", f"{section['heading']['number']}. {section['heading']['title']}"]
        for entry in section["entries"]:
            label = f"{entry['label']} – " if "label" in entry else ""
            lines.append(f"{entry['number']}. {label}{to_plain(entry['text'])}")
            if "dissent" in entry:
                lines.append(entry["dissent"])
        for action in section["actions"]:
            lines.append(
                f"Action {action['reference']}: {to_plain(action['text'])} – {action['owner']}"
                f" ({action['who']}) – by {action['due']:%-d %B %Y}"
            )
    if document["ended"]:
        lines += ["", f"The meeting closed at {document['ended']}."]
    if document["approved_on"]:
        lines += ["", document["approval"]]
    return "\n".join(lines) + "\n"


def approval_words(document):
    """ "Agreed as a correct record on 12 December 2018, subject to the correction of …"."""
    words = f"Agreed as a correct record on {document['approved_on']:%-d %B %Y}"
    numbers = [str(made["number"]) for made in document["corrections"]]
    if not numbers:
        return f"{words}."
    which = f"paragraph{'' if len(numbers) == 1 else 's'} {listed(numbers)}"
    stands = "which stands" if len(numbers) == 1 else "which stand"
    return f"{words}, subject to the correction of {which}, {stands} above as corrected."


ATTENDANCE_LISTS = (
    ("Present", "present"),
    ("In attendance", "in_attendance"),
    ("Apologies for absence", "apologies"),
    ("Not represented", "not_represented"),
    ("Attendance not yet recorded", "not_recorded"),
)


def attendance_lists(document):
    """[(heading, lines)] in the order of the paper."""
    return [(heading, document[name]) for heading, name in ATTENDANCE_LISTS]


def attendance_words(line):
    words = " – ".join(word for word in (line["agency"], line["who"]) if word)
    return f"{words} ({line['note']})" if line["note"] else words


def times_sentence(document):
    venue = f"{document['where']}, " if document["where"] else ""
    ending = f" and ending {document['ended']}" if document["ended"] else ""
    return f"{venue}beginning {document['began']}{ending}"


def agenda_pdf(meeting):
    """The agenda as PDF/UA-1. Raises RenderError."""
    day = f"{meeting.day:%-d %B %Y}"
    title = f"{meeting.board}: agenda for {day}"
    html = render_to_string(
        "meetings/pdf/agenda.html",
        {
            "meeting": meeting,
            "items": meeting.items.select_related("priority"),
            "title": title,
            "starts": clock(meeting.starts_at),
            "ends": clock(meeting.ends_at),
            "draft": meeting.state == Meeting.State.PLANNED,
            "running": running_title(meeting.board, day),
        },
    )
    return render_pdf(html, title=title, css=("pdf/frame.css", "meetings/pdf/minutes.css"))
