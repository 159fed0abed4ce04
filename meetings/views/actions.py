from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from board import audit
from board.confirm import acts, confirm
from board.markings import Marking
from board.sheets import csv_response, xlsx_response
from board.text import to_plain
from meetings.agenda import people_of
from meetings.filters import ActionFilter
from meetings.forms import ActionForm, OtherReferenceForm
from meetings.models import Action, Part, Promise
from meetings.permissions import can_keep_action
from meetings.transitions import ACTION

from .agenda import form_status

A_PAGE = 50

DONE = {
    "propose-complete": "Proposed. The secretary confirms it, or says what is missing.",
}


def filtered(request):
    found = ActionFilter(request.GET, user=request.user)
    return found, found.qs.prefetch_related("promises", "other_references")


def actions(request):
    """The action log. Not complete unless the address asks for others."""
    filters, rows = filtered(request)
    today = timezone.localdate()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    for action in page:
        action.late = action.days_late(today)
        action.days = action.age(today)
    visible = Action.objects.visible_to(request.user)
    late = visible.overdue().order_by("due").values_list("due", flat=True)
    overdue = list(late)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "meetings/actions.html",
        {
            "filter": filters,
            "page": page,
            "query": query.urlencode(),
            "not_complete": visible.open().count(),
            "overdue": len(overdue),
            "longest": (today - overdue[0]).days if overdue else 0,
            "proposed": visible.filter(state=Action.State.PROPOSED).count(),
            "today": today,
            "marking": marking_of(page),
        },
    )


def actions_csv(request):
    """The same rows as the page shows, all of them, for a spreadsheet."""
    _, rows = filtered(request)
    return csv_response("actions", log_rows(rows))


def actions_xlsx(request):
    """The same as a workbook, whose numbers and days sort."""
    _, rows = filtered(request)
    rows = list(rows)
    return xlsx_response(
        "actions",
        log_rows(rows),
        title=f"Actions as at {timezone.localdate():%-d %B %Y}",
        marking=marking_of(rows),
    )


HEADING = (
    "Reference",
    "Other numbers",
    "Action, as first agreed",
    "Action, as it stands",
    "Owner",
    "Person",
    "Priority",
    "Agreed on",
    "First due",
    "Due",
    "Days late",
    "Age in days",
    "Carried over",
    "Dates promised",
    "State",
)


def log_rows(actions):
    """The heading and a row for each action: texts, whole numbers and days."""
    today = timezone.localdate()
    lines = [
        (
            action.reference,
            "; ".join(str(other) for other in action.other_references.all()),
            to_plain(action.original_wording),
            to_plain(action.wording),
            action.owner,
            action.holder,
            str(action.priority or "All"),
            action.agreed_on,
            action.original_due,
            action.due,
            action.days_late(today),
            action.age(today),
            action.carried_over,
            ", ".join(str(day) for day in action.days_promised),
            action.get_state_display(),
        )
        for action in actions
    ]
    return [HEADING, *lines]


def marking_of(actions):
    if any(action.part == Part.RESTRICTED for action in actions):
        return Marking.SENSITIVE
    return Marking.OFFICIAL


def visible_action(request, pk):
    rows = Action.objects.visible_to(request.user).with_carry_overs().with_holders()
    return get_object_or_404(
        rows.select_related(
            "board", "agency", "person", "priority", "objective", "item__meeting__board"
        ),
        pk=pk,
    )


def action(request, pk):
    found = visible_action(request, pk)
    today = timezone.localdate()
    history = list(found.history.select_related("history_user").order_by("history_date"))
    reviews = list(
        found.reviews.visible_to(request.user)
        .select_related("meeting__board", "item")
        .order_by("meeting__starts_at", "made_at", "pk")
    )
    return render(
        request,
        "meetings/action.html",
        {
            "action": found,
            "late": found.days_late(today),
            "age": found.age(today),
            "promises": promises_of(found, reviews),
            "reviews": reviews,
            "supporting": found.supporting.all(),
            "wordings": earlier_wordings(history),
            "acts": acts(ACTION, request.user, found, "meetings:action_verb"),
            "other_references": found.other_references.all(),
            "keeps": can_keep_action(request.user, found),
            "may_edit": can_keep_action(request.user, found) and found.not_done,
            "marking": marking_of([found]),
        },
    )


def promises_of(action, reviews):
    """The dates promised, oldest first. What a meeting said with one stays out while its minutes
    are a draft, but for those who may read them: `reviews` are those this person sees."""
    drafts = action.reviews.in_draft().exclude(pk__in=[review.pk for review in reviews])
    untold = set(drafts.values_list("made_at", flat=True))
    promises = list(action.promises.select_related("made_by"))
    for promise in promises:
        if promise.made_at in untold:
            promise.note = ""
    return promises


def earlier_wordings(history):
    """Each wording it had after the first, with its day and who wrote it, oldest first."""
    found, last = [], None
    for row in history:
        if last is not None and row.wording != last:
            found.append(row)
        last = row.wording
    return found


def edit(request, pk):
    found = visible_action(request, pk)
    if not can_keep_action(request.user, found):
        raise PermissionDenied
    if not found.not_done:
        messages.error(request, f"This action is {found.get_state_display().lower()}.")
        return redirect(found)
    day = timezone.localdate()
    people = people_of(found.board, day)
    form = ActionForm(instance=found, day=day, people=people)
    if request.method == "POST":
        with transaction.atomic():
            row = Action.objects.select_for_update(of=("self",)).select_related("board").get(pk=pk)
            form = ActionForm(request.POST, instance=row, day=day, people=people)
            if row.not_done and form.is_valid():
                form.save()
                if form.new_day:
                    Promise.objects.create(
                        action=row,
                        due=form.new_day,
                        note=form.cleaned_data["promise_note"],
                        made_at=timezone.now(),
                        made_by=request.user,
                    )
                audit.record("change an action", row, by=request.user)
                messages.success(request, "Saved.")
                return redirect(row)
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": f"Change action {found.reference}",
            "meta": f"First agreed: {to_plain(found.original_wording)}"
            f" – by {found.original_due:%-d %B %Y}",
            "people": people,
            "button": "Save",
            "back": found.get_absolute_url(),
        },
        status=form_status(form),
    )


def verb(request, pk, verb):
    found = visible_action(request, pk)
    return confirm(
        request, found, ACTION, verb, back=found.get_absolute_url(), done=DONE.get(verb, "")
    )


def number_add(request, pk):
    """Note the number by which a committee keeps this action; its own reference stays."""
    found = visible_action(request, pk)
    if not can_keep_action(request.user, found):
        raise PermissionDenied
    form = OtherReferenceForm(request.POST or None, action=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            other = form.save()
            audit.record("note another number", found, by=request.user, note=str(other))
        messages.success(request, f"It is now found as {other.reference} too.")
        return redirect(found)
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": f"Another number of {found.reference}",
            "meta": "The action stays one record under its own reference, and is found by both.",
            "button": "Save",
            "back": found.get_absolute_url(),
            "marking": marking_of([found]),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def number_remove(request, pk, other):
    found = visible_action(request, pk)
    if not can_keep_action(request.user, found):
        raise PermissionDenied
    row = get_object_or_404(found.other_references, pk=other)
    with transaction.atomic():
        audit.record("remove another number", found, by=request.user, note=str(row))
        row.delete()
    messages.success(request, "Removed.")
    return redirect(found)
