"""The forms of reports: standard ones, and those that a board has written for its committee."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from board.models import Board
from reports.forms import LayoutForm, kept_boards
from reports.layouts import USUAL_HEADER
from reports.models import Layout
from reports.permissions import can_draft_reports, can_keep_words
from reports.views.doors import key_of


def layouts(request):
    if not can_draft_reports(request.user):
        raise PermissionDenied
    context = {
        "layouts": Layout.objects.visible_to(request.user).select_related("board"),
        "boards": kept_boards(request.user),
    }
    return render(request, "reports/layouts.html", context)


def new(request, board):
    """A form of the board's own; `?from=` names one to begin with."""
    board = get_object_or_404(Board.objects.visible_to(request.user), slug=board)
    if not can_keep_words(request.user, board):
        raise PermissionDenied
    model = request.GET.get("from", "")
    first = Layout.objects.visible_to(request.user).filter(pk=key_of(model))
    initial = first.values("header", "order", "lead_in", "marks").first()
    form = LayoutForm(
        request.POST or None,
        instance=Layout(board=board),
        initial=initial or {"header": USUAL_HEADER},
    )
    if request.method == "POST" and form.is_valid():
        return saved(request, form)
    return show(request, form, f"A new form for reports of the {board}")


def layout(request, pk):
    found = get_object_or_404(Layout.objects.visible_to(request.user), pk=pk)
    if found.board is None or not can_keep_words(request.user, found.board):
        raise PermissionDenied
    with transaction.atomic():
        if request.method == "POST":
            found = Layout.objects.select_for_update(of=("self",)).get(pk=pk)
        form = LayoutForm(request.POST or None, instance=found)
        if request.method == "POST" and form.is_valid():
            return saved(request, form)
    return show(request, form, f"Change “{found.name}”")


def saved(request, form):
    form.save()
    messages.success(request, "The form is saved. Drafts that have it follow at once.")
    return redirect("reports:layouts")


def show(request, form, title):
    context = {
        "form": form,
        "title": title,
        "button": "Save the form",
        "back": reverse("reports:layouts"),
    }
    return render(request, "meetings/form.html", context, status=422 if form.is_bound else 200)
