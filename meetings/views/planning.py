"""The calendar, the forward plan, and planning one meeting or a year of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board.models import Board
from meetings import planning
from meetings.forms import MeetingForm, TogetherForm, proposed_forms
from meetings.models import Meeting, Minutes, Part
from meetings.permissions import can_plan_for, can_plan_meetings
from meetings.queries import forward_plan

SHOWN = 20


def calendar(request):
    user = request.user
    meetings = Meeting.objects.visible_to(user).select_related("board", "focus_priority")
    now = timezone.now()
    coming = meetings.filter(ends_at__gte=now).order_by("starts_at")
    minutes = Minutes.objects.visible_to(user).filter(part=Part.BOARD)
    past = (
        meetings.filter(ends_at__lt=now)
        .order_by("-starts_at")
        .prefetch_related(
            Prefetch("minutes", minutes.only("meeting", "part", "state"), "readable_minutes")
        )
    )
    everything = request.GET.get("all") == "1"
    past_rows = list(past if everything else past[: SHOWN + 1])
    priorities = list(forward_plan(user))
    return render(
        request,
        "meetings/calendar.html",
        {
            "coming": coming,
            "past": past_rows if everything else past_rows[:SHOWN],
            "more": not everything and len(past_rows) > SHOWN,
            "priorities": priorities,
            "gaps": planning.gaps(user, priorities),
            "coverage": planning.coverage(user, priorities),
            "may_plan": can_plan_meetings(user),
            "kept": Board.objects.filter(pk__in=user.roles.kept),
        },
    )


def new(request):
    """One meeting; what is due next on the secretary's first board is there already."""
    if not can_plan_meetings(request.user):
        raise PermissionDenied
    initial = None if request.method == "POST" else next_meeting(request.user)
    form = MeetingForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        meeting = form.save(commit=False)
        with transaction.atomic():
            planning.plan_meeting(meeting, by=request.user)
        messages.success(request, "The meeting is planned, with its standing items.")
        return redirect("meetings:agenda", meeting.ref)
    return render(
        request,
        "meetings/form.html",
        {"form": form, "title": "Plan a meeting", "button": "Plan it", "back": "/meetings/"},
        status=422 if form.errors else 200,
    )


def next_meeting(user):
    """What the form begins with."""
    board = Board.objects.filter(pk__in=user.roles.kept, kind=Board.Kind.BOARD).first()
    if board is None:
        return None
    proposal = planning.propose(board)[0]
    return {
        "board": board.pk,
        "day": proposal.day,
        "focus_priority": proposal.focus and proposal.focus.pk,
        "reviews_all": proposal.reviews_all,
        "round": planning.round_of(board, proposal.day),
        **planning.like_the_last(board),
    }


def plan(request, slug):
    """The meetings of the next year, proposed; one press plans them all."""
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=slug)
    if not can_plan_for(request.user, board):
        raise PermissionDenied
    data = request.POST or None
    proposals = planning.propose(board)
    together = TogetherForm(data, initial=planning.like_the_last(board))
    rows = proposed_forms(board, proposals, data)
    if request.method == "POST" and all([together.is_valid(), *(row.is_valid() for row in rows)]):
        taken = [row.meeting(together) for row in rows if row.cleaned_data["take"]]
        if not taken:
            messages.error(request, "Nothing was planned: choose at least one meeting.")
            return redirect("meetings:plan", slug)
        with transaction.atomic():
            for meeting in taken:
                meeting.round = planning.round_of(board, meeting.day)
                planning.plan_meeting(meeting, by=request.user)
        number = "1 meeting is" if len(taken) == 1 else f"{len(taken)} meetings are"
        messages.success(request, f"{number} planned, with their standing items.")
        return redirect("meetings:calendar")
    has_errors = any(form.errors for form in (together, *rows))
    priorities = [row for row in forward_plan(request.user) if row.board_id == board.pk]
    return render(
        request,
        "meetings/plan.html",
        {
            "board": board,
            "together": together,
            "rows": rows,
            "forms": [together, *rows],
            "gaps": planning.gaps(request.user, priorities),
            "has_errors": has_errors,
        },
        status=422 if has_errors else 200,
    )
