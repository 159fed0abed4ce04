"""A board's words: the short forms that its readers know, and how its drafts put things."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from board.models import Board
from reports.forms import GlossaryForm, PhrasesForm
from reports.models import Glossary
from reports.permissions import can_keep_words


def glossary(request, board):
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=board)
    if not can_keep_words(request.user, board):
        raise PermissionDenied
    if request.method == "POST":
        with transaction.atomic():
            # The board's row is there to be locked before its glossary is.
            Board.objects.select_for_update().get(pk=board.pk)
            form = GlossaryForm(request.POST, instance=glossary_of(board))
            if form.is_valid():
                form.save()
                messages.success(request, "The glossary is saved.")
                return redirect("reports:reports")
    else:
        form = GlossaryForm(instance=glossary_of(board))
    context = {
        "form": form,
        "title": f"Glossary of the {board}",
        "meta": "Short forms that readers know. The checks before issue name the others.",
        "button": "Save the glossary",
        "back": reverse("reports:reports"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "meetings/form.html", context, status=status)


def wording(request, board):
    """How this board's drafts put things. Two who save at once: the later one counts, and the
    history keeps the other."""
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=board)
    if not can_keep_words(request.user, board):
        raise PermissionDenied
    form = PhrasesForm(board, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, "The wording is saved. The next draft has it.")
        return redirect("reports:reports")
    context = {
        "form": form,
        "title": f"Wording of the {board}’s drafts",
        "meta": "A name in { } is filled in from the record. What stands in [ ] is left out where "
        "a name within it has nothing to say. Empty a box to have the usual wording back.",
        "button": "Save the wording",
        "back": reverse("reports:reports"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "meetings/form.html", context, status=status)


def glossary_of(board):
    return Glossary.objects.filter(board=board).first() or Glossary(board=board)
