"""The marking of a return and of each part, and the agencies that may read what is marked."""

from django import forms

from board.fields import RecordsField
from board.markings import Marking
from board.models import Agency
from board.text import validate_text

from .versions import VersionedForm

STALE = (
    "Somebody else changed the marking while you were looking. It is shown as it is now: choose "
    "again, and save."
)


class MarkingForm(forms.Form):
    """`records` are the return and its parts, read under their lock; `changed` are those whose
    marking, or whose readers, would be other than they are."""

    shared_with = RecordsField(
        Agency.objects.none(),
        label="Agencies that may read what is marked OFFICIAL-SENSITIVE",
        help_text="The secretary and the chair always may. Nobody else of the Board.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Say why the marking changes."},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data, *, records, agencies):
        super().__init__(data)
        self.records, whole = records, records[0]
        self.readers = set(whole.shared_with.all())
        self.fields["shared_with"].queryset = agencies
        self.initial["shared_with"] = self.readers
        for number, record in enumerate(records):
            self.fields[f"marking_{number}"] = forms.ChoiceField(
                label=str(record.priority) if number else "The Board’s two questions",
                choices=Marking.choices,
                initial=record.marking,
                widget=forms.RadioSelect({"class": "options--inline"}),
                error_messages={"required": "Choose a marking."},
            )
        self.order_fields([f"marking_{number}" for number in range(len(records))])
        self.initial["seen"] = VersionedForm.print_of(
            [*(record.marking for record in records), sorted(a.pk for a in self.readers)]
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") != self.initial["seen"]:
            self.data = {**self.data.dict(), "seen": self.initial["seen"]}
            for number, record in enumerate(self.records):
                self.data[f"marking_{number}"] = record.marking
            self.data["shared_with"] = [agency.pk for agency in self.readers]
            raise forms.ValidationError(STALE)
        if not self.errors and not self.changes and not self.readers_change:
            raise forms.ValidationError("Nothing is chosen otherwise than it is.")
        return cleaned

    @property
    def changes(self):
        """[(record, marking before, marking now)], of those that change."""
        markings = [self.cleaned_data[f"marking_{n}"] for n in range(len(self.records))]
        both = zip(self.records, markings, strict=True)
        return [(record, record.marking, now) for record, now in both if record.marking != now]

    @property
    def readers_change(self):
        """ "May read it before: …; now: …", or "" when the agencies named stay the same."""
        now = set(self.cleaned_data["shared_with"])
        if now == self.readers:
            return ""
        return f"May read it before: {names(self.readers)}; now: {names(now)}."


def names(agencies):
    return ", ".join(sorted(str(agency) for agency in agencies)) or "nobody named"
