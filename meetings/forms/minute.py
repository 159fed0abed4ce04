from django import forms

from board.days import SpokenDayField
from meetings.models import Action, Decision, Part

from .versioned import VersionedForm


class OrderForm(forms.Form):
    """When an item was taken: before another one, or after all of them. `before` is that item,
    or None.

    items  of the meeting, in the order in which they were taken
    """

    LAST = "last"

    def __init__(self, data=None, *, item, items):
        super().__init__(data, prefix="order")
        others = [row for row in items if row.pk != item.pk]
        self.others = {str(row.pk): row for row in others}
        choices = [(key, f"Before item {row.number}") for key, row in self.others.items()]
        if others:
            choices.append((self.LAST, f"After item {others[-1].number}"))
        following = items[items.index(item) + 1 :]
        self.fields["before"] = forms.ChoiceField(
            label="This item was taken",
            choices=choices,
            initial=str(following[0].pk) if following else self.LAST,
            error_messages={"required": "Choose when it was taken"},
        )

    @property
    def before(self):
        return self.others.get(self.cleaned_data["before"])


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


class QuickActionForm(VersionedForm):
    """An action in one line, typed while it is agreed: what, who owns it, who does it, by when.

    owners        meetings.owners.Owners of the meeting
    next_meeting  the day of the next one, or None
    """

    owner = forms.CharField(
        label="Owner", max_length=200, error_messages={"required": "Enter who owns it"}
    )
    who = forms.CharField(label="Person", max_length=120, required=False)
    due = SpokenDayField(label="Due", error_messages={"required": "Enter the day it is due"})
    restricted = forms.BooleanField(label="Restricted part", required=False)

    class Meta:
        model = Action
        fields = ["wording", "due"]
        labels = {"wording": "What is to be done"}
        widgets = {"wording": forms.TextInput}
        error_messages = {"wording": {"required": "Enter what is to be done"}}

    def __init__(self, *args, meeting, owners, next_meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting, self.owners = meeting, owners
        self.fields["due"].reckon(meeting.day, next_meeting)
        if next_meeting and not self.initial.get("due"):
            self.initial["due"] = "next meeting"
        for name, suggestions in (("owner", "owners"), ("who", "people")):
            self.fields[name].widget.attrs |= {"list": suggestions, "autocomplete": "off"}

    def clean_owner(self):
        lead, person, self.supporting = self.owners.lead_and_support(self.cleaned_data["owner"])
        self.instance.agency, self.instance.board_owns = lead, lead is None
        self.instance.person = person
        return self.cleaned_data["owner"]

    def clean_who(self):
        if who := self.cleaned_data["who"].strip():
            self.instance.person = self.owners.person(who)
            self.instance.officer = "" if self.instance.person else who
        return who

    def clean_due(self):
        due, day = self.cleaned_data["due"], self.meeting.day
        if due < day:
            raise forms.ValidationError(
                f"Give a day that is not before the meeting, {day:%-d %B %Y}"
            )
        return due

    def clean_restricted(self):
        restricted = self.cleaned_data["restricted"]
        self.instance.part = Part.RESTRICTED if restricted else Part.BOARD
        return restricted
