from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from board.asking import please
from board.text import validate_text


class NoteForm(forms.Form):
    """The reason, or other words, that go with a transition."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), validators=[validate_text])

    def __init__(self, transition, *args, **kwargs):
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.label = transition.asks
        note.required = transition.note == "required"
        note.error_messages["required"] = please("Enter", transition.asks) + "."
        if not transition.note:
            note.widget = forms.HiddenInput()

    def take_errors(self, error):
        """Show a ValidationError of `perform`: what is missing belongs to the record."""
        for field, sentences in getattr(error, "message_dict", {NON_FIELD_ERRORS: error}).items():
            own = field if field in self.fields else None
            for sentence in getattr(sentences, "messages", sentences):
                self.add_error(own, sentence)
