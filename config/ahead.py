"""What waits for others, and the dates ahead, as far as one person may know them."""

import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from board.models import SharingAgreement, TermsOfReference
from board.waiting import Waiting
from config.quarter import day_words
from meetings.models import Action, Meeting, Minutes
from priorities.models import AgencyReturn, ReturnQuery, ReturnState, Round
from reports.models import CommitteeReport

AHEAD = datetime.timedelta(days=120)
MOST = 12


def waiting_for_others(user, at):
    """What this person's work waits on; five queries, whatever there is."""
    day = timezone.localdate(at)
    items = [
        *returns_to_come(user, day),
        *queries_to_answer(user),
        *returns_to_receive(user),
        *minutes_to_move(user),
        *reports_to_move(user),
        *completions_to_confirm(user),
    ]
    items.sort(key=lambda item: (item.due or item.since or day, item.who, item.act))
    return items[:MOST]


def returns_to_come(user, day):
    """For the secretary, until they are late: late ones wait for the secretary to ask."""
    if not user.roles.kept:
        return []
    awaited = (
        AgencyReturn.objects.filter(
            round__board__in=user.roles.kept, round__state=Round.State.OPEN, round__due__gte=day
        )
        .annotate(
            missing=Count(
                "priority_returns",
                Q(
                    priority_returns__state=ReturnState.DRAFT,
                    priority_returns__lifted_on__isnull=True,
                ),
            )
        )
        .filter(missing__gt=0)
        .select_related("agency", "round")
    )
    return [
        Waiting(
            due=each.due,
            since=None,
            act=f"answer on {each.missing} {'priority' if each.missing == 1 else 'priorities'}",
            url=each.get_absolute_url(),
            why=f"Due {each.due:%-d %B}",
            who=each.agency.short,
        )
        for each in awaited
    ]


def queries_to_answer(user):
    if not user.roles.kept:
        return []
    asked = ReturnQuery.objects.filter(
        agency_return__round__board__in=user.roles.kept,
        agency_return__round__state=Round.State.OPEN,
        answered_at=None,
    ).select_related("agency_return__agency", "priority_return__priority")
    return [
        Waiting(
            due=None,
            since=timezone.localdate(query.raised_at),
            act="answer our query"
            + (f" on {query.priority_return.priority}" if query.priority_return else ""),
            url=query.agency_return.get_absolute_url(),
            why=f"Asked {timezone.localdate(query.raised_at):%-d %B}",
            who=query.agency_return.agency.short,
        )
        for query in asked
    ]


def returns_to_receive(user):
    """For an agency: what it submitted and the secretary has not yet received."""
    if not user.roles.agencies:
        return []
    sent = (
        AgencyReturn.objects.filter(
            agency__in=user.roles.agencies,
            round__state=Round.State.OPEN,
            priority_returns__state=ReturnState.SUBMITTED,
        )
        .annotate(number=Count("priority_returns"), first=Min("priority_returns__submitted_at"))
        .select_related("round")
    )
    return [
        Waiting(
            due=None,
            since=timezone.localdate(each.first),
            act="receive our answer" if each.number == 1 else f"receive our {each.number} answers",
            url=each.get_absolute_url(),
            why=f"Submitted {timezone.localdate(each.first):%-d %B}",
            who="Secretary",
        )
        for each in sent
        if each.round.board_id not in user.roles.kept
    ]


def minutes_to_move(user):
    """Draft minutes wait for the chair's check, checked ones for the secretary."""
    if not user.roles.keeps:
        return []
    found = Minutes.objects.filter(
        meeting__board__in=user.roles.keeps,
        state__in=[Minutes.State.DRAFT, Minutes.State.CHECKED],
    ).select_related("meeting__board")
    items = []
    for minutes in found:
        draft = minutes.state == Minutes.State.DRAFT
        mine = (
            user.roles.chair(minutes.board_id) if draft else user.roles.secretary(minutes.board_id)
        )
        if mine:
            continue
        day = minutes.meeting.day
        items.append(
            Waiting(
                due=None,
                since=day,
                act=f"{'check' if draft else 'circulate'} the minutes of {day:%-d %B}",
                url=minutes.get_absolute_url(),
                why=f"{minutes.get_state_display()}, {minutes.meeting.board}",
                who=minutes.meeting.board.chair_title if draft else "Secretary",
            )
        )
    return items


def reports_to_move(user):
    """Drafts wait for the chair to clear them, cleared ones for the chair to issue them."""
    kept = user.roles.kept - user.roles.chaired
    if not kept:
        return []
    found = CommitteeReport.objects.filter(
        board__in=kept, state__in=[CommitteeReport.State.DRAFT, CommitteeReport.State.CLEARED]
    ).select_related("board", "to_board")
    return [
        Waiting(
            due=report.committee_date,
            since=None,
            act=(
                f"{'clear' if report.state == CommitteeReport.State.DRAFT else 'issue'}"
                f" the report to the {report.to_board}"
            ),
            url=report.get_absolute_url(),
            why=(
                f"For the committee of {day_words(report.committee_date)}"
                if report.committee_date
                else "Its committee has no date yet"
            ),
            who=report.board.chair_title,
        )
        for report in found
    ]


def completions_to_confirm(user):
    """For an agency: actions it proposed complete."""
    if not user.roles.agencies:
        return []
    proposed = Action.objects.visible_to(user).filter(
        agency__in=user.roles.agencies, state=Action.State.PROPOSED
    )
    return [
        Waiting(
            due=action.due,
            since=None,
            act=f"confirm that {action.reference} is complete",
            url=action.get_absolute_url(),
            why="Proposed complete",
            who="Secretary",
        )
        for action in proposed
        if action.board_id not in user.roles.kept
    ]


def dates_ahead(user, at):
    """[(day, what, url)], soonest first, of the next 120 days; five queries."""
    day = timezone.localdate(at)
    until = day + AHEAD
    roles = user.roles
    dates = [
        (meeting.day, meeting_words(meeting), meeting.get_absolute_url())
        for meeting in Meeting.objects.visible_to(user)
        .ahead(at)
        .filter(starts_at__lt=at + AHEAD)
        .select_related("board", "focus_priority")[:MOST]
    ]
    dates += [
        (
            round.due,
            f"Returns due, {round.title}",
            round.get_absolute_url() if roles.member(round.board_id) else "",
        )
        for round in Round.objects.filter(
            board__in=roles.boards | roles.seated,
            state__in=[Round.State.PLANNED, Round.State.OPEN],
            due__range=(day, until),
        )
    ]
    dates += [
        (report.committee_date, str(report.to_board), report.get_absolute_url())
        for report in CommitteeReport.objects.visible_to(user)
        .filter(committee_date__range=(day, until))
        .exclude(state=CommitteeReport.State.WITHDRAWN)
        .select_related("to_board")[:MOST]
    ]
    for model, words in (
        (TermsOfReference, "Terms of reference to be reviewed"),
        (SharingAgreement, "Sharing agreement to be reviewed"),
    ):
        due = model.objects.filter(board__in=roles.boards, review_due__range=(day, until))
        dates += [
            (each.review_due, words, each.board.get_absolute_url())
            for each in due.select_related("board")
        ]
    return sorted(dates)[:8]


def meeting_words(meeting):
    words = str(meeting.board)
    return f"{words}, priority: {meeting.focus}" if meeting.focus else words
