"""The sheet that an agency fills in: every form of one return, saved and submitted together."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from board import audit
from board.models import Agency
from board.transitions import CLEAR_VERBS
from board.workflow import perform
from priorities.forms.entry import EntryForm
from priorities.forms.returns import (
    AnswerForm,
    LateForm,
    PartForm,
    QuestionsForm,
    take_errors,
)
from priorities.models import AgencyReturn, Original, ReturnState
from priorities.permissions import can_submit_return
from priorities.transitions import ENTER_PART, PART_CLEARANCE, SUBMIT, SUBMIT_PART

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
        # Parts whose confidence was left as it is when they were to be submitted.
        self.asks = []
        self.is_late = bool(agency_return.days_late()) and self.round.state == "open"
        before, before_parts = (None, {}) if entering else last_quarter(agency_return)
        self.before, self.before_parts = before, before_parts
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
                may_mark=entering,
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
                    may_mark=entering,
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
                instance=agency_return,
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
        forms = (self.entry, self.questions, *self.part_forms, *self.answer_forms)
        return [form for form in forms if form]

    def section(self, name):
        """The forms that save themselves together: "questions", a priority's slug, or while
        entering "letter". Empty when nothing is to be written there any more."""
        if name == "letter" and self.entry:
            return [self.entry]
        if name == "questions":
            form, asked = self.questions, self.asked
        else:
            part = self.part(name)
            form, asked = (part.form, part.asked) if part else (None, [])
        return [form, *(query.form for query in asked if query.form)] if form else []

    def part(self, slug):
        return next((part for part in self.parts if part.priority.slug == slug), None)

    def put_back(self, section, name):
        """Last quarter's words again in one box of what was sent."""
        for form in self.section(section)[:1]:
            form.put_back(name)

    @property
    def boxes(self):
        """[(what is asked, its Box)] of what must be answered before all can be submitted."""
        forms = [] if self.questions is None else [(None, self.questions)]
        forms += [(p, p.form) for p in self.parts if p.form and not p.nothing_to_report]
        return [(part, box) for part, form in forms for box in form.boxes.values() if box.needed]

    @property
    def waiting(self):
        return [(part, box) for part, box in self.boxes if box.waits]

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
        found = [form for form in self.versioned if form.overtaken]
        for form in found:
            form.keep_both()
        return found

    def save(self, nothing=None, forms=None):
        """Save these forms, or every one, as drafts. `nothing` is {part: whether it has nothing
        to report}."""
        if self.entering and not self.agency_return.entered_by_id:
            self._sign_entry()
        for form in self.versioned if forms is None else forms:
            if form.differs and not form.stale:
                form.save()
        for part, flag in (nothing or {}).items():
            part.refresh_from_db()
            part.nothing_to_report = flag
            part.version += 1
            part.save()
        for record, before in self.marks.items():
            after = marking_of(record)
            if after != before:
                audit.record(
                    "change the marking", record, by=self.user, before=before[0], after=after[0],
                    note=f"May read it before: {before[1] or 'nobody named'}; "
                    f"now: {after[1] or 'nobody named'}." if before[1] != after[1] else "",
                )  # fmt: skip

    def _sign_entry(self):
        self.agency_return.entered_at, self.agency_return.entered_by = timezone.now(), self.user
        self.agency_return.save(update_fields=["entered_at", "entered_by"])

    def renew(self):
        for form in self.versioned:
            form.renew()

    def submit(self, parts, questions=False, unjudged="ask"):
        """Submit these parts and clear their texts as chosen; True when all of it went through.

        All or nothing: the errors are put on the forms and what was done is undone. Confidence
        is never carried over in silence:

        unjudged  what to do with parts that do not say it: "ask" (nothing is submitted, and
                  `asks` holds them), "still" as last quarter, or "unsaid"
        """
        with transaction.atomic():
            note = self.late_form.cleaned_data["late_reason"] if self.late_form else ""
            wanted = {part.pk for part in parts} | ({None} if questions or parts else set())
            for query in self.queries:
                if query.form and query.priority_return_id in wanted and query.answer.strip():
                    query.answered_at, query.answered_by = timezone.now(), self.user
                    query.save()
            if unjudged == "still":
                for part in parts:
                    part.form.judge_as_before()
            done = [self._try(SUBMIT, self.agency_return, note)] if self._questions_wait() else []
            done += [self._submit_part(part, note) for part in parts]
            if all(done) and unjudged == "ask":
                self.asks = [part for part in parts if part.form.unjudged]
            if self.asks or not all(done):
                transaction.set_rollback(True)
        return all(done) and not self.asks

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
            self._sign_entry()
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
    """(the agency's return of the quarter before or None, by priority id the parts of it that
    were submitted)."""
    round = agency_return.round
    before = AgencyReturn.objects.of_the_quarter_before(round).filter(
        agency=agency_return.agency_id
    )
    before = before.select_related("round").first()
    if before is None:
        return None, {}
    parts = before.priority_returns.answered()
    return before, {part.priority_id: part for part in parts}
