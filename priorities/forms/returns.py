"""One agency's whole round on one form: the two questions, and a part for each priority."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from board.fields import DayField
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

from .versions import VersionedForm

BOX = {"rows": 3}


def inline(choices, label, **kwargs):
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.RadioSelect({"class": "options--inline"}),
        **kwargs,
    )


class CarryingForm(VersionedForm):
    """Opens with last quarter's words where nothing has been saved yet this quarter."""

    carries = ()

    def carry(self, before):
        self.carried = set()
        if before is not None and not self.is_bound and not self.instance.version:
            for name in self.carries:
                if not getattr(self.instance, name) and getattr(before, name):
                    self.initial[name] = getattr(before, name)
                    self.carried.add(name)
        return self

    def clean_marking(self):
        return self.cleaned_data["marking"] or self.saved_marking

    def settle_marking(self, may_mark):
        """Only the originator changes a marking: for others the field is not there."""
        self.saved_marking = self.instance.marking
        if not may_mark:
            self.drop("marking", "shared_with")


class QuestionsForm(CarryingForm):
    carries = ("emerging_priorities", "new_information", "sharing_basis")
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
        self.before = before
        self.initial["strands"] = [strand.value for strand in self.instance.strands]
        self.settle_marking(may_mark)
        if not may_submit:
            self.drop("clear_for")
        self.carry(before)
        if "did" in self.carried:
            self.initial["strands"] = [strand.value for strand in before.strands]

    @property
    def empty(self):
        """Whether nothing was written in it that could be entered."""
        part = self.instance
        return not (part.nothing_to_report or part.did.strip() or part.emerging.strip())

    def save(self, commit=True):
        for strand in FourP:
            setattr(self.instance, strand.value, strand.value in self.cleaned_data["strands"])
        return super().save(commit)


class AnswerForm(forms.ModelForm):
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


class EntryForm(forms.Form):
    """What the secretary writes down about a letter or an e-mail that is typed in."""

    sender = forms.CharField(
        label="Sent by",
        max_length=120,
        help_text="The post and agency, as in “Partnership inspector, City police”.",
        error_messages={"required": "Say who sent this return."},
    )
    sent_on = DayField(label="Sent on", error_messages={"required": "Give the day it was sent."})
    original = forms.FileField(
        label="The letter or e-mail itself",
        required=False,
        max_length=120,
        help_text="PDF, Word, OpenDocument, e-mail (.eml, .msg), text or picture; up to 5 MB.",
    )

    def __init__(self, *args, today, has_original, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.has_original = today, has_original
        if has_original:
            self.fields["original"].label = "Another file instead of the one kept"

    def clean_sent_on(self):
        day = self.cleaned_data["sent_on"]
        if day and day > self.today:
            raise forms.ValidationError("The day it was sent cannot lie ahead.")
        return day

    def clean_original(self):
        upload = self.cleaned_data["original"]
        if upload is None:
            if not self.has_original:
                raise forms.ValidationError("Choose the file in which the return came.")
            return None
        if upload.size > 5_000_000:
            raise forms.ValidationError("This file is over 5 MB: choose a smaller one.")
        self.content = upload.read()
        if not is_what_it_says(upload.name, self.content):
            raise forms.ValidationError(
                "This is not a PDF, Word, OpenDocument, e-mail, text or picture file, "
                "or its name says something else."
            )
        return upload


BEGINNINGS = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "msg": b"\xd0\xcf\x11\xe0",
    "doc": b"\xd0\xcf\x11\xe0",
    "png": b"\x89PNG",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
}


def is_what_it_says(name, content):
    """Whether the bytes are of the kind that the file's name promises."""
    kind = name.rpartition(".")[2].lower()
    if kind in ("txt", "eml"):
        return b"\x00" not in content
    return kind in BEGINNINGS and content.startswith(BEGINNINGS[kind])


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
