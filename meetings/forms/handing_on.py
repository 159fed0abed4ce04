from django import forms

from board.fields import RecordsField
from board.models import User
from meetings.models import Action


class HandOnForm(forms.Form):
    """Which of a person's actions go to whom. `people` are those of the board."""

    actions = RecordsField(
        Action.objects.none(),
        label="Actions",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose one action at least"},
    )
    to = forms.ModelChoiceField(
        User.objects.none(),
        label="Hand them to",
        required=False,
        empty_label="Officer to be confirmed",
        help_text="They keep their agency, their wording and their day.",
    )

    def __init__(self, actions, people, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actions"].queryset = actions
        self.fields["actions"].label_from_instance = told
        self.fields["to"].queryset = people
        self.fields["to"].label_from_instance = lambda person: person.named
        if not self.is_bound:
            self.initial["actions"] = list(actions)


def told(action):
    return f"{action.reference}: {action.wording}"
