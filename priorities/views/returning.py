"""Writing a return: the agency's whole round on one form, or a letter typed in by the secretary."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from board import audit
from board.workflow import WrongState
from priorities.forms.returns import STANDINGS
from priorities.models import AgencyReturn, Objective, Original, PriorityReturn, ReturnState
from priorities.permissions import can_draft_return, can_enter_return, can_mark_return
from priorities.sheet import Sheet

from .reading import note_reading
from .wordform import filled, read_upload


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
    slug, _, box = slug.partition(":")
    with transaction.atomic():
        sheet = Sheet(
            locked(agency_return),
            request.user,
            entering=entering,
            data=request.POST,
            files=request.FILES,
        )
        if act == "put-back":
            sheet.put_back(slug, box)
        if sheet.conflicts():
            sheet.is_valid()
            return show(request, sheet, status=409)
        if not sheet.is_valid():
            return show(request, sheet, status=422)
        part = sheet.part(slug)
        if slug and not sheet.section(slug):
            messages.error(request, "Nothing was changed: this part is no longer a draft.")
            return redirect(request.path)
        nothing = {part: act == "nothing"} if act in ("nothing", "undo") and part else None
        if entering and act == "read":
            answers = read_upload(sheet)
            if answers is None:
                return show(request, sheet, status=422)
            sheet.save(forms=[])
            keep_original(sheet)
            return show(request, filled(request, sheet, *answers))
        if entering:
            keep_original(sheet)
        sheet.save(nothing)
        try:
            done = carry_out(sheet, act, part)
        except WrongState as stale:
            messages.error(request, str(stale))
            return redirect(request.path)
    if done is None:
        return show(request, sheet, status=200 if sheet.asks else 422, slug=slug)
    if done:
        messages.success(request, done)
    if act not in ("save", "put-back", "nothing", "undo") and not still_drafts(agency_return):
        return redirect(agency_return)
    return redirect(f"{request.path}#{anchor(slug)}" if slug else request.path)


def locked(agency_return):
    """The return and its parts, read again under their lock: nobody saves between the check and
    the save."""
    whole = (
        AgencyReturn.objects.select_for_update(of=("self",))
        .select_related("round__board", "agency")
        .get(pk=agency_return.pk)
    )
    list(PriorityReturn.objects.select_for_update().filter(agency_return=whole))
    return whole


def still_drafts(agency_return):
    parts = agency_return.priority_returns.expected()
    return parts.filter(state=ReturnState.DRAFT).exists()


def anchor(section):
    return section if section == "questions" else f"priority-{section}"


# What the buttons of a submission say about parts that do not give their confidence.
UNJUDGED = {"submit": "ask", "still": "still", "unsaid": "unsaid"}


def carry_out(sheet, act, part):
    """Do what the button said; return the sentence for the next page, "" where the page itself
    says it, or None when it was not done."""
    if act in UNJUDGED and not sheet.entering:
        require(sheet.may_submit)
        parts = [part] if part else [part for part in sheet.parts if part.form]
        if not parts and not sheet.questions:
            return "Nothing was left to submit."
        if not sheet.submit(parts, questions=part is None, unjudged=UNJUDGED[act]):
            return failed(sheet)
        if part:
            return f"Submitted: {part.priority.name}."
        return "Submitted: the whole return. The secretary receives it next."
    if act == "enter" and sheet.entering:
        return "Entered as received." if sheet.enter() else failed(sheet)
    if act in ("nothing", "undo"):
        return ""
    if sheet.round.state != "open" and not sheet.entering:
        return (
            f"Saved, but the round for {sheet.round.title} is "
            f"{sheet.round.get_state_display().lower()}: send your words to the secretary, who "
            "can enter them."
        )
    return "" if act == "put-back" else "Saved as a draft."


def require(allowed):
    if not allowed:
        raise PermissionDenied


def failed(sheet):
    sheet.renew()
    return None


def keep_original(sheet):
    """The file in which the return came, if one was sent with the form."""
    form = sheet.entry
    if upload := form.cleaned_data["original"]:
        Original.objects.update_or_create(
            agency_return=sheet.agency_return,
            defaults={"name": upload.name, "content": form.content},
        )
        audit.record("keep the original", sheet.agency_return, by=sheet.user, note=upload.name)
        form.has_original = True


def counts(sheet):
    """[("no change", 5), …]: how the boxes stand, in that order."""
    found = Counter(box.standing for _, box in sheet.boxes)
    return [(name.lower(), found[name]) for name in STANDINGS if found[name]]


def show(request, sheet, status=200, slug=""):
    agency_return = sheet.agency_return
    shown = [agency_return, *sheet.parts, *sheet.before_parts.values()]
    marking = note_reading(request, agency_return, [*shown, sheet.before or agency_return])
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
            "still_to_answer": sheet.waiting,
            "asked_since": sheet.before.round.due if sheet.before else sheet.round.quarter_start,
            "objectives": Objective.objects.filter(
                owner=agency_return.agency_id,
                priority__in=[part.priority_id for part in sheet.parts],
            ).select_related("priority"),
            "conflict": any(form.conflict for form in sheet.versioned),
            "forms": sheet.all_forms,
            "has_errors": status != 200,
            "counts": counts(sheet),
            "priorities": [part.priority for part in sheet.parts if not part.lifted_on],
            "asks": sheet.asks,
            "asked_before": any(part.form.judged_before for part in sheet.asks),
            "asked_of": f":{slug}" if slug else "",
            "save_address": "priorities:return_entry_save"
            if sheet.entering
            else "priorities:return_save",
            "being_entered": bool(agency_return.entered_by_id)
            and not sheet.entering
            and not agency_return.was_entered(sheet.parts),
            "marking": marking,
            "may_mark": can_mark_return(request.user, agency_return),
            "days_late": agency_return.days_late() if sheet.round.state == "open" else 0,
            "round_open": sheet.round.state == "open",
            "page_back": reverse("priorities:return", args=[agency_return.pk]),
        },
        status=status,
    )
