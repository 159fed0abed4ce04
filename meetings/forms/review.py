from django import forms

from board.days import SpokenDayField
from meetings.models import Action, Review

Outcome = Review.Outcome
REASONS = {
    Outcome.NEW_DATE: "Enter why the day changes",
    Outcome.NOTED: "Enter where it stands",
    Outcome.ESCALATED: "Enter what the chair is asked to settle",
    Outcome.NOT_DONE: "Enter why it is not done",
}


class ReviewForm(forms.Form):
    """What is said of one earlier action. `version` is that of the action when it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Where it stands",
        choices=[("", "Not yet reviewed"), *Outcome.choices],
        error_messages={"required": "Choose where it stands"},
    )
    due = SpokenDayField(label="New date", required=False)
    note = forms.CharField(label="What was said", max_length=300, required=False)

    def __init__(self, data=None, *, action, day, next_meeting, choice=False):
        super().__init__(data, prefix=f"review-{action.pk}", initial={"version": action.version})
        self.action, self.day = action, day
        self.summary_label = action.reference
        self.fields["due"].reckon(day, next_meeting)
        if choice:
            self.fields["outcome"].choices = [
                ("", "Choose"),
                *((key, name) for key, name in Outcome.choices if key != Outcome.NOTED),
            ]

    def clean(self):
        data = super().clean()
        outcome, due, note = data.get("outcome"), data.get("due"), data.get("note")
        if data.get("version") != self.action.version:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = self.action.version
            raise forms.ValidationError(
                f"{self.action} was changed meanwhile; it is now due"
                f" {self.action.due:%-d %B %Y}. Say again where it stands."
            )
        if outcome == Outcome.NEW_DATE:
            if "due" not in self.errors and not due:
                self.add_error("due", "Enter the new date")
            elif due and due <= self.day:
                self.add_error("due", f"Give a day after the meeting, {self.day:%-d %B %Y}")
        elif due:
            self.add_error("due", "Choose “New date promised”, or leave the date empty")
        sentence = REASONS.get(outcome)
        if outcome == Outcome.DONE and self.action.state == Action.State.OPEN:
            sentence = "Enter what was done"
        if sentence and not note:
            self.add_error("note", sentence)
        return data
