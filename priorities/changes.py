"""What changed since a round opened, and what it asks of the round: an expectation to add or to
lift, with day and reason, prepared for the secretary's one press.

A return that came is never proposed to be lifted, nor one that was asked for by hand, nor is
anything that the secretary lifted or set aside asked for again, unless something has begun since.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from board import audit
from board.models import Seat

from .models import PriorityReturn, Responsibility, ReturnState, Round, SetAside
from .transitions import ask_for

ASKED = (Responsibility.Role.LEAD, Responsibility.Role.CONTRIBUTING)


@dataclass(frozen=True)
class Change:
    """part  the return to lift; None when one is to be added
    reason  a sentence that says what happened, and when: on the day `since`"""

    agency: object
    priority: object
    reason: str
    since: datetime.date
    part: PriorityReturn | None = None

    @property
    def key(self):
        """For the form: the same for the same change."""
        return f"{'lift' if self.part else 'add'}-{self.agency.pk}-{self.priority.pk}"

    @property
    def facts(self):
        """What tells it from any other of its round."""
        return self.agency.pk, self.priority.pk, self.part is not None, self.since


def changes(rounds, day):
    """{round pk: [Change]} of those of these rounds that are open, on `day`, without those set
    aside; four queries."""
    rounds = [round for round in rounds if round.state == Round.State.OPEN]
    if not rounds:
        return {}
    boards = {round.board_id for round in rounds}
    duties, seats, parts = {}, {}, {round.pk: {} for round in rounds}
    for duty in (
        Responsibility.objects.filter(priority__board__in=boards, start__lte=day)
        .select_related("agency", "priority")
        .order_by("agency__name", "priority__order", "priority__name", "start")
    ):
        duties.setdefault((duty.agency_id, duty.priority_id), []).append(duty)
    for seat in Seat.objects.filter(board__in=boards, start__lte=day).order_by("start"):
        seats.setdefault((seat.board_id, seat.agency_id), []).append(seat)
    for part in (
        PriorityReturn.objects.filter(agency_return__round__in=parts)
        .select_related("agency_return__agency", "priority")
        .defer("did", "emerging", "report_text")
    ):
        key = part.agency_return.agency_id, part.priority_id
        parts[part.agency_return.round_id][key] = part
    against = {}
    for row in SetAside.objects.filter(round__in=parts):
        facts = row.agency_id, row.priority_id, row.lifts, row.since
        against.setdefault(row.round_id, set()).add(facts)
    found = {}
    for round in rounds:
        known = parts[round.pk]
        prepared = [
            *(
                change
                for key, rows in duties.items()
                if rows[0].priority.board_id == round.board_id
                and (change := to_add(rows, seats, known.get(key), day))
            ),
            *(
                change
                for key, part in known.items()
                if (change := to_lift(part, duties.get(key, ()), seats, round, day))
            ),
        ]
        decided = against.get(round.pk, ())
        found[round.pk] = [change for change in prepared if change.facts not in decided]
    return found


def to_add(rows, seats, part, day):
    """The Change that asks for a return, or None. `rows` are the responsibilities of one agency
    for one priority, `part` the return as it is asked for already or was."""
    duty, priority = rows[-1], rows[-1].priority
    seat = last_of(seats, priority.board_id, duty.agency_id)
    in_force = priority.adopted_on and priority.adopted_on <= day and not gone(priority, day)
    if duty.role not in ASKED or ended(duty, day) or not in_force or ended(seat, day):
        return None
    since, reason = max(
        (duty.start, f"Answers for it ({duty.get_role_display().lower()}) since"),
        (priority.adopted_on, "The Board adopted the priority on"),
        (seat.start, "Has its seat on the Board since"),
    )
    if part is not None and (part.lifted_on is None or part.lifted_on > since):
        return None
    return Change(duty.agency, priority, f"{reason} {since:%-d %B %Y}.", since)


def to_lift(part, rows, seats, round, day):
    """The Change that lifts a return, or None."""
    if part.lifted_on or part.state != ReturnState.DRAFT:
        return None
    agency, priority = part.agency_return.agency, part.priority
    reasons = []
    if gone(priority, day):
        reasons.append((priority.retired_on, "The Board retired the priority on"))
    seat = last_of(seats, round.board_id, agency.pk)
    if seat and ended(seat, day):
        reasons.append((seat.end, "Had its seat on the Board until"))
    if rows and ended(rows[-1], day):
        reasons.append((rows[-1].end, "Answered for it until"))
    elif rows and rows[-1].role not in ASKED:
        reasons.append((rows[-1].start, "Is only kept informed since"))
    if part.added_on:  # asked for by hand, perhaps of an agency that does not answer for it
        reasons = [(since, words) for since, words in reasons if since >= part.added_on]
    if not reasons:
        return None
    since, words = min(reasons)
    return Change(agency, priority, f"{words} {since:%-d %B %Y}.", since, part)


def last_of(seats, board_id, agency_id):
    return (seats.get((board_id, agency_id)) or [None])[-1]


def ended(term, day):
    """Whether there is no such term, or its last day has passed."""
    return term is None or (term.end is not None and term.end < day)


def gone(priority, day):
    return bool(priority.retired_on and priority.retired_on <= day)


@transaction.atomic
def follow(round, keys, *, by, day: datetime.date):
    """Do those of the prepared changes that are named by `keys`; return how many. What is not
    prepared any more by now is left alone."""
    round = locked(round)
    list(PriorityReturn.objects.select_for_update().filter(agency_return__round=round))
    done = [change for change in changes([round], day).get(round.pk, ()) if change.key in keys]
    for change in done:
        if change.part is None:
            part, _ = ask_for(round, change.agency, change.priority)
            part.added_on, part.added_reason = day, change.reason
            part.lifted_on, part.lifted_reason = None, ""
            act = "add an expectation"
        else:
            part = change.part
            part.lifted_on, part.lifted_reason = day, change.reason
            act = "lift the expectation"
        part.save()
        audit.record(act, part, by=by, note=change.reason)
    return len(done)


@transaction.atomic
def set_aside(round, key, reason, *, by, at):
    """Decide against one of the prepared changes, for this reason; False when it is not prepared
    any more.

    at  an aware datetime; what is prepared on its day
    """
    round = locked(round)
    prepared = changes([round], timezone.localdate(at)).get(round.pk, ())
    change = next((each for each in prepared if each.key == key), None)
    if change is None:
        return False
    row = SetAside.objects.create(
        round=round,
        agency=change.agency,
        priority=change.priority,
        lifts=change.part is not None,
        since=change.since,
        words=change.reason,
        reason=reason,
        made_at=at,
        made_by=by,
    )
    audit.record("set a change aside", row, by=by, note=f"{change.reason} {reason}")
    return True


def locked(round):
    return Round.objects.select_for_update(of=("self",)).select_related("board").get(pk=round.pk)
