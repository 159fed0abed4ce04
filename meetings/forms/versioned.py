from django import forms
from django.core.exceptions import ValidationError

STALE = (
    "Somebody else saved this while you were writing. Their words are shown beside yours; "
    "save again to keep yours."
)


class VersionedForm(forms.ModelForm):
    """A form that does not overwrite what was saved after it was opened.

    Give it the row read under its lock. When the versions differ, the form is invalid, `theirs`
    is a list of (label, their text), and the fresh version makes saving again a choice.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    theirs = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    @property
    def stale(self):
        return bool(self.theirs)

    def clean(self):
        data = super().clean()
        if self.instance.pk and data.get("version") != self._stored_version:
            self.theirs = [
                (self.fields[name].label, self.initial[name])
                for name in self.changed_data
                if name in self._meta.fields and self.initial.get(name)
            ] or [("Version", "The same words")]
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = self._stored_version
            raise ValidationError(STALE, code="stale")
        return data

    @property
    def _stored_version(self):
        return self.initial["version"]

    def save(self, commit=True):
        self.instance.version += 1
        return super().save(commit)
