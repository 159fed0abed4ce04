from django import forms

from meetings.models import Decision, Part

from .versioned import VersionedForm


class DecisionForm(VersionedForm):
    restricted = forms.BooleanField(label="Restricted part", required=False)

    class Meta:
        model = Decision
        fields = ["outcome", "text", "dissent"]
        help_texts = {"dissent": ""}
        labels = {"text": "Wording", "outcome": "Outcome", "dissent": "Dissent, if asked for"}
        widgets = {"text": forms.Textarea({"rows": 2})}
        error_messages = {"text": {"required": "Enter what was decided"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.prefix:  # on the minute screen: one line, which Enter sends
            self.fields["text"].widget = forms.TextInput()
        self.fields["restricted"].initial = self.instance.part == Part.RESTRICTED

    def clean_restricted(self):
        restricted = self.cleaned_data["restricted"]
        self.instance.part = Part.RESTRICTED if restricted else Part.BOARD
        return restricted
