from django import forms

from board.fields import DayLineField
from meetings.models import Meeting
from priorities.models import Priority

from .meetings import TimeField, moment

REVIEW = "review"


class TogetherForm(forms.Form):
    """What the meetings that are planned at once have in common."""

    starts = TimeField(label="Start", error_messages={"required": "Enter when they start"})
    ends = TimeField(label="Are to end", error_messages={"required": "Enter when they are to end"})
    venue = forms.CharField(max_length=120, required=False)
    link = forms.URLField(
        label="Link for those who join remotely", required=False, assume_scheme="https"
    )

    def clean(self):
        data = super().clean()
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", "They must end after they start")
        return data


class ProposedForm(forms.Form):
    """One meeting of several: whether it is planned, its day and what it takes."""

    take = forms.BooleanField(label="Plan it", required=False, initial=True)
    day = DayLineField(label="Day", error_messages={"required": "Enter the day"})
    focus = forms.ChoiceField(label="Takes", required=False)

    def __init__(self, *args, board, priorities, **kwargs):
        super().__init__(*args, **kwargs)
        self.board = board
        self.priorities = {str(priority.pk): priority for priority in priorities}
        self.fields["focus"].choices = [
            ("", "No priority in particular"),
            *((pk, priority.name) for pk, priority in self.priorities.items()),
            *([(REVIEW, "Review of all priorities")] if priorities else []),
        ]
        self.fields["day"].widget.attrs["class"] = "govuk-input--width-10"

    def clean(self):
        data = super().clean()
        if not data.get("take"):
            self.errors.clear()  # a day that is not used need not be one
            return data
        day = data.get("day")
        on_that_day = Meeting.objects.filter(board=self.board, starts_at__date=day)
        if day and on_that_day.exclude(state__in=Meeting.CALLED_OFF).exists():
            self.add_error("day", f"{self.board} meets on {day:%-d %B %Y} already")
        return data

    def meeting(self, together):
        """The Meeting, not saved, at the times and place they have in common."""
        data, shared = self.cleaned_data, together.cleaned_data
        return Meeting(
            board=self.board,
            kind=(
                Meeting.Kind.WORKING_GROUP
                if self.board.kind == self.board.Kind.WORKING_GROUP
                else Meeting.Kind.ORDINARY
            ),
            starts_at=moment(data["day"], shared["starts"]),
            ends_at=moment(data["day"], shared["ends"]),
            venue=shared["venue"],
            link=shared["link"],
            focus_priority=self.priorities.get(data["focus"]),
            reviews_all=data["focus"] == REVIEW,
        )


def proposed_forms(board, proposals, data=None):
    """One ProposedForm for each Proposal, and the priorities they choose from."""
    priorities = list(Priority.objects.in_force().filter(board=board))
    return [
        ProposedForm(
            data,
            prefix=f"meeting-{number}",
            board=board,
            priorities=priorities,
            initial={
                "day": each.day,
                "focus": REVIEW if each.reviews_all else (each.focus.pk if each.focus else ""),
            },
        )
        for number, each in enumerate(proposals, 1)
    ]
