"""How the secretary's forms are shown, kept and guarded."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render

from board import audit
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


def keep(
    request,
    form,
    save,
    *,
    title,
    about,
    to=None,
    then=None,
    template="board/form.html",
    **context,
):
    """Show one form, and save it: `save` runs in one transaction with its audit event, and
    returns the sentence that tells what was done. `then` runs after the commit and returns
    another, or nothing. Last, back to the page of `to`, or `about`."""
    to = to or about
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = save()
        except IntegrityError:
            form.add_error(None, "Somebody saved the same a moment ago. Look at the page again.")
        else:
            messages.success(request, " ".join(filter(None, (done, then() if then else ""))))
            return redirect(to)
    context |= {"form": form, "title": title, "about": about, "to": to}
    return render(request, template, context, status=422 if form.is_bound else 200)


def correct(request, record, make_form, *, act, title, about, to, trail=None, **context):
    """Correct the facts of one record with a FactsForm, on the row read under its lock.

    make_form  (instance=, data=None) -> the form
    trail      what the event is about; the record when none is given
    """
    if request.method == "POST":
        with transaction.atomic():
            locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
            form = make_form(instance=locked, data=request.POST)
            if form.is_valid():
                if form.changes:
                    saved = form.save()
                    audit.record(act, trail or saved, by=request.user, note=form.changes)
                messages.success(
                    request, "Saved." if form.changes else "Saved: nothing was different."
                )
                return redirect(to)
        status = 409 if form.stale else 422
    else:
        form, status = make_form(instance=record), 200
    context |= {"form": form, "title": title, "about": about, "to": to}
    return render(request, "board/form.html", context, status=status)
