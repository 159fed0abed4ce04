"""The page on which a board says what stands on each of its agendas."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from board import audit
from board.models import Board
from meetings.agenda import standing_items
from meetings.forms import StandingForm
from meetings.models import StandingItem
from meetings.permissions import can_plan_for

STALE = (
    "Somebody else changed these items while you were writing. Theirs are listed below yours; "
    "save again to put yours in their place."
)


def standing(request, slug):
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=slug)
    if not can_plan_for(request.user, board):
        raise PermissionDenied
    theirs = []
    if request.method == "POST":
        with transaction.atomic():
            Board.objects.select_for_update().get(pk=board.pk)
            form = StandingForm(standing_items(board), request.POST)
            if form.is_valid() and not form.stale:
                StandingItem.objects.filter(board=board).delete()
                rows = form.in_order()
                for row in rows:
                    row.board = board
                StandingItem.objects.bulk_create(rows)
                audit.record(
                    "change the standing items",
                    board,
                    by=request.user,
                    note=", ".join(str(row) for row in rows),
                )
                messages.success(request, "Saved. New meetings begin with these items.")
                return redirect("meetings:calendar")
        if form.is_valid() and form.stale:
            theirs = form.items
            form.add_error(None, STALE)
            form.data = form.data.copy()
            form.data["base"] = form.initial["base"]
    else:
        form = StandingForm(standing_items(board))
    has_errors = any(each.errors for each in form.forms)
    return render(
        request,
        "meetings/standing.html",
        {
            "board": board,
            "form": form,
            "forms": form.forms,
            "theirs": theirs,
            "has_errors": has_errors,
        },
        status=409 if theirs else 422 if has_errors else 200,
    )
