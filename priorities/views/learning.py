from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.confirm import acts, confirm
from board.waiting import days_late
from priorities.forms.records import FollowUpForm, LearningForm, LinkFormSet
from priorities.models import Learning
from priorities.permissions import can_edit_learning, can_follow_up, can_keep_learning
from priorities.transitions import LEARNING_CLEARANCE

from .plan import edit, form_page

PEOPLE = ("agency", "follow_up_agency", "follow_up_person")


def learning_list(request):
    visible = Learning.objects.visible_to(request.user)
    visible = visible.select_related(*PEOPLE).prefetch_related("priorities")
    return render(
        request,
        "priorities/learning_list.html",
        {
            "page": Paginator(visible, 50).get_page(request.GET.get("page")),
            "may_add": can_keep_learning(request.user),
        },
    )


def new_learning(request):
    if not can_keep_learning(request.user):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = LearningForm(data, user=request.user)
    links = LinkFormSet(data, instance=form.instance)
    if request.method == "POST" and all([form.is_valid(), links.is_valid()]):
        with transaction.atomic():
            learning = form.save()
            links.save()
            audit.record("record learning", learning, by=request.user)
        messages.success(request, "Recorded.")
        return redirect(learning)
    return form_page(request, form, title="Record learning", button="Record it", formset=links)


def get_learning(request, pk):
    visible = Learning.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related(*PEOPLE, "board", "cleared_by"), pk=pk)


def learning(request, pk):
    learning = get_learning(request, pk)
    return render(
        request,
        "priorities/learning.html",
        {
            "learning": learning,
            "links": learning.links.all(),
            "priorities": learning.priorities.all(),
            "may_edit": can_edit_learning(request.user, learning),
            "may_follow_up": learning.follow_up_by and can_follow_up(request.user, learning),
            "late": days_late(learning.follow_up_by, timezone.localdate()),
            "acts": acts(LEARNING_CLEARANCE, request.user, learning, "priorities:learning_verb"),
        },
    )


def edit_learning(request, pk):
    learning = get_learning(request, pk)
    if not can_edit_learning(request.user, learning):
        raise PermissionDenied
    return edit(
        request,
        learning,
        lambda record, data: LearningForm(data, instance=record, user=request.user),
        title=f"Edit: {learning.title}",
        act="edit learning",
        formset=lambda record, data: LinkFormSet(data, instance=record),
    )


def follow_up(request, pk):
    """What came of it, by whoever follows it up."""
    learning = get_learning(request, pk)
    if not can_follow_up(request.user, learning):
        raise PermissionDenied
    return edit(
        request,
        learning,
        lambda record, data: FollowUpForm(data, instance=record),
        title=f"What came of it: {learning.title}",
        act="follow up learning",
    )


def move_learning(request, pk, verb):
    learning = get_learning(request, pk)
    return confirm(request, learning, LEARNING_CLEARANCE, verb, back=learning.get_absolute_url())
