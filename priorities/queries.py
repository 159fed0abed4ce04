"""What waits for a person in this app."""

import datetime
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from board.markings import Clearance
from board.text import listed
from board.waiting import Waiting, days_late
from priorities.changes import changes
from priorities.models import (
    AgencyReturn,
    Learning,
    PriorityReturn,
    ReturnQuery,
    ReturnState,
    Round,
)

# A text that nobody cleared within this time of its quarter's end is history, not work.
CLEARING = datetime.timedelta(days=120)
SOON = datetime.timedelta(days=14)


def waiting(user, at=None):
    """Unordered: a list of Waiting. Three queries for a partner, nine at most for a
    secretary.

    at  an aware datetime; now when none is given
    """
    today = timezone.localdate(at)
    roles = user.roles
    found = list(to_follow_up(user, today)) if roles.boards else []
    if not roles.agencies and not roles.kept:
        return found
    parts = list(open_parts(user))
    found += [*to_answer(parts, user, today), *to_clear(user, today)]
    if roles.kept:
        found += [*to_keep(parts, user, today), *to_receive_whole(user), *to_open(user, today)]
        found += to_bring_up_to_date(user, today)
    return found


def open_parts(user):
    """The parts still expected in open rounds, of this person's agencies or boards kept."""
    unanswered = ReturnQuery.objects.filter(priority_return=OuterRef("pk"), answered_at=None)
    asked = ReturnQuery.objects.filter(priority_return=OuterRef("pk"))
    return (
        PriorityReturn.objects.expected()
        .filter(agency_return__round__state=Round.State.OPEN)
        .filter(
            Q(agency_return__agency__in=user.roles.agencies)
            | Q(agency_return__round__board__in=user.roles.kept)
        )
        .annotate(unanswered=Exists(unanswered), asked=Exists(asked))
        .select_related("agency_return__agency", "agency_return__round", "priority")
        .only(
            "agency_return", "priority", "state", "submitted_at", "priority__name",
            "priority__slug", "priority__order", "agency_return__agency__name",
            "agency_return__agency__short_name", "agency_return__round__ref",
            "agency_return__round__board", "agency_return__round__due",
            "agency_return__round__quarter_start", "agency_return__round__quarter_end",
            "agency_return__extended_to",
        )
        .order_by("agency_return__agency__name", "priority__order", "priority__name")
    )  # fmt: skip


def by_return(parts):
    groups = defaultdict(list)
    for part in parts:
        groups[part.agency_return].append(part)
    return groups.items()


def names(parts):
    """ "modern slavery, fraud and drugs"."""
    words = [part.priority.name[:1].lower() + part.priority.name[1:] for part in parts]
    return listed(words)


def to_answer(parts, user, today):
    """An agency's own drafts, and the queries that wait for its answer."""
    drafts = [
        part
        for part in parts
        if part.state == ReturnState.DRAFT and user.roles.belongs(part.agency_return.agency_id)
    ]
    for agency_return, group in by_return(drafts):
        round, agency = agency_return.round, agency_return.agency
        edit = reverse("priorities:return_edit", args=[agency_return.pk])
        who = "" if user.roles.lead(agency.pk) else " Your lead submits it."
        for part in (part for part in group if part.unanswered):
            yield Waiting(
                agency_return.due,
                None,
                f"Answer the secretary’s query on {names([part])}",
                f"{edit}#priority-{part.priority.slug}",
                f"{agency.short}, {round.title}: the return is yours again until it is "
                f"submitted.{who}",
                days_late(agency_return.due, today),
            )
        rest = [part for part in group if not part.unanswered]
        if rest:
            yield Waiting(
                agency_return.due,
                None,
                f"Write your return on {names(rest)}",
                edit,
                f"{agency.short}, {round.title}. Nothing to report is an answer; silence is "
                f"shown as No return.{who}",
                days_late(agency_return.due, today),
            )


def to_follow_up(user, today):
    """Learning that this person, or an agency of theirs, is to follow up within two weeks."""
    mine = Q(follow_up_person=user) | Q(follow_up_agency__in=user.roles.agencies)
    open_ones = Learning.objects.visible_to(user).to_follow_up()
    for learning in open_ones.filter(mine, follow_up_by__lte=today + SOON):
        yield Waiting(
            learning.follow_up_by,
            None,
            f"Follow up what was learnt: {learning.title}",
            learning.get_absolute_url(),
            "Say what came of it, or why nothing did.",
            days_late(learning.follow_up_by, today),
        )


def to_clear(user, today):
    """Texts for the report that the agency's lead has not cleared for anybody."""
    leads = [agency for agency, role in user.roles.agencies.items() if role == "lead"]
    texts = (
        PriorityReturn.objects.answered()
        .filter(
            agency_return__agency__in=leads,
            agency_return__round__quarter_end__gte=today - CLEARING,
            clearance=Clearance.NOT_CLEARED,
            nothing_to_report=False,
        )
        .exclude(report_text="")
        .select_related("agency_return__agency", "agency_return__round", "priority")
        .order_by("priority__order", "priority__name")
    )
    for agency_return, group in by_return(texts):
        yield Waiting(
            None,
            timezone.localdate(min(part.submitted_at for part in group)),
            f"Clear your text for the report on {names(group)}",
            group[0].get_absolute_url(),
            f"{agency_return.agency.short}, {agency_return.round.title}: it goes in no report "
            "until you clear it.",
        )


def to_keep(parts, user, today):
    """The secretary's part in open rounds: receive, chase, close."""
    rounds = defaultdict(list)
    for part in parts:
        if user.roles.secretary(part.agency_return.round.board_id):
            rounds[part.agency_return.round].append(part)
    for round, group in rounds.items():
        came = [part for part in group if part.state == ReturnState.SUBMITTED]
        silent = [
            part
            for part in group
            if part.state == ReturnState.DRAFT and not part.asked and part.agency_return.due < today
        ]
        late = days_late(round.due, today)
        if came:
            yield Waiting(
                None,
                timezone.localdate(min(part.submitted_at for part in came)),
                f"Receive {count(len(came), 'return')}",
                f"{round.get_absolute_url()}?show=waiting",
                f"{round.title}: from {agencies(came)}. Members read them once they are received.",
            )
        if silent and late:
            yield Waiting(
                round.due,
                None,
                f"Ask after {count(len(silent), 'missing return')}",
                f"{round.get_absolute_url()}?show=none",
                f"{round.title}: No return from {agencies(silent)}.",
                late,
            )
        if all(part.state == ReturnState.RECEIVED for part in group):
            yield Waiting(
                None,
                round.due,
                f"Close the round for {round.title}",
                round.get_absolute_url(),
                "Every return that was expected is received.",
            )


def to_receive_whole(user):
    """Answers to the Board's two questions that came apart from any priority."""
    answers = (
        AgencyReturn.objects.filter(
            round__board__in=user.roles.kept,
            round__state=Round.State.OPEN,
            state=ReturnState.SUBMITTED,
        )
        .exclude(priority_returns__state=ReturnState.SUBMITTED)
        .select_related("agency", "round")
    )
    for agency_return in answers:
        yield Waiting(
            None,
            timezone.localdate(agency_return.submitted_at),
            f"Receive the two answers of {agency_return.agency.short}",
            agency_return.get_absolute_url(),
            f"{agency_return.round.title}: they came without a priority.",
        )


def to_bring_up_to_date(user, today):
    """Open rounds since whose opening something began or ended."""
    rounds = list(Round.objects.filter(board__in=user.roles.kept, state=Round.State.OPEN))
    prepared = changes(rounds, today)
    for round in rounds:
        if waits := prepared.get(round.pk):
            yield Waiting(
                None,
                timezone.localdate(round.opened_at),
                f"Bring the round up to date: {count(len(waits), 'change')}",
                f"{round.get_absolute_url()}#changes",
                f"{round.title}: {waits[0].agency.short} on {waits[0].priority.name.lower()}. "
                f"{waits[0].reason}",
            )


def to_open(user, today):
    """Planned rounds whose quarter has begun."""
    planned = Round.objects.filter(
        board__in=user.roles.kept, state=Round.State.PLANNED, quarter_start__lte=today
    )
    for round in planned:
        yield Waiting(
            None,
            round.quarter_start,
            f"Open the round for {round.title}",
            round.get_absolute_url(),
            f"Its quarter has begun; returns are due on {round.due:%-d %B}.",
        )


def count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def agencies(parts):
    return ", ".join(dict.fromkeys(part.agency_return.agency.short for part in parts))
