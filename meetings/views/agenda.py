from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from board import audit
from board.downloads import pdf_response
from board.markings import highest
from board.pdf import RenderError
from meetings import agenda, carrying
from meetings.documents import agenda_pdf
from meetings.forms import AgendaItemForm
from meetings.models import AgendaItem, Meeting
from meetings.transitions import PUBLISH
from priorities.models import EmergingThreat

from .meetings import agenda_shown, kept_meeting, visible_meeting

CLOSED = "This meeting's agenda can no longer be changed."
STEPS = {"up": -1, "down": 1}
STAND = (
    "Items keep their numbers from the start of a meeting on. Where they are minuted you can say "
    "in which order they were taken."
)


def build(request, ref):
    """The agenda in order, what can be put on it, and whether it fits the time."""
    meeting = kept_meeting(request, ref)
    items = list(agenda.with_sources(meeting))
    fits = agenda.timetable(meeting, items)
    threats = list(waiting_threats(request.user, meeting))
    return render(
        request,
        "meetings/agenda.html",
        {
            "meeting": meeting,
            "items": items,
            "fits": fits,
            "threats": threats,
            "left_over": carrying.left_over(meeting),
            "views": carrying.views_to_agree(meeting),
            "comes_in": agenda.comes_in(request.user, meeting),
            "numbers_stand": agenda.numbers_stand(meeting),
            "open": agenda.can_still_change(meeting),
            "publish": PUBLISH if PUBLISH.open_to(request.user, meeting) else None,
            "marking": highest([*threats, *(item.threat for item in items if item.threat_id)]),
        },
    )


def waiting_threats(user, meeting):
    """Threats that still wait for a meeting and are not on this agenda."""
    State = EmergingThreat.State
    return (
        EmergingThreat.objects.visible_to(user)
        .filter(
            board__in=[meeting.board_id, meeting.board.reports_to_id],
            state__in=[State.RAISED, State.DISCUSSED],
        )
        .exclude(pk__in=meeting.items.exclude(threat=None).values("threat"))
        .select_related("agency")
    )


def open_agenda(request, ref):
    """The meeting while its agenda may be changed; None, with a message, afterwards."""
    meeting = kept_meeting(request, ref)
    if agenda.can_still_change(meeting):
        return meeting
    messages.error(request, CLOSED)
    return None


def item_of(meeting, pk):
    return get_object_or_404(meeting.items, pk=pk)


def at_item(ref, item):
    """Where this item is minuted."""
    return f"{reverse('meetings:minute', args=[ref])}?item={item}#item-{item}"


def item_new(request, ref):
    meeting = open_agenda(request, ref)
    if meeting is None:
        return redirect("meetings:agenda", ref)
    form = AgendaItemForm(
        request.POST or None, instance=AgendaItem(meeting=meeting), meeting=meeting
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            item = agenda.insert(form.save(commit=False))
            audit.record("add an agenda item", item, by=request.user)
        messages.success(request, f"Item {item.number} is on the agenda.")
        if meeting.state == Meeting.State.IN_SESSION:
            return redirect(at_item(ref, item.pk))
        return redirect("meetings:agenda", ref)
    return item_page(request, meeting, form, "Add an item")


def item_edit(request, ref, item):
    meeting = open_agenda(request, ref)
    if meeting is None:
        return redirect("meetings:agenda", ref)
    item_of(meeting, item)
    if request.method != "POST":
        return item_page(
            request,
            meeting,
            AgendaItemForm(instance=item_of(meeting, item), meeting=meeting),
            "Change the item",
        )
    with transaction.atomic():
        row = AgendaItem.objects.select_for_update().get(pk=item)
        form = AgendaItemForm(request.POST, instance=row, meeting=meeting)
        if form.is_valid():
            form.save()
            audit.record("change an agenda item", row, by=request.user)
            messages.success(request, "Saved.")
            return redirect("meetings:agenda", ref)
    return item_page(request, meeting, form, "Change the item")


def item_page(request, meeting, form, title):
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": title,
            "meta": meeting,
            "button": "Save",
            "back": reverse("meetings:agenda", args=[meeting.ref]),
        },
        status=form_status(form),
    )


def form_status(form):
    """200 as asked for, 422 for what must be put right, 409 when somebody saved first."""
    if getattr(form, "stale", False):
        return 409
    return 422 if form.errors else 200


@require_POST
def item_move(request, ref, item, step):
    meeting = open_agenda(request, ref)
    if step not in (*STEPS, "to"):
        raise Http404
    if meeting:
        found = item_of(meeting, item)
        if agenda.numbers_stand(meeting):
            messages.error(request, STAND)
        elif agenda.move(found, place_asked(request, found, step)):
            audit.record("move an agenda item", found, by=request.user)
    return redirect(f"{reverse('meetings:agenda', args=[ref])}#{focus_after(meeting, item, step)}")


def focus_after(meeting, item, step):
    """The button that was pressed, where the item stands now; at either end the other one."""
    if meeting is None or step not in STEPS:
        return f"item-{item}"
    order = list(meeting.items.order_by("number").values_list("pk", flat=True))
    if item == order[0]:
        step = "down"
    elif item == order[-1]:
        step = "up"
    return f"{step}-{item}"


def place_asked(request, item, step):
    """The place, counted from 1: one up, one down, or the one the page names after a drag."""
    before = item.meeting.items.filter(number__lt=item.number).count() + 1
    if step in STEPS:
        return before + STEPS[step]
    try:
        return int(request.POST.get("place", ""))
    except ValueError:
        return before


@require_POST
def item_remove(request, ref, item):
    meeting = open_agenda(request, ref)
    if meeting:
        found = item_of(meeting, item)
        try:
            with transaction.atomic():
                audit.record("remove an agenda item", found, by=request.user)
                agenda.remove(found)
        except ProtectedError:
            messages.error(request, f"“{found.title}” stays: something was minuted under it.")
        else:
            messages.success(request, f"“{found.title}” is off the agenda.")
    return redirect("meetings:agenda", ref)


@require_POST
def threat_add(request, ref, threat):
    """Put a raised threat on the agenda with one press, after the standing item."""
    meeting = open_agenda(request, ref)
    if meeting:
        found = EmergingThreat.objects.visible_to(request.user).filter(
            board__in=[meeting.board_id, meeting.board.reports_to_id]
        )
        found = get_object_or_404(found.select_related("agency", "priority"), pk=threat)
        if meeting.items.filter(threat=found).exists():
            messages.error(request, "Nothing was changed: this threat is already on the agenda.")
        else:
            after = meeting.items.filter(kind=AgendaItem.Kind.THREATS).last()
            with transaction.atomic():
                item = agenda.insert(agenda.threat_item(meeting, found), after=after)
                audit.record("add an agenda item", item, by=request.user)
            messages.success(request, f"It is item {item.number}.")
    return redirect("meetings:agenda", ref)


@require_POST
def left_over_add(request, ref, item):
    """Put what an earlier meeting left over on the agenda with one press."""
    meeting = open_agenda(request, ref)
    if meeting:
        with transaction.atomic():
            Meeting.objects.select_for_update().get(pk=meeting.pk)
            source = carrying.left_over(meeting).filter(pk=item).first()
            if source is None:
                messages.error(request, "Nothing was changed: an agenda has taken this up.")
            else:
                added = carrying.take_up(source, meeting)
                audit.record("add an agenda item", added, by=request.user)
                messages.success(request, f"It is item {added.number}.")
    return redirect("meetings:agenda", ref)


@require_POST
def views_add(request, ref, earlier):
    """Ask this meeting to agree the views of one that had no quorum, with one press."""
    meeting = open_agenda(request, ref)
    if meeting:
        with transaction.atomic():
            Meeting.objects.select_for_update().get(pk=meeting.pk)
            waiting = carrying.views_to_agree(meeting)
            source = next((each for each in waiting if each.ref == earlier), None)
            if source is None:
                messages.error(request, "Nothing was changed: an agenda has taken this up.")
            else:
                added = carrying.take_up_views(source, meeting)
                audit.record("add an agenda item", added, by=request.user)
                messages.success(request, f"It is item {added.number}.")
    return redirect("meetings:agenda", ref)


def pdf(request, ref):
    meeting = visible_meeting(request, ref)
    if not agenda_shown(request.user, meeting):
        raise Http404
    try:
        data = agenda_pdf(meeting)
    except RenderError as failure:
        messages.error(request, str(failure))
        return redirect(meeting)
    return pdf_response(data, f"agenda-{meeting.ref}")
