from django import forms

from board.fields import DayField
from board.models import Agency, Board
from board.text import validate_text
from priorities.models import Priority, Round, quarter_of


def quarters_around(day, start_month):
    """(first day, last day) of the last, the present and the next four quarters."""
    first, _ = quarter_of(day, start_month)
    quarters = []
    for step in range(-1, 5):
        months = first.year * 12 + first.month - 1 + 3 * step
        quarters.append(quarter_of(first.replace(months // 12, months % 12 + 1), start_month))
    return quarters


class RoundForm(forms.ModelForm):
    """A round that is planned: for which board and quarter, and by when."""

    board = forms.ModelChoiceField(Board.objects.none(), label="Board", empty_label=None)
    quarter = forms.ChoiceField(label="Quarter")
    due = DayField(
        label="Due",
        help_text="The day by which returns are asked for.",
        error_messages={"required": "Give the day by which returns are due."},
    )

    class Meta:
        model = Round
        fields = ["due"]

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        boards = Board.objects.filter(pk__in=user.roles.kept, kind=Board.Kind.BOARD)
        self.fields["board"].queryset = boards
        spans = {
            span for board in boards for span in quarters_around(today, board.quarter_start_month)
        }
        self.spans = {f"{first:%Y-%m}": (first, last) for first, last in sorted(spans)}
        self.fields["quarter"].choices = [
            (key, Round(quarter_start=first, quarter_end=last).title)
            for key, (first, last) in self.spans.items()
        ]
        held = set(Round.objects.filter(board__in=boards).values_list("quarter_start", flat=True))
        self.fields["quarter"].initial = next(
            (
                key
                for key, (first, last) in self.spans.items()
                if last >= today and first not in held
            ),
            None,
        )
        self.order_fields(["board", "quarter", "due"])

    def clean(self):
        cleaned = super().clean()
        board, key = cleaned.get("board"), cleaned.get("quarter")
        if not board or not key:
            return cleaned
        first, last = self.spans[key]
        if quarter_of(first, board.quarter_start_month) != (first, last):
            self.add_error("quarter", "The quarters of this board start in another month.")
        elif Round.objects.filter(board=board, quarter_start=first).exists():
            self.add_error("quarter", "There is a round for this quarter: choose another.")
        if cleaned.get("due") and cleaned["due"] < first:
            self.add_error("due", "Returns cannot be due before the quarter starts.")
        self.instance.board, self.instance.ref = board, f"{board.slug}-{key}"[:50]
        self.instance.quarter_start, self.instance.quarter_end = first, last
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        validators=[validate_text],
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Give the reason."},
    )


class ExtendForm(ReasonForm):
    """More time for one agency."""

    extended_to = DayField(
        label="New day", error_messages={"required": "Give the day until which it has time."}
    )
    field_order = ("extended_to", "reason")

    def __init__(self, *args, due, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.due, self.today = due, today

    def clean_extended_to(self):
        day = self.cleaned_data["extended_to"]
        if day <= self.due:
            raise forms.ValidationError(f"It has time until {self.due:%-d %B %Y} already.")
        if day < self.today:
            raise forms.ValidationError("Give a day that is still to come.")
        return day


class ExpectForm(ReasonForm):
    """A return that is asked for after the round has opened."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency")
    priority = forms.ModelChoiceField(Priority.objects.none(), label="Priority")
    field_order = ["agency", "priority", "reason"]

    def __init__(self, *args, round, today, **kwargs):
        super().__init__(*args, **kwargs)
        seated = Agency.objects.filter(seats__in=round.board.seats.current(today))
        self.fields["agency"].queryset = seated.distinct()
        self.fields["priority"].queryset = round.board.priorities.in_force(today)
