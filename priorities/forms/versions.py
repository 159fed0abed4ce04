"""A form over a text that two people may have open at once, and what its page is told of a save."""

import datetime
import hashlib
import json

from django import forms
from django.utils import timezone

from board.beside import keep_beside, last_save
from board.fields import DayField


class VersionedForm(forms.ModelForm):
    """Carries the version it was opened at, and a print of what it showed.

    `stale` says that somebody saved other words since. A stale form in which nothing was
    typed (`untouched`) may be dropped in silence; any other shows both texts.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = False
        self.count_fields()

    def count_fields(self):
        """To be called again when fields were added or left out."""
        self.texts = [name for name in self.fields if name not in ("version", "seen")]
        self.prose = [
            name
            for name in self.texts
            if isinstance(self.fields[name].widget, (forms.Textarea, forms.TextInput))
        ]
        self.current = self.initial["version"] = self.current_version()

    def drop(self, *names):
        """Leave these fields out: they are not this person's to write."""
        for name in names:
            self.fields.pop(name, None)
        self.count_fields()

    def open(self):
        """To be called once what the page shows is settled: note what that was."""
        self.initial["seen"] = self.print_of(self.typed)
        return self

    def current_version(self):
        """The row's version, or where it has no such field a print of what it holds."""
        if self.instance.pk is None:
            return ""
        if hasattr(self.instance, "version"):
            return str(self.instance.version)
        return self.print_of(self.row)

    @property
    def stale(self):
        """Compares prints too: a save that left this form's words alone is no conflict."""
        return (
            self.is_bound
            and self["version"].value() != self.current
            and self["seen"].value() != self.print_of(self.row)
        )

    @property
    def row(self):
        """The values of the row as it was read."""
        return [self.get_initial_for_field(self.fields[name], name) for name in self.texts]

    @property
    def typed(self):
        values = [self[name].value() for name in self.texts]
        return [
            tuple(value) if isinstance(value, list) and self.is_day(name) else value
            for name, value in zip(self.texts, values, strict=True)
        ]

    def is_day(self, name):
        return isinstance(self.fields[name], DayField)

    @property
    def untouched(self):
        return self["seen"].value() == self.print_of(self.typed)

    @property
    def differs(self):
        """Whether there is anything to save: what was sent is not what the row holds."""
        return self.print_of(self.typed) != self.print_of(self.row)

    @property
    def overtaken(self):
        """Whether saving would overwrite another's words with words of its own."""
        return self.stale and self.differs and not self.untouched

    @property
    def unsaved(self):
        """Whether the page shows words that were sent and not stored, and asks for no choice."""
        return self.is_bound and self.differs and not self.conflict

    def keep_both(self):
        """Show the saved words beside the typed ones; saving again is then a choice."""
        self.conflict = True
        self.renew()

    def renew(self):
        """Let the bound form, shown again, carry the version of today."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = self.current_version()

    @property
    def differences(self):
        """[(bound field, the row's value)] where what was typed is not what the row holds."""
        rows = zip(self.texts, self.typed, self.row, strict=True)
        return [(self[name], saved) for name, typed, saved in rows if plain(typed) != plain(saved)]

    @property
    def theirs(self):
        """(label, saved words) where they differ from what was typed."""
        return [(field.label, shown(field.field, saved)) for field, saved in self.differences]

    def save(self, commit=True):
        if hasattr(self.instance, "version"):
            self.instance.version += 1
        self.initial |= {name: self.cleaned_data[name] for name in self.texts}
        return super().save(commit)

    @staticmethod
    def print_of(values):
        text = json.dumps([plain(value) for value in values])
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def shown(field, value):
    """A field's value as a person reads it: the words of the choices, not their codes."""
    if isinstance(value, datetime.date):
        return f"{value:%-d %B %Y}"
    if value is True:
        return "Yes"
    if isinstance(field, DayField) and isinstance(value, list):
        return " ".join(plain(tuple(value)))
    value = plain(value)
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    if isinstance(value, list):
        return ", ".join(labels.get(item, item) for item in value)
    return labels.get(value, value) if value else ""


def plain(value):
    """A field's value as the browser would send it back: a day is a tuple, in its order."""
    if value is None or value is False:
        return ""
    if isinstance(value, datetime.date):
        value = (value.day, value.month, value.year)
    if isinstance(value, tuple):
        return [str(box or "").strip() for box in value] if any(value) else ""
    if isinstance(value, (list, set)) or hasattr(value, "all"):
        return sorted(str(getattr(item, "pk", item)) for item in value)
    return str(value).replace("\r\n", "\n").strip()


def first_error(form):
    name, sentences = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}: {sentences[0]}" if label else sentences[0]


def hidden(forms):
    """Version and print to send next time. A form that was overtaken, but in which nothing was
    typed, keeps its own: the page still shows the old words there."""
    fields = {}
    for form in forms:
        if not (form.stale and form.differs):
            fields[form.add_prefix("version")] = form.current_version()
            fields[form.add_prefix("seen")] = form.print_of(form.typed)
    return fields


def both(forms, user):
    """What the page needs to show two texts; each form's words are kept beside its record.
    {fields, by, saved_at, kept_at, differences}; a difference is {name, label, text, yours,
    theirs, value}: both as read, and theirs as the box holds it."""
    differences, now = [], timezone.now()
    by, saved_at = last_save(next(form.instance for form in forms if form.overtaken))
    fields = {}
    for form in forms:
        fields |= {
            form.add_prefix("version"): form.current,
            form.add_prefix("seen"): form.print_of(form.row),
        }
        for field, value in form.differences:
            differences.append(
                {
                    "name": field.html_name,
                    "label": field.label,
                    "text": field.name in form.prose,
                    "yours": shown(field.field, field.value()),
                    "theirs": shown(field.field, value),
                    "value": plain(value),
                }
            )
        if form.differs:
            keep_beside(form.instance, by=user, at=now)
    return {
        "fields": fields,
        "by": by,
        "saved_at": clock(saved_at),
        "kept_at": clock(now),
        "differences": differences,
    }


def clock(moment):
    """The hour as a save is confirmed with it: "14:07"."""
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""
