"""What was learnt goes to a meeting, which may make an action of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from board import audit
from meetings.agenda import bring_learning, next_agenda
from priorities.models import Learning
from priorities.permissions import can_edit_learning


@require_POST
def put(request, pk):
    """Put it on the agenda of the next meeting with one press."""
    visible = Learning.objects.visible_to(request.user)
    found = get_object_or_404(
        visible.select_related("board", "follow_up_person", "follow_up_agency"), pk=pk
    )
    if not can_edit_learning(request.user, found):
        raise PermissionDenied
    ahead = next_agenda(found.board)
    if ahead is None:
        messages.error(request, "Nothing was changed: plan the next meeting first.")
        return redirect(found)
    with transaction.atomic():
        if item := bring_learning(found, ahead):
            audit.record("add an agenda item", item, by=request.user)
    if item:
        messages.success(
            request,
            f"It is item {item.number} of {ahead}. When it is minuted, the line for an action "
            "opens with what it means for us and who follows it up.",
        )
    else:
        messages.error(request, f"Nothing was changed: it is on the agenda of {ahead} already.")
    return redirect(found)
