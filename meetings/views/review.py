"""Actions of earlier meetings, reviewed where they come up, and the choices that are due."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from board import audit
from board.markings import Marking
from board.workflow import WrongState, state_label
from meetings import reviewing
from meetings.carry_over import choices_due
from meetings.forms import ReviewForm
from meetings.minuting import next_meeting_day, review_forms
from meetings.models import Action, Part, Review
from meetings.permissions import can_keep_action
from meetings.saving import NotWritable, lock_minutes

from .agenda import at_item
from .meetings import kept_meeting
from .minute import minute_page, redirect_303, writable


@require_POST
def review(request, ref, item, action):
    """What the meeting said of one earlier action."""
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    sent = record(request, meeting, found, action)
    if sent is None:
        return redirect_303(at_item(ref, item))
    return minute_page(request, meeting, found, review=sent, status=422)


def record(request, meeting, item, pk):
    """Save the review that was sent; None when that is over, else the form with its errors."""
    asked = get_object_or_404(
        Action.objects.visible_to(request.user).filter(
            board__in=[meeting.board_id, meeting.board.reports_to_id]
        ),
        pk=pk,
    )
    if not can_keep_action(request.user, asked):
        raise PermissionDenied
    try:
        with transaction.atomic():
            if item:
                lock_minutes(meeting, asked.part)
            action = Action.objects.select_for_update(of=("self",)).get(pk=pk)
            if not action.not_done:
                raise WrongState(f"Nothing was changed: {action} is already {state_label(action)}.")
            form = ReviewForm(
                request.POST,
                action=action,
                day=meeting.day,
                next_meeting=next_meeting_day(meeting),
                choice=item is None,
            )
            if not form.is_valid():
                return form
            said = form.cleaned_data
            made = reviewing.review(
                action,
                said["outcome"],
                meeting=meeting,
                item=item,
                note=said["note"],
                due=said["due"],
                by=request.user,
            )
    except (NotWritable, WrongState) as closed:
        messages.error(request, str(closed))
    else:
        messages.success(request, str(made))
    return None


@require_POST
def review_remove(request, ref, item, review):
    """Take a remark out of the minutes; what became of the action is changed on its own page."""
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    asked = get_object_or_404(found.reviews.select_related("action"), pk=review)
    try:
        with transaction.atomic():
            lock_minutes(meeting, asked.action.part)
            audit.record("remove a review", asked.action, by=request.user, note=asked.sentence)
            asked.delete()
    except NotWritable as closed:
        messages.error(request, str(closed))
    else:
        messages.success(
            request,
            f"The minutes no longer say it. {asked.action} itself is as it was: open it to change"
            " its date or its state.",
        )
    return redirect_303(at_item(ref, item))


def choices(request, ref):
    """The actions that were carried over three times, and the choice for each."""
    meeting = kept_meeting(request, ref)
    return choices_page(request, meeting)


def choices_page(request, meeting, sent=None):
    actions = choices_due(meeting)
    made = list(Review.objects.filter(meeting=meeting, item=None).select_related("action"))
    shown = [*actions, *(row.action for row in made)]
    restricted = any(action.part == Part.RESTRICTED for action in shown)
    return render(
        request,
        "meetings/choices.html",
        {
            "meeting": meeting,
            "rows": review_forms(actions, actions, meeting, next_meeting_day(meeting), sent),
            "made": made,
            "forms": [sent] if sent else [],
            "marking": Marking.SENSITIVE if restricted else Marking.OFFICIAL,
        },
        status=422 if sent else 200,
    )


@require_POST
def choose(request, ref, action):
    meeting = kept_meeting(request, ref)
    sent = record(request, meeting, None, action)
    if sent:
        return choices_page(request, meeting, sent)
    return redirect_303(reverse("meetings:choices", args=[ref]))
