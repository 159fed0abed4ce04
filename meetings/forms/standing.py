"""The standing items of a board, all on one page."""

import json

from django import forms

from board.text import digest
from meetings.models import AgendaItem, StandingItem

SPARE = 3
FIELDS = ("kind", "title", "purpose", "minutes_allotted")
Kind = AgendaItem.Kind
# What an agenda has once; the rest may stand on it more than once.
ONCE = (Kind.APOLOGIES, Kind.DECLARATIONS, Kind.MINUTES, Kind.MATTERS_ARISING, Kind.FOCUS)


class StandingItemForm(forms.Form):
    """One line. `place` says where it stands; a line without one is left out."""

    place = forms.IntegerField(
        min_value=1,
        max_value=99,
        required=False,
        widget=forms.NumberInput({"class": "govuk-input--width-2"}),
        error_messages={"min_value": "Give a place from 1 on, or none to leave it out"},
    )
    # What is decided between meetings comes onto an agenda by itself.
    kind = forms.ChoiceField(choices=[row for row in Kind.choices if row[0] != Kind.BETWEEN])
    title = forms.CharField(
        label="Title, if it is not that of its kind", max_length=160, required=False
    )
    purpose = forms.ChoiceField(choices=AgendaItem.Purpose)
    minutes_allotted = forms.IntegerField(
        label="Minutes",
        min_value=0,
        max_value=600,
        required=False,
        widget=forms.NumberInput({"class": "govuk-input--width-3"}),
    )

    def __init__(self, item, number, data=None):
        super().__init__(
            data,
            prefix=f"item-{number}",
            initial={"place": number if item else None}
            | {name: getattr(item, name, None) for name in FIELDS},
        )
        self.item = item
        if item is None:
            self.initial |= {"kind": Kind.OTHER, "purpose": AgendaItem.Purpose.NOTE}

    def clean(self):
        data = super().clean()
        if data.get("place") and data.get("kind") == Kind.OTHER and not data.get("title"):
            self.add_error("title", "Enter the title of the item")
        return data


class StandingForm(forms.Form):
    """All lines. `base` is the digest of the items that were on the page when it was opened: two
    people who change them at once do not undo each other's work unseen."""

    base = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, items, data=None):
        super().__init__(data, initial={"base": digest_of(items)})
        self.items = items
        lines = [*items, *[None] * SPARE]
        self.rows = [StandingItemForm(item, number, data) for number, item in enumerate(lines, 1)]

    @property
    def forms(self):
        return [self, *self.rows]

    def clean(self):
        data = super().clean()
        rows = [row for row in self.rows if row.is_valid() and row.cleaned_data["place"]]
        if not rows and all(row.is_valid() for row in self.rows):
            raise forms.ValidationError("Give at least one item its place.")
        kinds = [row.cleaned_data["kind"] for row in rows]
        for row in rows:
            if row.cleaned_data["kind"] in ONCE and kinds.count(row.cleaned_data["kind"]) > 1:
                row.add_error("kind", "Choose another kind: an agenda has this item once")
        return data

    def is_valid(self):
        valid = super().is_valid()
        return valid and all(row.is_valid() for row in self.rows)

    @property
    def stale(self):
        return self.is_bound and self.data.get("base") != digest_of(self.items)

    def in_order(self):
        """The items, not saved, numbered from 1; two with one place keep their order."""
        rows = [row for row in self.rows if row.cleaned_data["place"]]
        rows.sort(key=lambda row: row.cleaned_data["place"])
        return [
            StandingItem(number=number, **{name: row.cleaned_data[name] for name in FIELDS})
            for number, row in enumerate(rows, 1)
        ]


def digest_of(items):
    return digest(json.dumps([[getattr(item, name) for name in FIELDS] for item in items]))
