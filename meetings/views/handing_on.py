"""What somebody who leaves was to do, handed to somebody else at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.markings import Marking
from board.models import Board
from board.permissions import can_keep_board
from meetings.agenda import people_of
from meetings.forms.handing_on import HandOnForm
from meetings.models import Action, Part


def hand_on(request, slug, pk):
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=slug)
    if not can_keep_board(request.user, board):
        raise PermissionDenied
    held = Action.objects.visible_to(request.user).open().filter(board=board, person=pk)
    first = held.select_related("person").first()
    if first is None:
        messages.error(request, "No action is open in that name any more.")
        return redirect(board)
    person = first.person
    people = people_of(board, timezone.localdate()).exclude(pk=person.pk)
    form = HandOnForm(held, people, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        with transaction.atomic():
            # Their own rows alone are locked, before the form reads who has them now.
            list(Action.objects.select_for_update().filter(pk__in=held.values("pk")))
            if form.is_valid():
                for action in form.cleaned_data["actions"]:
                    action.person, action.officer = form.cleaned_data["to"], ""
                    action.version += 1
                    action.save()
                    note = f"From {person} to {action.who}"
                    audit.record("hand on an action", action, by=request.user, note=note)
                number = len(form.cleaned_data["actions"])
                messages.success(
                    request, f"{number} action{'s' if number > 1 else ''} handed to {action.who}."
                )
                return redirect(board)
    restricted = held.filter(part=Part.RESTRICTED).exists()
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": f"Hand on the actions of {person}",
            "meta": str(board),
            "button": "Hand them on",
            "back": board.get_absolute_url(),
            "marking": Marking.SENSITIVE if restricted else Marking.OFFICIAL,
        },
        status=422 if form.errors else 200,
    )
