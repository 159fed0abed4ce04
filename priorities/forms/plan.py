"""Who answers for what, the objectives of the plan, and the lines of the national list."""

from django import forms

from board.fields import DayField
from board.models import Agency, Seat
from priorities.models import NationalThreat, Objective, Responsibility

from .versions import VersionedForm


def seated(boards):
    """Agencies with a seat today on any of these boards."""
    return Agency.objects.filter(
        pk__in=Seat.objects.current().filter(board__in=boards).values("agency")
    )


class ResponsibilityForm(forms.ModelForm):
    """One agency takes something on from a day."""

    class Meta:
        model = Responsibility
        fields = ["agency", "role", "answers_for", "start"]
        field_classes = {"start": DayField}
        labels = {"answers_for": "What it answers for", "start": "From"}
        help_texts = {
            "role": "Lead and contributing agencies are asked for a return each quarter; informed "
            "ones are not."
        }

    def __init__(self, *args, priority, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.priority, self.initial["start"] = priority, today
        self.fields["agency"].queryset = seated([priority.board_id])

    def clean(self):
        cleaned = super().clean()
        agency, start = cleaned.get("agency"), cleaned.get("start")
        if agency and start:
            others = self.instance.priority.responsibilities.filter(agency=agency)
            if others.filter(end=None).exists():
                self.add_error(
                    "agency", "It answers for this priority already: give that its last day first."
                )
            elif others.filter(end__gte=start).exists():
                self.add_error("start", "It still answered for this priority on that day.")
        return cleaned


class ObjectiveForm(VersionedForm):
    """A line of the plan, as the secretary writes it."""

    due = DayField(label="Due", error_messages={"required": "Give the day by which it is due."})

    class Meta:
        model = Objective
        fields = ["strand", "title", "owner", "due", "measure", "progress", "progress_note"]
        labels = {
            "strand": "Of the 4 Ps",
            "title": "Objective",
            "progress_note": "Where it stands, in a sentence",
        }
        help_texts = {"measure": "How anybody can tell that it is met"}

    def __init__(self, *args, priority, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.priority = priority
        owners = seated([priority.board_id])
        if self.instance.owner_id:
            owners |= Agency.objects.filter(pk=self.instance.owner_id)
        self.fields["owner"].queryset = owners.distinct()


class ProgressForm(VersionedForm):
    """Where a line of the plan stands, as its owner says."""

    class Meta:
        model = Objective
        fields = ["progress", "progress_note"]
        labels = {"progress_note": "Where it stands, in a sentence"}


class NationalThreatForm(VersionedForm):
    valid_from = DayField(
        label="Listed from", error_messages={"required": "Give the day from which it is listed."}
    )
    valid_to = DayField(label="Listed until", required=False)

    class Meta:
        model = NationalThreat
        fields = ["name", "source", "valid_from", "valid_to", "monitored_by", "order"]
        labels = {"monitored_by": "Who monitors it here", "order": "Place in the list"}
        help_texts = {
            "source": "The document that lists it, with its date",
            "monitored_by": "For a line without a priority of its own, the agency that watches it",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        watchers = seated(user.roles.kept)
        if self.instance.monitored_by_id:
            watchers |= Agency.objects.filter(pk=self.instance.monitored_by_id)
        self.fields["monitored_by"].queryset = watchers.distinct()

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "It cannot leave the list before it is on it.")
        return cleaned
