from django import forms

from board.text import validate_text
from config.models import Notice


class OverTheHeadForm(forms.ModelForm):
    """A letter over a lead's head: to whom, and in which words.

    recipients  [(address, how the page names them)], at least one
    """

    class Meta:
        model = Notice
        fields = ["address", "text"]
        labels = {"address": "To", "text": "Letter"}
        widgets = {"text": forms.Textarea(attrs={"rows": 14})}

    def __init__(self, recipients, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"] = forms.ChoiceField(
            label="To",
            choices=recipients,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose to whom the letter goes."},
        )
        self.fields["text"].required = True
        self.fields["text"].validators.append(validate_text)
        self.fields["text"].error_messages["required"] = "Write the letter, or go back."
