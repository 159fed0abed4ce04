"""Plain facts about a record, corrected in place: nothing somebody else saved is overwritten
without a word, and the audit trail is told what changed."""

import hashlib

from django import forms

from board.prose import ProseField


class FactsForm(forms.ModelForm):
    """Give it the row read under its lock. `base` stands for the facts that the page showed."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        facts = [(name, str(self.initial.get(name))) for name in self._meta.fields]
        self.initial["base"] = hashlib.sha256(repr(facts).encode()).hexdigest()

    def clean(self):
        data = super().clean()
        if data.get("base") != self.initial["base"]:
            differing = [name for name in self.changed_data if name in self._meta.fields]
            now = "; ".join(f"{self.fields[name].label}: {self.was(name)}" for name in differing)
            self.data = self.data.copy()
            self.data[self.add_prefix("base")] = self.initial["base"]
            raise forms.ValidationError(
                "Somebody else saved this while you were writing."
                + (f" Now on record: {now}." if now else "")
                + " Save again to put yours in its place.",
                code="stale",
            )
        return data

    @property
    def stale(self):
        return self.has_error("__all__", "stale")

    @property
    def changes(self):
        """What is about to change, for the trail: "Quorum: 3 to 4; Aim". Long texts by name."""
        said = []
        for name in self.changed_data:
            if name == "base":
                continue
            label = str(self.fields[name].label)
            if not isinstance(self._meta.model._meta.get_field(name), ProseField):
                label += f": {self.was(name)} to {self.word(name, self.cleaned_data[name])}"
            said.append(label)
        return "; ".join(said)

    def was(self, name):
        return self.word(name, self.initial.get(name))

    def word(self, name, value):
        if isinstance(value, bool):
            return "yes" if value else "no"
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value)) if value not in (None, "") else "nothing"
