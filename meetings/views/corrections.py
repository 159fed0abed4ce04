"""Corrections of circulated minutes, their versions, and why a part of an item is restricted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from board import audit
from board.confirm import confirm
from board.markings import Marking
from meetings.comparing import compare
from meetings.contents import minutes_paragraphs
from meetings.correcting import CORRECTION, correctable
from meetings.forms import CorrectionForm, GroundForm
from meetings.models import Circulation, Correction, Minutes, Note, Part
from meetings.permissions import can_propose_correction, can_read_notes
from meetings.saving import NotWritable, lock_minutes, may_be_written

from .agenda import item_of
from .meetings import kept_meeting, visible_meeting
from .minutes import readable_items


def visible_part(request, ref, part):
    """The minutes of one part, or 404."""
    meeting = visible_meeting(request, ref)
    rows = Minutes.objects.visible_to(request.user).defer("pdf", "text")
    minutes = get_object_or_404(rows, meeting=meeting, part=part)
    minutes.meeting = meeting
    return minutes


def marking_of(part):
    return Marking.SENSITIVE if part == Part.RESTRICTED else Marking.OFFICIAL


def correct(request, ref, part):
    """Propose a correction of the paragraph named in the address (?paragraph=3)."""
    minutes = visible_part(request, ref, part)
    if not can_propose_correction(request.user, minutes):
        raise PermissionDenied
    circulation = minutes.circulations.order_by("number").last()
    if circulation is None:
        raise Http404
    circulation.minutes = minutes
    entries = correctable(circulation.paragraphs, readable_items(request.user, minutes))
    asked = request.GET.get("paragraph", "").strip()
    entry = next((row for number, row in entries.items() if str(number) == asked), None)
    back = minutes.get_absolute_url()
    if entry is None:
        if entries:
            wrong = f"No paragraph here has the number “{asked[:20]}”: give" if asked else "Give"
            known = f"from {min(entries)} to {max(entries)}"
            messages.error(request, f"{wrong} the number of a paragraph, {known}.")
        else:
            messages.error(request, "These minutes have no paragraph that could be corrected.")
        return redirect(f"{back}#corrections-{part}")
    form = CorrectionForm(request.POST or None, circulation=circulation, entry=entry)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            correction = form.save(by=request.user, at=timezone.now())
            audit.record("propose a correction", correction, by=request.user)
        messages.success(request, "Your correction has gone to the secretary.")
        return redirect(correction)
    return render(
        request,
        "meetings/correct.html",
        {
            "form": form,
            "entry": entry,
            "minutes": minutes,
            "approved": minutes.approved_at_meeting_id is not None,
            "back": back,
            "marking": marking_of(part),
        },
        status=409 if form.is_bound and form.stale else 422 if form.errors else 200,
    )


def correction_verb(request, pk, verb):
    correction = get_object_or_404(
        Correction.objects.visible_to(request.user).select_related(
            "minutes__meeting__board", "minutes__approved_at_meeting"
        ),
        pk=pk,
    )
    return confirm(request, correction, CORRECTION, verb, back=correction.get_absolute_url())


def versions(request, ref, part):
    """Any two versions of the minutes, compared: ?before=1&after=2; the last two by themselves."""
    minutes = visible_part(request, ref, part)
    user = request.user
    kept = list(Circulation.objects.filter(minutes=minutes).select_related("kept_by"))
    if can_read_notes(user, minutes.meeting) and not minutes.paragraphs:
        kept.append(
            Circulation(
                number=len(kept) + 1,
                what="As it stands, not circulated",
                paragraphs=minutes_paragraphs(minutes.meeting, part),
            )
        )
    by_number = {str(row.number): row for row in kept}
    after = by_number.get(request.GET.get("after")) or (kept[-1] if kept else None)
    before = by_number.get(request.GET.get("before")) or (kept[-2] if len(kept) > 1 else None)
    changes = None
    if before and after:
        shown = readable_items(user, minutes)
        changes = compare(only(before.paragraphs, shown), only(after.paragraphs, shown))
    return render(
        request,
        "meetings/versions.html",
        {
            "minutes": minutes,
            "versions": kept,
            "before": before,
            "after": after,
            "changes": changes,
            "marking": marking_of(part),
        },
    )


def only(paragraphs, items):
    """The paragraphs of these agenda items; all for None."""
    frame, *rest = paragraphs
    return [frame, *(row for row in rest if items is None or row["item"] in items)]


def ground(request, ref, item):
    """Say on which ground a part of an item is restricted, while its minutes are a draft."""
    meeting = kept_meeting(request, ref)
    found = item_of(meeting, item)
    if not meeting.board.schedule_12a:
        raise Http404
    back = Minutes(meeting=meeting).get_absolute_url()
    if sentence := may_be_written(meeting, Part.BOARD):
        messages.error(request, sentence)
        return redirect(back)
    note = Note.objects.filter(item=found, part=Part.RESTRICTED).first()
    form = GroundForm(request.POST or None, instance=note)
    if request.method == "POST" and form.is_valid():
        try:
            save_ground(found, form.cleaned_data, by=request.user)
        except NotWritable as closed:
            messages.error(request, str(closed))
        else:
            messages.success(request, "Saved.")
        return redirect(back)
    return render(
        request,
        "meetings/form.html",
        {
            "form": form,
            "title": "Why a part is restricted",
            "meta": f"Item {found}",
            "button": "Save",
            "back": back,
        },
        status=422 if form.errors else 200,
    )


@transaction.atomic
def save_ground(item, data, *, by):
    lock_minutes(item.meeting, Part.BOARD)
    Note.objects.bulk_create([Note(item=item, part=Part.RESTRICTED)], ignore_conflicts=True)
    note = Note.objects.select_for_update().get(item=item, part=Part.RESTRICTED)
    note.withheld_paragraph = data["withheld_paragraph"]
    note.withheld_note = data["withheld_note"]
    note.save()
    audit.record("say why a part is restricted", note, by=by)
