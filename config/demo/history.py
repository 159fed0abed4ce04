"""Many quarters at once, to see how pages bear twenty years of forty agencies.

Nothing here is anybody's act, so the rows are written in bulk, past the transitions; the trail
keeps one event that says so. No chance is involved: the same call writes the same rows.
"""

import datetime

from django.db import transaction

from board import audit
from board.markings import Audience, Clearance
from board.models import Agency, AgencyMember, Appointment, Board, Seat, User
from priorities.models import (
    AgencyReturn,
    PriorityReturn,
    Responsibility,
    Round,
    quarter_of,
)

from .history_meetings import make_actions, make_meetings, make_threats
from .script import at_hour, weekday

DAY = datetime.timedelta(days=1)
CONFIDENCE = ("fair", "low", "high", "fair", "cannot_say")
DIRECTION = ("steady", "improving", "steady", "worsening")


@transaction.atomic
def seed(board, secretary, *, years, agencies, today, say):
    """Give `board` so many agencies and so many years of quarters before its oldest of late.

    today  a date; say  a function that takes a line of progress
    Quarters and agencies that are there are left as they are.
    """
    quarters = quarters_before(board, today, years)
    everybody = seat_agencies(board, agencies, quarters[0][0] if quarters else today)
    say(f"{len(everybody)} agencies sit on the {board}.")
    priorities = list(board.priorities.in_force(today))
    rounds = make_rounds(board, secretary, quarters)
    say(f"{len(rounds)} rounds are added.")
    # The matrix shows five quarters: those of late get the new agencies too.
    late = board.rounds.filter(quarter_end__gte=today - 500 * DAY)
    asked = make_returns(board, secretary, {*rounds, *late}, everybody, priorities, today)
    say(f"{asked} returns are added.")
    meetings = make_meetings(board, secretary, rounds, priorities)
    say(f"{len(meetings)} meetings are added, with their minutes.")
    actions = make_actions(board, secretary, meetings, everybody, priorities, today)
    say(f"{actions} actions are added.")
    make_threats(board, rounds, everybody)
    audit.record(
        "seed the history",
        board,
        by="seed_history",
        note=f"{len(rounds)} rounds, {asked} returns, {len(meetings)} meetings, {actions} actions",
    )


def quarters_before(board, today, years):
    """[(first, last)] of the quarters in reach that have no round yet, oldest first."""
    known = set(board.rounds.values_list("quarter_start", flat=True))
    found = [quarter_of(today, board.quarter_start_month)]
    while len(found) < 4 * years:
        found.append(quarter_of(found[-1][0] - DAY, board.quarter_start_month))
    return [quarter for quarter in reversed(found[1:]) if quarter[0] not in known]


def seat_agencies(board, count, start):
    """Seat further agencies until there are `count`, each with a lead that answers for all
    priorities; returns [(agency, its lead)] of all that sit."""
    seated = list(board.seats.current().select_related("agency").order_by("agency__name"))
    for number in range(1, count - len(seated) + 1):
        agency = Agency.objects.create(
            name=f"Borough partner {number:02}",
            slug=f"partner-{number:02}",
            kind=Agency.Kind.OTHER,
            office_email=f"partner-{number:02}-office@example.org",
        )
        person = User(
            email=f"partner-{number:02}@example.org",
            name=f"Partner {number:02} lead",
            post="Partnership Officer",
        )
        person.set_unusable_password()
        person.save()
        AgencyMember.objects.create(person=person, agency=agency, role="lead", start=start)
        seat = Seat.objects.create(board=board, agency=agency, start=start)
        Appointment.objects.create(
            person=person, board=board, seat=seat, role="member", start=start
        )
        Responsibility.objects.bulk_create(
            Responsibility(
                agency=agency,
                priority=priority,
                role="contributing",
                start=max(start, priority.adopted_on),
            )
            for priority in board.priorities.in_force()
        )
        seated.append(seat)
    leads = {
        member.agency_id: member.person
        for member in AgencyMember.objects.current()
        .filter(role="lead", agency__in=[seat.agency_id for seat in seated])
        .select_related("person")
    }
    return [(seat.agency, leads[seat.agency_id]) for seat in seated]


def make_rounds(board, secretary, quarters):
    return Round.objects.bulk_create(
        Round(
            board=board,
            ref=f"{board.slug}-{first:%Y-%m}",
            quarter_start=first,
            quarter_end=last,
            due=weekday(first + 68 * DAY),
            invented=True,
            state=Round.State.CLOSED,
            opened_at=at_hour(weekday(first + 31 * DAY)),
            opened_by=secretary,
            closed_at=at_hour(last, 17),
            closed_by=secretary,
        )
        for first, last in quarters
    )


def make_returns(board, secretary, rounds, everybody, priorities, today):
    """In each round a return of each agency that has none, with a part for each priority."""
    asked = set(
        AgencyReturn.objects.filter(round__board=board).values_list("round_id", "agency_id")
    )
    returns, parts = [], []
    for turn, round in enumerate(sorted(rounds, key=lambda round: round.quarter_start)):
        now_open = round.state == Round.State.OPEN
        for place, (agency, lead) in enumerate(everybody):
            if (round.pk, agency.pk) in asked:
                continue
            # One in eleven sends nothing, the next one has nothing to report.
            chance = (turn * 7 + place * 3) % 11
            came = at_hour(round.opened_at.date() + (1 + place % 5) * DAY, 14)
            stamps = {}
            received_by_now = came.date() + DAY < today
            if chance and received_by_now and not (now_open and place % 2):
                stamps = {
                    "state": "received",
                    "submitted_at": came,
                    "submitted_by": lead,
                    "received_at": came + DAY,
                    "received_by": secretary,
                }
            whole = AgencyReturn(
                round=round,
                agency=agency,
                period_from=round.quarter_start,
                period_to=round.quarter_end,
                version=1,
                **stamps,
            )
            if stamps:
                whole.emerging_priorities = "Short lets, and calls that pretend to be a bank's."
                whole.new_information = "A shared inbox, read each Monday."
            returns.append(whole)
            parts += [
                make_part(whole, priority, turn + place + order, chance, stamps)
                for order, priority in enumerate(priorities)
            ]
    AgencyReturn.objects.bulk_create(returns, batch_size=500)
    PriorityReturn.objects.bulk_create(parts, batch_size=500)
    return len(parts)


def make_part(whole, priority, number, chance, stamps):
    part = PriorityReturn(agency_return=whole, priority=priority, version=1, **stamps)
    if not stamps:
        return part
    if chance == 1:
        part.nothing_to_report = True
        return part
    part.did = f"Held {2 + number % 9} joint visits on {priority.name.lower()}."
    part.emerging = "Premises that change hands within weeks."
    part.confidence = CONFIDENCE[number % len(CONFIDENCE)]
    part.direction = DIRECTION[number % len(DIRECTION)]
    part.prevent, part.protect = number % 2 == 0, number % 3 == 0
    part.report_text = f"{2 + number % 9} joint visits were held."
    if number % 3:
        part.clearance, part.cleared_for = Clearance.CLEARED, Audience.PUBLIC
        part.cleared_text = part.report_text
        part.cleared_at, part.cleared_by = part.submitted_at, part.submitted_by
    return part


def demo_board():
    """The demo's board and its secretary, or None when the demo is not loaded."""
    board = Board.objects.filter(slug="soc-board").first()
    secretary = board and board.appointments.current().filter(role="secretary").first()
    return (board, secretary.person) if secretary else None
