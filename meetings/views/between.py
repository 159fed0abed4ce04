"""Decisions between meetings: a question put in writing, its replies, and the chair's action."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.confirm import acts, confirm
from meetings.between import BETWEEN, asked_seats, seats_for
from meetings.forms import BetweenForm, ReplyForm
from meetings.models import BetweenMeetings, Reply
from meetings.permissions import can_keep_between, can_seek_decision
from meetings.question_letters import ask


def visible_question(request, pk):
    rows = BetweenMeetings.objects.visible_to(request.user).select_related(
        "board", "priority", "opened_by", "closed_by", "decision__item__meeting__board"
    )
    return get_object_or_404(rows, pk=pk)


def new(request):
    if not can_seek_decision(request.user):
        raise PermissionDenied
    form = BetweenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            question = form.save(commit=False)
            question.opened_at, question.opened_by = timezone.now(), request.user
            question.save()
            ask(question, question.opened_at)
            audit.record("seek a decision between meetings", question, by=request.user)
        messages.success(
            request,
            "The question is put to the members, and goes by e-mail to whoever may reply."
            if question.written
            else "It is written down; it is not taken until you record it below.",
        )
        return redirect(question)
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": "Decide between meetings",
            "meta": "Members see it at once, and the next meeting has it on its agenda by itself. "
            "A question goes by e-mail to whoever may reply: nothing in it may be sensitive.",
            "button": "Put it",
            "back": "/meetings/decisions/",
        },
        status=422 if form.errors else 200,
    )


def question(request, pk):
    return question_page(request, visible_question(request, pk))


def question_page(request, found, form=None, status=200):
    replies = list(found.replies.select_related("seat__agency", "given_by"))
    given = {reply.seat_id: reply for reply in replies}
    rows = [(seat, given.get(seat.pk)) for seat in asked_seats(found)] if found.written else []
    return render(
        request,
        "meetings/between.html",
        {
            "question": found,
            "rows": rows,
            "form": form or reply_form(request, found),
            "acts": acts(BETWEEN, request.user, found, "meetings:between_verb"),
            "today": timezone.localdate(),
            "letters": list(found.letters.select_related("person", "settled_by"))
            if found.written and can_keep_between(request.user, found)
            else [],
        },
        status=status,
    )


def reply_form(request, found, data=None, instance=None):
    """The form for whoever may reply, or None."""
    if not (found.written and found.is_open):
        return None
    asked = asked_seats(found)
    own = set(
        seats_for(request.user).filter(pk__in=asked.values("pk")).values_list("pk", flat=True)
    )
    seats = asked if can_keep_between(request.user, found) else asked.filter(pk__in=own)
    if not seats:
        return None
    return ReplyForm(data, instance=instance, seats=seats, own=own)


@require_POST
def reply(request, pk):
    found = visible_question(request, pk)
    with transaction.atomic():
        locked = BetweenMeetings.objects.select_for_update().get(pk=found.pk)
        if not (locked.written and locked.is_open):
            messages.error(request, "Nothing was changed: no more replies are taken.")
            return redirect(found)
        form = reply_form(request, found, request.POST)
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            given = form.cleaned_data
            row, _ = Reply.objects.update_or_create(
                question=locked,
                seat=given["seat"],
                defaults={
                    "answer": given["answer"],
                    "comment": given["comment"],
                    "sender": given.get("sender", ""),
                    "given_at": timezone.now(),
                    "given_by": request.user,
                },
            )
            audit.record("reply", locked, by=request.user, note=str(row))
            messages.success(request, f"The reply of {row.seat.agency} is recorded.")
            return redirect(found)
    return question_page(request, found, form, status=422)


def verb(request, pk, verb):
    found = visible_question(request, pk)
    return confirm(request, found, BETWEEN, verb, back=found.get_absolute_url())
