from django import forms
from django.utils import timezone

from board.fields import DayField
from meetings.models import OtherReference


class OtherReferenceForm(forms.ModelForm):
    """The number by which somebody else keeps an action."""

    class Meta:
        model = OtherReference
        fields = ["reference", "given_by", "since"]
        field_classes = {"since": DayField}
        labels = {"reference": "Number", "given_by": "Whose number it is", "since": "Since"}
        help_texts = {"reference": "As their list has it, such as OR4"}
        error_messages = {
            "reference": {"required": "Enter the number"},
            "given_by": {"required": "Enter whose number it is"},
            "since": {"required": "Enter since when"},
        }

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.action = action
        self.initial.setdefault("given_by", str(action.board.reports_to or ""))
        self.initial.setdefault("since", timezone.localdate())

    def clean(self):
        data = super().clean()
        same = self.instance.action.other_references.filter(
            reference=data.get("reference"), given_by=data.get("given_by"), since=data.get("since")
        )
        if same.exists():
            self.add_error("reference", "This number is noted already")
        return data
