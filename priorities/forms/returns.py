"""One agency's whole round on one form: the two questions, and a part for each priority."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from board.fields import DayField, RecordsField
from board.markings import Audience, Marking
from board.text import validate_text
from priorities.models import (
    AgencyReturn,
    Confidence,
    Direction,
    FourP,
    PriorityReturn,
    ReturnQuery,
)

from .versions import VersionedForm, plain

BOX = {"rows": 3}
STANDINGS = ("No change", "Edited", "Written", "To answer")


def inline(choices, label, **kwargs):
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.RadioSelect({"class": "options--inline"}),
        **kwargs,
    )


@dataclass(frozen=True)
class Box:
    """One text of the form beside what the agency said last quarter.

    before  last quarter's words, or "" where there are none
    needed  whether a return cannot be submitted without it
    """

    field: forms.BoundField
    before: str
    needed: bool

    @property
    def words(self):
        return plain(self.field.value())

    @property
    def unchanged(self):
        return bool(self.before) and self.words == plain(self.before)

    @property
    def folded(self):
        """Quoted, with the box behind "Edit"."""
        return self.unchanged and not self.field.errors

    @property
    def waits(self):
        return self.needed and not self.words

    @property
    def standing(self):
        """One of STANDINGS, or "" for an empty box that may stay empty."""
        if self.unchanged:
            return "No change"
        if self.words:
            return "Edited" if self.before else "Written"
        return "To answer" if self.needed else ""


class CarryingForm(VersionedForm):
    """Opens with last quarter's words where nothing has been saved yet this quarter.

    carries  fields that open with what they said last quarter
    needs    those of them that a return must answer
    """

    carries: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def carry(self, before):
        self.before = before
        if before is not None and not self.is_bound and not self.instance.version:
            for name in self.carries:
                if not getattr(self.instance, name):
                    self.initial[name] = getattr(before, name)

    @property
    def boxes(self):
        """{field: Box}, for the page."""
        return {
            name: Box(self[name], getattr(self.before, name, ""), name in self.needs)
            for name in self.carries
        }

    def put_back(self, name):
        """Take last quarter's words again for one box of a form that was sent."""
        if name in self.carries and self.before is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix(name)] = getattr(self.before, name)

    def clean_marking(self):
        return self.cleaned_data["marking"] or self.saved_marking

    def settle_marking(self, may_mark):
        """A letter is typed in with the marking that it bears; otherwise marking has a page of
        its own, and the fields are not there."""
        self.saved_marking = self.instance.marking
        if not may_mark:
            self.drop("marking", "shared_with")


class QuestionsForm(CarryingForm):
    carries = ("emerging_priorities", "new_information", "sharing_basis")
    needs = ("emerging_priorities", "new_information")
    period_from = DayField(label="Period covered: from", required=False)
    period_to = DayField(label="Period covered: to", required=False)
    marking = inline(Marking.choices, "Marking of these two answers")

    class Meta:
        model = AgencyReturn
        fields = [
            "emerging_priorities",
            "new_information",
            "period_from",
            "period_to",
            "sharing_basis",
            "marking",
            "shared_with",
        ]
        labels = {
            "emerging_priorities": "What are your emerging priorities?",
            "new_information": "How do you capture new information?",
            "sharing_basis": "Basis for sharing",
            "shared_with": "Agencies that may read what is marked OFFICIAL-SENSITIVE",
        }
        help_texts = {
            "shared_with": "The secretary and the chair always may. Nobody else of the Board.",
        }
        field_classes = {"shared_with": RecordsField}
        widgets = {
            "emerging_priorities": forms.Textarea(BOX),
            "new_information": forms.Textarea(BOX),
            "shared_with": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, may_mark, agencies, before=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.settle_marking(may_mark)
        if "shared_with" in self.fields:
            self.fields["shared_with"].queryset = agencies
        self.carry(before)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", "The period ends before it starts.")
        return cleaned


class PartForm(CarryingForm):
    carries = ("did", "emerging", "objectives_progress", "outcome", "barriers")
    needs = ("did", "emerging")
    strands = forms.MultipleChoiceField(
        label="Which of the 4 Ps",
        choices=FourP.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "options--inline"}),
    )
    confidence = inline(
        Confidence.choices,
        "How confident are you in your own work on this?",
    )
    direction = inline(Direction.choices, "Which way is it going?")
    marking = inline(Marking.choices, "Marking of this part")
    clear_for = forms.ChoiceField(
        label="When it is submitted, clear this text for",
        choices=[
            ("", "Nobody yet"),
            *((a.value, a.label) for a in Audience if a != Audience.AGENCIES),
        ],
        required=False,
    )

    class Meta:
        model = PriorityReturn
        fields = [
            "did",
            "emerging",
            "confidence",
            "confidence_because",
            "direction",
            "report_text",
            "objectives_progress",
            "outcome",
            "barriers",
            "marking",
        ]
        labels = {
            "did": "What we did",
            "emerging": "What is emerging",
            "confidence_because": "Because",
            "report_text": "Text for the report",
            "objectives_progress": "Progress on our objectives",
            "outcome": "Outcome and evidence",
            "barriers": "Barriers, and what we ask of the Board",
        }
        help_texts = {
            "report_text": "Two or three sentences anyone may read. They go nowhere until your "
            "agency clears them.",
        }
        widgets = {
            name: forms.Textarea(BOX)
            for name in ("did", "emerging", "report_text")
        } | {
            name: forms.Textarea({"rows": 2})
            for name in ("objectives_progress", "outcome", "barriers")
        }  # fmt: skip

    def __init__(self, *args, may_mark, may_submit, before=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["strands"] = [strand.value for strand in self.instance.strands]
        self.settle_marking(may_mark)
        # It is done when the part is submitted, and kept nowhere.
        self.texts.remove("clear_for")
        if not may_submit:
            self.drop("clear_for")
        self.carry(before)
        if before is not None and self.initial["did"] and not self.instance.did:
            self.initial["strands"] = [strand.value for strand in before.strands]

    @property
    def unjudged(self):
        """Whether neither this quarter's confidence was given nor anything asked of it."""
        return not (self.instance.nothing_to_report or self.instance.confidence)

    @property
    def judged_before(self):
        return bool(self.before and self.before.confidence)

    def judge_as_before(self):
        """Take over what the agency itself has just said is still so."""
        if self.unjudged and self.judged_before:
            part = PriorityReturn.objects.get(pk=self.instance.pk)
            part.confidence = self.before.confidence
            part.confidence_because = part.confidence_because or self.before.confidence_because
            part.direction = part.direction or self.before.direction
            part.version += 1
            part.save()

    @property
    def empty(self):
        """Whether nothing was written in it that could be entered."""
        part = self.instance
        return not (part.nothing_to_report or part.did.strip() or part.emerging.strip())

    def _post_clean(self):
        super()._post_clean()
        for strand in FourP:
            setattr(
                self.instance, strand.value, strand.value in self.cleaned_data.get("strands", ())
            )


class AnswerForm(VersionedForm):
    """What the agency answers to one query; it is sent when the part is submitted."""

    class Meta:
        model = ReturnQuery
        fields = ["answer"]
        labels = {"answer": "Your answer"}
        widgets = {"answer": forms.Textarea({"rows": 3})}


class LateForm(forms.Form):
    late_reason = forms.CharField(
        label="Why it is late",
        max_length=300,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 2}),
    )


def take_errors(error, forms_by_field, otherwise):
    """Put a ValidationError of `perform` on the forms that hold its fields, each sentence once.

    forms_by_field  {field name in the error: (form, its own name of that field)}
    otherwise       the form that shows what belongs to no field
    """
    for name, sentences in getattr(
        error, "message_dict", {NON_FIELD_ERRORS: error.messages}
    ).items():
        form, own = forms_by_field.get(name, (otherwise, None))
        shown = form.errors.get(own or NON_FIELD_ERRORS, [])
        for sentence in sentences:
            if sentence not in shown:
                form.add_error(own, sentence)
