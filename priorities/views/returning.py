"""Writing a return: the agency's whole round on one form, or a letter typed in by the secretary."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from board import audit
from board.models import Agency
from board.transitions import CLEAR_VERBS
from board.workflow import WrongState, perform
from priorities.forms.returns import (
    AnswerForm,
    EntryForm,
    LateForm,
    PartForm,
    QuestionsForm,
    take_errors,
)
from priorities.models import AgencyReturn, Objective, Original, PriorityReturn, ReturnState
from priorities.permissions import (
    can_draft_return,
    can_enter_return,
    can_mark_return,
    can_submit_return,
)
from priorities.transitions import ENTER, ENTER_PART, PART_CLEARANCE, SUBMIT, SUBMIT_PART

from .reading import note_reading

CLEAR = {row.verb: row for row in PART_CLEARANCE}
DRAFT = ReturnState.DRAFT


class Sheet:
    """The forms on the page: the two questions, a part for each priority, answers, the rest.

    What is no longer a draft has no form and is shown as it stands.
    """

    def __init__(self, agency_return, user, *, entering, data=None, files=None):
        self.agency_return, self.user, self.entering = agency_return, user, entering
        self.round = agency_return.round
        self.may_submit = not entering and can_submit_return(user, agency_return)
        self.may_mark = entering or can_mark_return(user, agency_return)
        self.is_late = bool(self.round.days_late()) and self.round.state == "open"
        before, before_parts = (None, {}) if entering else last_quarter(agency_return)
        self.before = before
        self.questions = None
        if agency_return.state == DRAFT:
            agencies = (
                Agency.objects.filter(seats__in=self.round.board.seats.current())
                .exclude(pk=agency_return.agency_id)
                .distinct()
            )
            self.questions = QuestionsForm(
                data,
                instance=agency_return,
                may_mark=self.may_mark,
                agencies=agencies,
                before=before,
            )
        self.parts = list(agency_return.priority_returns.select_related("priority"))
        self.queries = list(agency_return.queries.select_related("raised_by", "answered_by"))
        self.part_forms = []
        for part in self.parts:
            part.agency_return = agency_return
            part.asked = [query for query in self.queries if query.priority_return_id == part.pk]
            part.form = None
            if part.state == DRAFT and not part.lifted_on:
                part.form = PartForm(
                    data,
                    instance=part,
                    prefix=part.priority.slug,
                    may_mark=self.may_mark,
                    may_submit=self.may_submit,
                    before=before_parts.get(part.priority_id),
                )
                self.part_forms.append(part.form)
        for query in self.queries:
            query.form = None
            if query.answered_at is None and not entering and self._is_draft(query):
                query.form = AnswerForm(data, instance=query, prefix=f"query-{query.pk}")
        self.asked = [query for query in self.queries if query.priority_return_id is None]
        self.answer_forms = [query.form for query in self.queries if query.form]
        self.late_form = LateForm(data) if self.is_late and self.may_submit else None
        self.entry = None
        if entering:
            self.entry = EntryForm(
                data,
                files,
                initial={"sender": agency_return.sender, "sent_on": agency_return.sent_on},
                today=timezone.localdate(),
                has_original=Original.objects.filter(pk=agency_return.pk).exists(),
            )
        if data is None:
            for form in self.versioned:
                form.open()
        self.marks = {record: marking_of(record) for record in (agency_return, *self.parts)}

    def _is_draft(self, query):
        records = {part.pk: part for part in self.parts}
        record = records.get(query.priority_return_id, self.agency_return)
        return record.state == DRAFT and not getattr(record, "lifted_on", None)

    @property
    def versioned(self):
        return [form for form in (self.questions, *self.part_forms) if form]

    @property
    def all_forms(self):
        """In the order of the page, for the error summary."""
        forms = [self.entry, self.questions, *(query.form for query in self.asked)]
        for part in self.parts:
            forms += [part.form, *(query.form for query in part.asked)]
        return [form for form in (*forms, self.late_form) if form]

    def is_valid(self):
        return all([form.is_valid() for form in self.all_forms])

    def conflicts(self):
        """Stale forms with words of their own, made to show both texts. A stale form in which
        nothing was typed is left out of what is saved."""
        found = [form for form in self.versioned if form.stale and not form.untouched]
        for form in found:
            form.keep_both()
        return found

    def save(self, nothing=None):
        """Save every form as a draft. `nothing` is {part: whether it has nothing to report}."""
        for form in self.versioned:
            if form.differs and not form.stale:
                form.save()
        for part, flag in (nothing or {}).items():
            part.refresh_from_db()
            part.nothing_to_report = flag
            part.version += 1
            part.save()
        for form in self.answer_forms:
            if form.has_changed():
                form.save()
        for record, before in self.marks.items():
            after = marking_of(record)
            if after != before:
                audit.record(
                    "change the marking", record, by=self.user, before=before[0], after=after[0],
                    note=f"May read it before: {before[1] or 'nobody named'}; "
                    f"now: {after[1] or 'nobody named'}." if before[1] != after[1] else "",
                )  # fmt: skip

    def renew(self):
        for form in self.versioned:
            form.renew()

    def submit(self, parts, questions=False):
        """Submit these parts and clear their texts as chosen; True when all of it went through.

        All or nothing: the errors are put on the forms and what was done is undone.
        """
        with transaction.atomic():
            note = self.late_form.cleaned_data["late_reason"] if self.late_form else ""
            wanted = {part.pk for part in parts} | ({None} if questions or parts else set())
            for query in self.queries:
                if query.form and query.priority_return_id in wanted and query.answer.strip():
                    query.answered_at, query.answered_by = timezone.now(), self.user
                    query.save()
            done = [self._try(SUBMIT, self.agency_return, note)] if self._questions_wait() else []
            done += [self._submit_part(part, note) for part in parts]
            if not all(done):
                transaction.set_rollback(True)
        return all(done)

    def _questions_wait(self):
        return self.questions is not None and self.agency_return.state == DRAFT

    def _submit_part(self, part, note):
        if not self._try(SUBMIT_PART, part, note):
            return False
        audience = part.form.cleaned_data.get("clear_for")
        if audience and not part.form.cleaned_data["report_text"]:
            part.form.add_error("report_text", "Write the text that is to be cleared.")
            return False
        return not audience or self._try(CLEAR[CLEAR_VERBS[audience]], part, "")

    def enter(self):
        """Enter as received what was typed; True when it went through."""
        written = [part for part in self.parts if part.form and not part.form.empty]
        with transaction.atomic():
            if not written:
                self.entry.add_error(None, "Type what the agency wrote on one priority at least.")
            done = bool(written) and all([self._try(ENTER_PART, part, "") for part in written])
            if not done:
                transaction.set_rollback(True)
        return done

    def _try(self, transition, record, note):
        try:
            perform(transition, record, by=self.user, note=note)
        except ValidationError as missing:
            self._take(missing, record)
            return False
        return True

    def _take(self, error, record):
        """Show an error of a transition at the box that mends it."""
        part_form = getattr(record, "form", None)
        places = {}
        if self.questions:
            places |= {name: (self.questions, name) for name in self.questions.fields}
        if part_form:
            places |= {name: (part_form, name) for name in part_form.fields}
        if self.late_form:
            places["note"] = (self.late_form, "late_reason")
        asked = getattr(record, "asked", self.asked)
        if waiting := [query.form for query in asked if query.form and not query.answer.strip()]:
            places["query"] = (waiting[0], "answer")
        take_errors(error, places, part_form or self.questions or self.entry)


def marking_of(record):
    """(marking, names of the agencies that may then read it)."""
    if isinstance(record, AgencyReturn):
        return record.marking, ", ".join(a.name for a in record.shared_with.all())
    return record.marking, ""


def last_quarter(agency_return):
    """(the agency's return of the quarter before or None, its parts by priority id)."""
    round = agency_return.round
    before = (
        AgencyReturn.objects.filter(
            agency=agency_return.agency_id,
            round__board=round.board_id,
            round__quarter_end=round.quarter_start - datetime.timedelta(days=1),
        )
        .select_related("round")
        .first()
    )
    if before is None:
        return None, {}
    return before, {part.priority_id: part for part in before.priority_returns.all()}


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
        agency_return=agency_return, state=DRAFT, lifted_on=None
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
