"""The chair's brief: two sides for whoever presides, from the record as it stands.

It is OFFICIAL whatever the meeting holds: what is restricted is a number in it, never a word.
"""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils import timezone

from board.binding import count_pages
from board.markings import Marking
from board.pdf import RenderError, render_pdf, running_title
from board.text import to_plain
from priorities.models import PriorityReturn, ReturnState

from .agenda import seats_and_members, timetable
from .models import Action, Attendance, Meeting, Part
from .pages import label, pages_of, readable
from .queries import short
from .wording import clock

SIDES = 2


@dataclass(frozen=True)
class Measure:
    """How much of each list is printed, and how many letters of each text."""

    items: int
    actions: int
    agencies: int
    letters: int


# From much to little, until it fits on two sides.
MEASURES = (
    Measure(40, 25, 40, 300),
    Measure(30, 14, 30, 160),
    Measure(24, 10, 20, 100),
    Measure(18, 9, 12, 60),
    Measure(12, 6, 8, 60),
)


def brief_pdf(meeting, user, *, at):
    """The brief of a meeting for this person, two sides at most. Raises RenderError."""
    facts = brief_facts(meeting, user, at)
    day = f"{meeting.day:%-d %B %Y}"
    title = f"{meeting.board}: {meeting.board.chair_title.lower()}'s brief for {day}"
    step = 0
    while step < len(MEASURES):
        html = render_to_string(
            "meetings/pdf/brief.html",
            {
                "meeting": meeting,
                "title": title,
                "day": day,
                "at": timezone.localtime(at),
                "running": running_title(meeting.board, day),
                **measured(facts, MEASURES[step]),
            },
        )
        pdf = render_pdf(html, title=title, css=("pdf/frame.css", "meetings/pdf/brief.css"))
        over = count_pages([pdf])[0] - SIDES
        if over <= 0:
            return pdf
        # The further it runs over the more is cut at once; the least is always tried.
        last = len(MEASURES) - 1
        step = min(step + over, last) if step < last else len(MEASURES)
    raise RenderError("The brief does not fit on two sides: shorten the titles on the agenda.")


def brief_facts(meeting, user, at):
    """Everything the brief may say, unshortened; eleven queries."""
    today = timezone.localdate(at)
    items = list(meeting.items.select_related("priority").order_by("number"))
    fits = timetable(meeting, items)
    papers = readable(meeting, user)
    for item in items:
        item.where = where([paper for paper in papers if paper.item_id == item.pk])
    actions = list(
        Action.objects.visible_to(user)
        .overdue(at)
        .filter(board__in=[meeting.board_id, meeting.board.reports_to_id])
        .exclude(item__meeting=meeting)
        .select_related("agency", "board", "person")
        .with_carry_overs()
        .order_by("due", "pk")
    )
    for action in actions:
        action.late = action.days_late(today)
    return {
        "items": items,
        "fits": fits,
        "starts": clock(meeting.starts_at),
        "ends": clock(meeting.ends_at),
        "actions": [action for action in actions if action.part == Part.BOARD],
        "restricted_actions": sum(action.part == Part.RESTRICTED for action in actions),
        "attendance": expected(meeting),
        "returns": returns_said(meeting, today),
        "before": last_considered(meeting),
    }


def where(papers):
    """Where an item's open papers are: "pages 4 to 7a"; only how many while they have no pages."""
    there = [paper for paper in papers if paper.part == Part.BOARD and hasattr(paper, "file")]
    pages = sorted(page for paper in there if paper.span for page in pages_of(paper))
    if not pages:
        number = len(there)
        return f"{number} paper{'' if number == 1 else 's'}" if number else ""
    first, last = label(pages[0]), label(pages[-1])
    return f"page {first}" if first == last else f"pages {first} to {last}"


def expected(meeting):
    """Who is to come, for whom and in what capacity; who sent apologies; and the quorum."""
    rows = list(meeting.attendances.select_related("seat__agency", "person"))
    listed = {row.seat_id for row in rows}
    # Until the agenda is published not everybody need be listed.
    rows += [
        Attendance(meeting=meeting, seat=seat, person=member)
        for seat, member in seats_and_members(meeting)
        if seat.pk not in listed
    ]
    Status = Attendance.Status
    absent = (Status.APOLOGIES, Status.NOT_REPRESENTED)
    coming = [row for row in rows if row.status not in absent]
    agencies = {row.seat.agency_id for row in coming if row.seat_id and row.who}
    seats = {row.seat.agency_id for row in rows if row.seat_id}
    needed = meeting.board.quorum
    sentence = f"{len(agencies)} of {len(seats)} agencies are expected"
    sentence += f"; the quorum is {needed}." if needed else "; no quorum is set."
    return {
        "coming": [row for row in coming if row.who],
        "unnamed": [row.seat.agency.name for row in coming if row.seat_id and not row.who],
        "absent": [row for row in rows if row.status in absent],
        "sentence": sentence,
        "short": needed is not None and len(agencies) < needed,
    }


def returns_said(meeting, today):
    """Who has not returned, by agency, and how many answered; None without a round. Before the
    due day they are awaited, and afterwards No return."""
    round = meeting.round
    if round is None:
        return None
    parts = PriorityReturn.objects.expected().filter(agency_return__round=round)
    unheard = Q(state=ReturnState.DRAFT, queries__isnull=True)
    counts = parts.aggregate(asked=Count("pk", distinct=True), missing=Count("pk", unheard))
    missing = {}
    for agency, priority in (
        parts.filter(unheard)
        .order_by("agency_return__agency__name", "priority__order", "priority__name")
        .values_list("agency_return__agency__name", "priority__name")
    ):
        missing.setdefault(agency, []).append(priority)
    return {
        "round": round,
        "over": round.due < today,
        "answered": counts["asked"] - counts["missing"],
        "asked": counts["asked"],
        "missing": list(missing.items()),
    }


def last_considered(meeting):
    """The day on which the focus priority was last considered, or None."""
    if meeting.focus_priority_id is None:
        return None
    last = (
        Meeting.objects.held()
        .filter(
            board=meeting.board_id,
            focus_priority=meeting.focus_priority_id,
            starts_at__lt=meeting.starts_at,
        )
        .order_by("starts_at")
        .last()
    )
    return last.day if last else None


def measured(facts, measure):
    """The facts cut to a measure, with how many of each were left out."""
    letters = measure.letters
    lines = [
        {
            "item": item,
            "title": short(item.title, max(letters, 60)),
            "presenter": short(item.presenter, max(letters, 40)),
            "recommendation": short(to_plain(item.recommendation), letters),
        }
        for item in facts["items"][: measure.items]
    ]
    actions = [
        {"action": action, "wording": short(to_plain(action.wording), letters)}
        for action in facts["actions"][: measure.actions]
    ]
    returns, attendance = facts["returns"], facts["attendance"]
    if returns:
        missing = returns["missing"]
        returns = {
            **returns,
            "missing": missing[: measure.agencies],
            "more": max(len(missing) - measure.agencies, 0),
        }
    coming = attendance["coming"]
    return {
        **facts,
        "marking": Marking.OFFICIAL,
        "lines": lines,
        "more_items": len(facts["items"]) - len(lines),
        "likely": [line for line in lines if line["recommendation"]],
        "actions": actions,
        "more_actions": len(facts["actions"]) - len(actions),
        "returns": returns,
        "attendance": {
            **attendance,
            "coming": coming[: measure.agencies],
            "more": max(len(coming) - measure.agencies, 0),
            "absent": attendance["absent"][: measure.agencies],
            "unnamed": attendance["unnamed"][: measure.agencies],
        },
    }
