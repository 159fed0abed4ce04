"""Writing a return: the agency's whole round on one form, or a letter typed in by the secretary."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from board import audit
from board.workflow import WrongState
from priorities.models import AgencyReturn, Objective, Original, PriorityReturn, ReturnState
from priorities.permissions import can_draft_return, can_enter_return
from priorities.sheet import Sheet

from .reading import note_reading


def edit_return(request, pk):
    agency_return = get_object_or_404(
        AgencyReturn.objects.visible_to(request.user).select_related("round__board", "agency"),
        pk=pk,
    )
    if not can_draft_return(request.user, agency_return):
        raise PermissionDenied
    return write(request, agency_return, entering=False)


def enter_return(request, pk):
    agency_return = get_object_or_404(
        AgencyReturn.objects.visible_to(request.user).select_related("round__board", "agency"),
        pk=pk,
    )
    if not can_enter_return(request.user, agency_return):
        raise PermissionDenied
    return write(request, agency_return, entering=True)


def write(request, agency_return, *, entering):
    if request.method != "POST":
        sheet = Sheet(agency_return, request.user, entering=entering)
        return show(request, sheet)
    act, _, slug = request.POST.get("act", "save").partition(":")
    with transaction.atomic():
        # The rows are read again under their lock: nobody saves between the check and the save.
        locked = (
            AgencyReturn.objects.select_for_update(of=("self",))
            .select_related("round__board", "agency")
            .get(pk=agency_return.pk)
        )
        list(PriorityReturn.objects.select_for_update().filter(agency_return=locked))
        sheet = Sheet(
            locked, request.user, entering=entering, data=request.POST, files=request.FILES
        )
        if sheet.conflicts():
            sheet.is_valid()
            return show(request, sheet, status=409)
        if not sheet.is_valid():
            return show(request, sheet, status=422)
        part = next((part for part in sheet.parts if part.priority.slug == slug), None)
        if slug and (part is None or part.form is None):
            messages.error(request, "Nothing was changed: this part is no longer a draft.")
            return redirect(request.path)
        nothing = {part: act == "nothing"} if act in ("nothing", "undo") and part else None
        if entering:
            keep_letter(sheet)
        sheet.save(nothing)
        try:
            done = carry_out(sheet, act, part)
        except WrongState as stale:
            messages.error(request, str(stale))
            return redirect(request.path)
    if done is None:
        return show(request, sheet, status=422)
    messages.success(request, done)
    still_draft = PriorityReturn.objects.filter(
        agency_return=agency_return, state=ReturnState.DRAFT, lifted_on=None
    ).exists()
    if act in ("enter", "submit-all") or not still_draft:
        return redirect(agency_return)
    return redirect(f"{request.path}#priority-{slug}" if slug else request.path)


def carry_out(sheet, act, part):
    """Do what the button said; return the sentence for the next page, or None when it failed."""
    if act == "submit" and not sheet.entering:
        require(sheet.may_submit)
        name = part.priority.name if part else sheet.agency_return
        return f"Submitted: {name}." if sheet.submit([part] if part else []) else failed(sheet)
    if act == "submit-all" and not sheet.entering:
        require(sheet.may_submit)
        parts = [part for part in sheet.parts if part.form]
        if not parts and not sheet.questions:
            return "Nothing was left to submit."
        return "Submitted: the whole return." if sheet.submit(parts, True) else failed(sheet)
    if act == "enter" and sheet.entering:
        return "Entered as received." if sheet.enter() else failed(sheet)
    if act == "nothing":
        return (
            f"Nothing to report on {part.priority.name.lower()}. It counts as your answer once "
            "it is submitted; until then you can undo it."
        )
    if act == "undo":
        return f"Undone: you can write on {part.priority.name.lower()} again."
    if sheet.round.state != "open" and not sheet.entering:
        return (
            f"Saved, but the round for {sheet.round.title} is "
            f"{sheet.round.get_state_display().lower()}: send your words to the secretary, who "
            "can enter them."
        )
    return "Saved as a draft."


def require(allowed):
    if not allowed:
        raise PermissionDenied


def failed(sheet):
    sheet.renew()
    return None


def keep_letter(sheet):
    agency_return, form = sheet.agency_return, sheet.entry
    agency_return.sender = form.cleaned_data["sender"]
    agency_return.sent_on = form.cleaned_data["sent_on"]
    agency_return.entered_at, agency_return.entered_by = timezone.now(), sheet.user
    agency_return.save(update_fields=["sender", "sent_on", "entered_at", "entered_by"])
    upload = form.cleaned_data["original"]
    if upload:
        Original.objects.update_or_create(
            agency_return=agency_return, defaults={"name": upload.name, "content": form.content}
        )
        audit.record("keep the original", agency_return, by=sheet.user, note=upload.name)
        form.has_original = True


def show(request, sheet, status=200):
    agency_return = sheet.agency_return
    marking = note_reading(request, agency_return, [agency_return, *sheet.parts])
    waiting = [part for part in sheet.parts if part.form]
    return render(
        request,
        "priorities/return_form.html",
        {
            "sheet": sheet,
            "agency_return": agency_return,
            "round": sheet.round,
            "agency": agency_return.agency,
            "parts": sheet.parts,
            "waiting": waiting,
            "objectives": Objective.objects.filter(
                owner=agency_return.agency_id,
                priority__in=[part.priority_id for part in sheet.parts],
            ).select_related("priority"),
            "conflict": any(form.conflict for form in sheet.versioned),
            "forms": sheet.all_forms,
            "has_errors": status != 200,
            "marking": marking,
            "days_late": sheet.round.days_late() if sheet.round.state == "open" else 0,
            "round_open": sheet.round.state == "open",
            "page_back": reverse("priorities:return", args=[agency_return.pk]),
        },
        status=status,
    )
