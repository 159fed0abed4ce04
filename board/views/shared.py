"""How the secretary's forms are shown, kept and guarded."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render

from board.models import Agency, Board
from board.permissions import can_keep_agency, can_keep_board


def posted(request):
    return request.POST if request.method == "POST" else None


def visible_board(request, slug):
    return get_object_or_404(
        Board.objects.visible_to(request.user).select_related("reports_to"), slug=slug
    )


def kept_board(request, slug):
    board = visible_board(request, slug)
    if not can_keep_board(request.user, board):
        raise PermissionDenied
    return board


def kept_agency(request, slug):
    agency = get_object_or_404(Agency.objects.visible_to(request.user), slug=slug)
    if not can_keep_agency(request.user, agency.seats.current().values_list("board", flat=True)):
        raise PermissionDenied
    return agency


def keep(request, form, save, *, title, about, to=None, template="board/form.html", **context):
    """Show one form, and save it: `save` runs in one transaction with its audit event, and
    returns the sentence that tells what was done. Then back to the page of `to`, or `about`."""
    to = to or about
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = save()
        except IntegrityError:
            form.add_error(None, "Somebody saved the same a moment ago. Look at the page again.")
        else:
            messages.success(request, done)
            return redirect(to)
    context |= {"form": form, "title": title, "about": about, "to": to}
    return render(request, template, context, status=422 if form.is_bound else 200)
