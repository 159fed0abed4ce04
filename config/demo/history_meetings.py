"""The meetings of a seeded history, with what followed from them."""

import datetime
import hashlib

from board.pdf import render_pdf
from meetings.models import Action, ActionCounter, AgendaItem, Decision, Meeting, Minutes, Note
from priorities.models import EmergingThreat

from .script import at_hour, weekday

DAY = datetime.timedelta(days=1)
ACTIONS_A_QUARTER = 5
ITEMS = (
    AgendaItem.Kind.APOLOGIES,
    AgendaItem.Kind.DECLARATIONS,
    AgendaItem.Kind.MINUTES,
    AgendaItem.Kind.MATTERS_ARISING,
    AgendaItem.Kind.FOCUS,
    AgendaItem.Kind.THREATS,
    AgendaItem.Kind.ROUND_UP,
    AgendaItem.Kind.ANY_OTHER_BUSINESS,
    AgendaItem.Kind.NEXT_DATE,
)


def make_meetings(board, secretary, rounds, priorities):
    """One meeting a quarter, ended, with its agenda, a note, a decision and signed minutes."""
    chair = board.appointments.current().get(role="chair").person
    meetings = []
    for turn, round in enumerate(rounds):
        start = at_hour(weekday(round.quarter_start + 80 * DAY))
        end = start + datetime.timedelta(minutes=90)
        meetings.append(
            Meeting(
                board=board,
                ref=f"{board.slug}-{start:%Y-%m-%d}",
                starts_at=start,
                ends_at=end,
                venue="Committee Room 2, Guildhall",
                round=round,
                presiding=chair,
                invented=True,
                focus_priority=priorities[turn % len(priorities)],
                state=Meeting.State.ENDED,
                began_at=start,
                finished_at=end,
                published_at=start - 8 * DAY,
                published_by=secretary,
                started_at=start,
                started_by=secretary,
                ended_at=end,
                ended_by=secretary,
            )
        )
    Meeting.objects.bulk_create(meetings)
    items = AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            number=number,
            kind=kind,
            title=kind.label,
            minutes_allotted=10,
            priority=meeting.focus_priority if kind == AgendaItem.Kind.FOCUS else None,
        )
        for meeting in meetings
        for number, kind in enumerate(ITEMS, 1)
    )
    Note.objects.bulk_create(
        Note(
            item=item,
            text="Members heard the report and asked questions.",
            version=1,
            saved_at=item.meeting.finished_at,
        )
        for item in items
    )
    focus = [item for item in items if item.kind == AgendaItem.Kind.FOCUS]
    Decision.objects.bulk_create(
        Decision(
            item=item, text="The joint visits go on for another quarter.", priority=item.priority
        )
        for item in focus
    )
    make_minutes(board, secretary, chair, meetings)
    return meetings


def make_minutes(board, secretary, chair, meetings):
    """Signed, each approved by the meeting after it; one paper serves them all."""
    if not meetings:
        return
    text = "Members heard the reports and asked questions."
    pdf = render_pdf(
        f'<html lang="en-GB"><head><title>Minutes</title></head><body><h1>Minutes</h1>'
        f"<p>{text}</p></body></html>",
        title="Minutes of an invented meeting",
    )
    held = list(Meeting.objects.held().filter(board=board).order_by("starts_at"))
    after = dict(zip([meeting.pk for meeting in held], held[1:], strict=False))
    rows = []
    for meeting in meetings:
        later = after.get(meeting.pk)
        if later is None:
            continue
        approved = later.finished_at
        rows.append(
            Minutes(
                meeting=meeting,
                state=Minutes.State.SIGNED,
                text=text,
                pdf=pdf,
                sha256=hashlib.sha256(pdf).hexdigest(),
                approved_at_meeting=later,
                checked_at=meeting.ended_at + 2 * DAY,
                checked_by=chair,
                circulated_at=meeting.ended_at + 5 * DAY,
                circulated_by=secretary,
                approved_at=approved,
                approved_by=secretary,
                signed_at=approved,
                signed_by=chair,
                signed_note="Signed on paper",
            )
        )
    Minutes.objects.bulk_create(rows, batch_size=100)


def make_actions(board, secretary, meetings, everybody, priorities, today):
    """Five a quarter, complete, and an open one for each agency that has none."""
    counters = dict(board.action_counters.values_list("year", "last"))
    focus = {
        item.meeting_id: item
        for item in AgendaItem.objects.filter(meeting__in=meetings, kind=AgendaItem.Kind.FOCUS)
    }
    actions = []

    def add(agreed, due, number, **fields):
        agency, _ = everybody[number % len(everybody)]
        year = agreed.year
        counters[year] = counters.get(year, 0) + 1
        wording = f"Write down what the {1 + number % 9} visits found"
        actions.append(
            Action(
                board=board,
                reference=f"{board.action_prefix}/{counters[year]}/{year}",
                original_wording=wording,
                wording=wording,
                agency=agency,
                agreed_on=agreed,
                original_due=due,
                due=due,
                priority=priorities[number % len(priorities)],
                **fields,
            )
        )

    for turn, meeting in enumerate(meetings):
        for number in range(ACTIONS_A_QUARTER):
            due = weekday(meeting.day + (20 + 10 * number) * DAY)
            add(
                meeting.day,
                due,
                turn * ACTIONS_A_QUARTER + number,
                item=focus[meeting.pk],
                state=Action.State.COMPLETE,
                evidence="Sent to the members.",
                completed_at=at_hour(due - 2 * DAY, 12),
                completed_by=secretary,
            )
    busy = set(board.actions.open().values_list("agency_id", flat=True))
    for number, (agency, _) in enumerate(everybody):
        if agency.pk in busy:
            continue
        agreed = weekday(today - (30 + number % 20) * DAY)
        add(agreed, weekday(today + (10 + 3 * number) * DAY), number)
    Action.objects.bulk_create(actions, batch_size=500)
    for year, last in counters.items():
        ActionCounter.objects.update_or_create(board=board, year=year, defaults={"last": last})
    return len(actions)


def make_threats(board, rounds, everybody):
    """One a quarter, closed."""
    EmergingThreat.objects.bulk_create(
        EmergingThreat(
            board=board,
            agency=everybody[turn % len(everybody)][0],
            title=f"A new way to sell, {round.title}",
            description="Seen at two addresses.",
            state=EmergingThreat.State.CLOSED,
            outcome="Nothing more was seen.",
            raised_at=at_hour(round.quarter_start + 40 * DAY),
            raised_by=everybody[turn % len(everybody)][1],
        )
        for turn, round in enumerate(rounds)
    )
