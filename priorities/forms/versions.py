"""A form over a text that two people may have open at once."""

import datetime
import hashlib
import json

from django import forms


class VersionedForm(forms.ModelForm):
    """Carries the version it was opened at, and a print of what it showed.

    `stale` says that somebody saved since. A stale form in which nothing was changed
    (`untouched`) may be dropped in silence; any other shows both texts.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.texts = [name for name in self.fields if name not in ("version", "seen")]
        self.saved = {
            name: getattr(self.instance, name, "")
            for name in self.texts
            if isinstance(self.fields[name].widget, (forms.Textarea, forms.TextInput))
        }
        self.current = self.current_version()
        self.initial["version"] = self.current
        self.conflict = False

    def open(self):
        """To be called once what the page shows is settled: note what that was."""
        self.initial["seen"] = self.print_of(self[name].value() for name in self.texts)
        return self

    def current_version(self):
        """The row's version, or where it has no such field a print of its saved texts."""
        if self.instance.pk is None:
            return ""
        if hasattr(self.instance, "version"):
            return str(self.instance.version)
        return self.print_of(self.saved.values())

    @property
    def stale(self):
        return self.is_bound and self["version"].value() != self.current

    @property
    def untouched(self):
        shown = self.print_of(self[name].value() for name in self.texts)
        return self["seen"].value() == shown

    def keep_both(self):
        """Show the saved words beside the typed ones; saving again is then a choice."""
        self.conflict = True
        self.renew()

    def renew(self):
        """Let the bound form, shown again, carry the version of today."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = self.current_version()

    @property
    def theirs(self):
        """(label, saved words) where they differ from what was typed."""
        return [
            (self.fields[name].label, words)
            for name, words in self.saved.items()
            if plain(words) != plain(self[name].value())
        ]

    def save(self, commit=True):
        if hasattr(self.instance, "version"):
            self.instance.version += 1
        return super().save(commit)

    @staticmethod
    def print_of(values):
        text = json.dumps([plain(value) for value in values])
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def plain(value):
    """A field's value as the browser would send it back."""
    if value is None or value is False:
        return ""
    if isinstance(value, datetime.date):
        value = [value.day, value.month, value.year]
    if isinstance(value, (list, tuple, set)) or hasattr(value, "all"):
        return sorted(str(getattr(item, "pk", item)) for item in value)
    return str(value).replace("\r\n", "\n").strip()
