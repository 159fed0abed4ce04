"""The one screen on which a meeting is minuted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.beside import BESIDE
from board.text import clean, to_plain
from meetings.forms import DecisionForm, OrderForm, QuickActionForm, TimesForm
from meetings.minuting import minute_context, news_of, next_meeting_day
from meetings.models import Action, Decision, Note, Part
from meetings.models.actions import next_reference
from meetings.order import as_taken, sentence_of, take
from meetings.owners import Owners
from meetings.saving import (
    NotWritable,
    lock_minutes,
    may_be_written,
    save_note,
    save_working_notes,
)
from priorities.models import Learning

from .agenda import at_item, form_status, item_of
from .meetings import kept_meeting

WORKING = "working"


def minute(request, ref):
    meeting = kept_meeting(request, ref)
    if sentence := may_be_written(meeting):
        messages.error(request, sentence)
        return redirect(meeting)
    item = chosen_item(meeting, request.GET.get("item"))
    words = request.GET.get("find", "").strip()
    found = find(meeting, words) if words else []
    if len(found) == 1:
        return redirect(at_item(ref, found[0].pk))
    return minute_page(request, meeting, item, find=words, found=found)


def news(request, ref):
    """{news}: whether the page that asks for it is still as it was read."""
    return JsonResponse({"news": news_of(kept_meeting(request, ref))})


def find(meeting, words):
    """The items with this number, or with these words in title, minute, decision or action."""
    rows = meeting.items.order_by("number").prefetch_related("notes", "decisions", "actions")
    words = words.casefold()
    by_number = [row for row in rows if words in (str(row.number), str(row).casefold())]
    return by_number or [
        row
        for row in rows
        if any(
            words in text.casefold()
            for text in (
                row.title,
                *(note.text for note in row.notes.all()),
                *(decision.text for decision in row.decisions.all()),
                *(f"{action.reference} {action.wording}" for action in row.actions.all()),
            )
        )
    ]


def chosen_item(meeting, asked):
    """The item asked for, or the first that has nothing written under it, or the last."""
    items = as_taken(meeting.items.prefetch_related("notes", "decisions", "actions"))
    if not items:
        return None
    for item in items:
        if asked and str(item.pk) == asked:
            return item
    for item in items:
        written = any(note.text.strip() for note in item.notes.all())
        if not (written or item.decisions.all() or item.actions.all()):
            return item
    return items[-1]


def minute_page(
    request,
    meeting,
    item,
    *,
    decision=None,
    action=None,
    review=None,
    times=None,
    find="",
    found=(),
    status=200,
):
    """The screen with one item open; forms that were sent and are wrong replace the empty ones."""
    context = minute_context(request.user, meeting, item, review=review)
    context["decision_form"] = decision or DecisionForm(
        instance=Decision(item=item), prefix="decision"
    )
    context["action_form"] = action or action_form(
        meeting, Action(board=meeting.board), context["next_meeting"], initial=from_learning(item)
    )
    context["owners"] = context["action_form"].owners
    context |= {"find": find, "found": found}
    context["times"] = times or TimesForm(meeting=meeting)
    context["forms"] = [form for form in (decision, action, review, times) if form]
    return render(request, "meetings/minute.html", context, status=status)


def from_learning(item):
    """What the line for an action opens with under an item on what was learnt: what it means for
    us, and who follows it up. Once there is an action, the line is empty."""
    if item is None or not item.learning_id or item.actions.exists():
        return {}
    learning = item.learning
    owner = learning.follow_up_person or learning.follow_up_agency
    found = {"wording": " ".join(to_plain(learning.meaning).split()), "owner": str(owner or "")}
    if learning.follow_up_by and learning.follow_up_by >= item.meeting.day:
        found["due"] = f"{learning.follow_up_by:%-d %B %Y}"
    return {name: value for name, value in found.items() if value}


def action_form(meeting, action, next_meeting, data=None, initial=None):
    return QuickActionForm(
        data,
        initial=initial,
        instance=action,
        prefix="action",
        meeting=meeting,
        owners=Owners(meeting.board, meeting.day),
        next_meeting=next_meeting,
    )


@require_POST
def save(request, ref, item):
    """Save one box. 200 {version, saved_at, news}, 409 {yours, theirs, version, by, kept_at, news},
    or 422 {error}; the same as pages when the form was sent without JavaScript."""
    meeting = kept_meeting(request, ref)
    found = item_of(meeting, item)
    found.meeting = meeting
    part = request.POST.get("part", "")
    asked = request.headers.get("Accept") == "application/json"
    try:
        version = int(request.POST.get("version", ""))
        text = clean(request.POST.get("text", ""))
        if part == WORKING:
            answer = save_working_notes(found, text, version, by=request.user)
        elif part in Part.values:
            answer = save_note(found, part, text, version, by=request.user)
        else:
            raise Http404
    except ValueError:
        return refused(request, found, part, "This page is too old: open it again.", asked)
    except ValidationError as wrong:
        return refused(request, found, part, " ".join(wrong.messages), asked)
    except NotWritable as closed:
        return refused(request, found, part, str(closed), asked)
    if answer.accepted:
        if asked:
            return JsonResponse(
                {
                    "version": answer.version,
                    "saved_at": clock(answer.saved_at),
                    "news": news_of(meeting),
                }
            )
        return redirect_303(at_item(ref, item))
    if asked:
        return JsonResponse(
            {
                "yours": text,
                "theirs": answer.text,
                "version": answer.version,
                "by": answer.by,
                "saved_at": clock(answer.saved_at),
                "kept_at": clock(answer.kept_at),
                "news": news_of(meeting),
            },
            status=409,
        )
    return conflict_page(request, found, part, text, answer=answer, status=409)


def refused(request, item, part, sentence, asked):
    if asked:
        return JsonResponse({"error": sentence}, status=422)
    text = request.POST.get("text", "")
    return conflict_page(request, item, part, text, error=sentence, status=422)


def conflict_page(request, item, part, text, *, answer=None, error="", status):
    """What was typed, in its box still, with what is in the way."""
    return render(
        request,
        "meetings/minute_conflict.html",
        {
            "meeting": item.meeting,
            "item": item,
            "part": part,
            "text": text,
            "answer": answer,
            "error": error,
            "version": answer.version if answer else request.POST.get("version", ""),
            "back": at_item(item.meeting.ref, item.pk),
        },
        status=status,
    )


def redirect_303(url):
    response = redirect(url)
    response.status_code = 303
    return response


def clock(moment):
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def writable(request, ref, item):
    """(meeting, item) that can be minuted now; the item is None, with a message, otherwise."""
    meeting = kept_meeting(request, ref)
    found = item_of(meeting, item)
    found.meeting = meeting
    if sentence := may_be_written(meeting):
        messages.error(request, sentence)
        return meeting, None
    return meeting, found


@require_POST
def order(request, ref, item):
    """An item was taken before another one than its number says; the minutes say so."""
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    form = OrderForm(request.POST, item=found, items=as_taken(meeting.items.all()))
    if form.is_valid():
        with transaction.atomic():
            lock_minutes(meeting, Part.BOARD)
            take(found, form.before)
            said = sentence_of(meeting.items.all())
            audit.record("say when an item was taken", meeting, by=request.user, note=said)
        messages.success(request, said or "The items stand in the order of the agenda.")
    else:
        messages.error(request, "Nothing was changed: the agenda is another by now. Choose again.")
    return redirect_303(at_item(ref, item))


@require_POST
def decision_add(request, ref, item):
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    decision = Decision(item=found, priority=found.priority, threat=found.threat)
    form = DecisionForm(request.POST, instance=decision, prefix="decision")
    if not form.is_valid():
        return minute_page(request, meeting, found, decision=form, status=422)
    try:
        with transaction.atomic():
            lock_minutes(meeting, form.instance.part)
            form.save()
            audit.record("record a decision", decision, by=request.user)
    except NotWritable as closed:
        messages.error(request, str(closed))
    return redirect_303(at_item(ref, item))


def decision_edit(request, ref, item, decision):
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    asked = get_object_or_404(found.decisions, pk=decision)
    form = DecisionForm(instance=asked)
    if request.method == "POST":
        try:
            with transaction.atomic():
                lock_minutes(meeting, asked.part)
                row = Decision.objects.select_for_update().get(pk=decision)
                if "remove" in request.POST:
                    audit.record("remove a decision", row, by=request.user)
                    row.delete()
                    return redirect_303(at_item(ref, item))
                form = DecisionForm(request.POST, instance=row)
                if form.is_valid():
                    form.save()
                    audit.record("change a decision", row, by=request.user)
                    return redirect_303(at_item(ref, item))
        except NotWritable as closed:
            messages.error(request, str(closed))
            return redirect(meeting)
        except ProtectedError:
            messages.error(request, "It stays: a report was drafted from it.")
            return redirect_303(at_item(ref, item))
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": "Change the decision",
            "meta": found,
            "button": "Save",
            "remove": "Remove the decision",
            "back": at_item(ref, item),
        },
        status=form_status(form),
    )


@require_POST
def action_add(request, ref, item):
    meeting, found = writable(request, ref, item)
    if found is None:
        return redirect(meeting)
    action = Action(
        board=meeting.board,
        item=found,
        priority=found.priority,
        learning_id=found.learning_id,
        agreed_on=meeting.day,
    )
    form = action_form(meeting, action, next_meeting_day(meeting), request.POST)
    if not form.is_valid():
        return minute_page(request, meeting, found, action=form, status=422)
    try:
        with transaction.atomic():
            lock_minutes(meeting, form.instance.part)
            action = form.save(commit=False)
            action.original_wording, action.original_due = action.wording, action.due
            action.reference = next_reference(meeting.board, meeting.day.year)
            action.save()
            action.supporting.set(form.supporting)
            audit.record("raise", action, by=request.user)
            # The action log keeps it from here on.
            Learning.objects.filter(pk=found.learning_id, followed_up="").update(
                followed_up=f"It became action {action.reference}."
            )
    except NotWritable as closed:
        messages.error(request, str(closed))
        return redirect(meeting)
    messages.success(
        request,
        f"Action {action.reference} is recorded: {action.owner}, due {action.due:%-d %B %Y}.",
    )
    return redirect_303(at_item(ref, item))


def history(request, ref, item):
    """Every text that was ever in a note, the ones kept beside it too."""
    meeting = kept_meeting(request, ref)
    found = item_of(meeting, item)
    rows = (
        Note.history.model.objects.filter(item=found)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )
    return render(
        request,
        "meetings/note_history.html",
        {"meeting": meeting, "item": found, "rows": rows, "beside": BESIDE},
    )
