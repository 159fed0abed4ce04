"""What the pages of priorities and boards show of the record of meetings."""

from django import template
from django.utils import timezone

from board.confirm import acts
from meetings.carry_over import choices_due
from meetings.models import (
    Action,
    AgendaItem,
    Decision,
    Meeting,
    Minutes,
    Part,
    Referral,
)
from meetings.outcomes import PRIORITY, THREAT
from meetings.permissions import can_keep_meeting
from meetings.rates import attendance_rates
from meetings.wording import late_sentence

register = template.Library()
register.filter(late_sentence)


def user_of(context):
    return context["request"].user


@register.inclusion_tag("meetings/tags/agency_actions.html", takes_context=True)
def agency_actions(context, agency):
    """An agency's open actions, most urgent first."""
    return {"actions": open_actions(user_of(context), agency)}


def open_actions(user, agency):
    today = timezone.localdate()
    actions = list(Action.objects.visible_to(user).open().filter(agency=agency).order_by("due"))
    for action in actions:
        action.late = action.days_late(today)
    return actions


@register.inclusion_tag("meetings/tags/left_to_do.html", takes_context=True)
def left_to_do(context, person, board):
    """What a person of a board is still to do there: open actions, meetings to preside over."""
    user = user_of(context)
    today = timezone.localdate()
    actions = list(
        Action.objects.visible_to(user).open().filter(board=board, person=person).order_by("due")
    )
    for action in actions:
        action.late = action.days_late(today)
    meetings = Meeting.objects.visible_to(user).filter(
        board=board, presiding=person, starts_at__gte=timezone.now()
    )
    return {"person": person, "board": board, "actions": actions, "meetings": meetings}


@register.inclusion_tag("meetings/tags/agency_asked.html", takes_context=True)
def agency_asked(context, agency, priorities, since):
    """What the Board asked of an agency: decided on its priorities since that day, and its open
    actions. Of the Board part alone: the page that shows it bears its own marking."""
    user = user_of(context)
    actions = [action for action in open_actions(user, agency) if action.part == Part.BOARD]
    return {
        "since": since,
        "decisions": Decision.objects.visible_to(user)
        .filter(part=Part.BOARD, priority__in=priorities, item__meeting__starts_at__date__gte=since)
        .select_related("item__meeting__board", "priority", "between")
        .order_by("-item__meeting__starts_at", "pk"),
        "actions": actions,
        "referrals": Referral.objects.visible_to(user)
        .open()
        .filter(agency=agency)
        .select_related("from_board"),
        "new": sum(action.agreed_on >= since for action in actions),
    }


@register.inclusion_tag("meetings/tags/priority_record.html", takes_context=True)
def priority_record(context, priority):
    """The meetings that considered a priority, their decisions, its actions, and the buttons."""
    user = user_of(context)
    items = (
        AgendaItem.objects.visible_to(user)
        .filter(priority=priority, meeting__state__in=Meeting.HELD)
        .select_related("meeting__board")
        .order_by("-meeting__starts_at", "number")
    )
    return {
        "priority": priority,
        "items": items[:12],
        "decisions": Decision.objects.visible_to(user)
        .filter(priority=priority)
        .select_related("item__meeting__board", "between")
        .order_by("-item__meeting__starts_at", "pk")[:12],
        "actions": Action.objects.visible_to(user)
        .filter(priority=priority)
        .open()
        .select_related("agency", "board", "person"),
        "acts": acts(PRIORITY, user, priority, "meetings:priority_verb"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("meetings/tags/threat_record.html", takes_context=True)
def threat_record(context, threat):
    """The meetings that heard a threat, what they decided, and the secretary's buttons."""
    user = user_of(context)
    return {
        "threat": threat,
        "items": AgendaItem.objects.visible_to(user)
        .filter(threat=threat)
        .select_related("meeting__board")
        .order_by("meeting__starts_at"),
        "decisions": Decision.objects.visible_to(user)
        .filter(threat=threat)
        .select_related("item__meeting__board"),
        "acts": acts(THREAT, user, threat, "meetings:threat_verb"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("meetings/tags/learning_record.html", takes_context=True)
def learning_record(context, learning):
    """The meetings that had what was learnt before them, and what was agreed to be done."""
    user = user_of(context)
    items = (
        AgendaItem.objects.visible_to(user)
        .filter(learning=learning)
        .select_related("meeting__board")
        .order_by("meeting__starts_at")
    )
    actions = Action.objects.visible_to(user).filter(learning=learning)
    return {
        "learning": learning,
        "items": items,
        "actions": actions.select_related("agency", "board").order_by("pk"),
        "may_put": user.roles.secretary(learning.board_id),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("meetings/tags/board_meetings.html", takes_context=True)
def board_meetings(context, board):
    """The next meeting of a board, and the last that was held."""
    user = user_of(context)
    meetings = Meeting.objects.visible_to(user).filter(board=board).select_related("board")
    return {
        "next": meetings.ahead().order_by("starts_at").first(),
        "last": meetings.held().order_by("starts_at").last(),
    }


@register.simple_tag(takes_context=True)
def choices_waiting(context, meeting):
    """The actions that want a choice before these minutes are circulated; the secretary's."""
    if not can_keep_meeting(user_of(context), meeting):
        return []
    waiting = meeting.minutes.filter(state__in=[Minutes.State.DRAFT, Minutes.State.CHECKED])
    return choices_due(meeting) if waiting.exists() else []


@register.inclusion_tag("meetings/tags/board_attendance.html", takes_context=True)
def board_attendance(context, board):
    """How often each member came since being appointed; for those who read what members read."""
    user = user_of(context)
    if not user.roles.member(board.pk):
        return {}
    return {"rates": attendance_rates(board, user)}
