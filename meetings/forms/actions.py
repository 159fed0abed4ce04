from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.db.models import Q

from board.fields import DayLineField, RecordsField
from board.models import Agency
from meetings.models import Action
from priorities.models import Objective, Priority

from .versioned import VersionedForm

THE_BOARD = "board"


class OwnerField(forms.ChoiceField):
    """An agency with a seat on the board, or the Board itself; gives an Agency, or None."""

    def __init__(self, **kwargs):
        super().__init__(
            label="Owner",
            error_messages={"required": "Choose who owns it"},
            **kwargs,
        )

    def offer(self, board, day, also=None):
        seated = Agency.objects.filter(pk__in=board.seats.current(day).values("agency"))
        agencies = Agency.objects.filter(Q(pk__in=seated) | Q(pk=also))
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.choices = [
            ("", "Choose"),
            *((key, agency.name) for key, agency in self.agencies.items()),
            (THE_BOARD, f"The Board ({board})"),
        ]

    def clean(self, value):
        return self.agencies.get(super().clean(value))


class OwnedForm(VersionedForm):
    """Who owns an action and who does it: a person on the list, another officer, or nobody yet."""

    owner = OwnerField()
    who = forms.CharField(
        label="Person",
        max_length=120,
        required=False,
        help_text="Empty means officer to be confirmed",
    )

    def offer(self, board, day, people):
        """`people` are those of the board, whose names are recognised."""
        action = self.instance
        self.people = {}
        for person in people:
            self.people.setdefault(person.name.casefold(), person)
        self.fields["owner"].offer(board, day, also=action.agency_id)
        self.fields["who"].widget.attrs |= {"list": "people", "autocomplete": "off"}
        if action.pk:
            self.initial["owner"] = THE_BOARD if action.board_owns else str(action.agency_id)
            self.initial["who"] = str(action.person) if action.person_id else action.officer

    def clean(self):
        data = super().clean()
        agency, who = data.get("owner"), (data.get("who") or "").strip()
        if "owner" in data:
            self.instance.agency = agency
            self.instance.board_owns = agency is None
        self.instance.person = self.people.get(who.casefold())
        self.instance.officer = "" if self.instance.person else who
        return data


class ActionForm(OwnedForm):
    """Change an action. What was first agreed stays; a new day is a promise, with its note."""

    due = DayLineField(label="Due", error_messages={"required": "Enter the day it is due"})
    promise_note = forms.CharField(
        label="Why the day changes", max_length=300, required=False, help_text="Asked when it does"
    )

    class Meta:
        model = Action
        fields = ["wording", "supporting", "due", "priority", "objective"]
        labels = {"wording": "What is to be done", "supporting": "Supporting agencies"}
        field_classes = {"supporting": RecordsField}
        widgets = {
            "wording": forms.Textarea({"rows": 3}),
            "supporting": forms.CheckboxSelectMultiple,
        }
        error_messages = {"wording": {"required": "Enter what is to be done"}}

    def __init__(self, *args, day, people, **kwargs):
        super().__init__(*args, **kwargs)
        action = self.instance
        self.offer(action.board, day, people)
        boards = [action.board_id, action.board.reports_to_id]
        self.fields["supporting"].queryset = Agency.objects.filter(
            Q(pk__in=action.board.seats.current(day).values("agency"))
            | Q(pk__in=action.supporting.values("pk"))
        )
        self.fields["priority"].queryset = Priority.objects.filter(board__in=boards)
        self.fields["priority"].empty_label = "All"
        self.fields["objective"].queryset = Objective.objects.filter(priority__board__in=boards)
        self.fields["objective"].empty_label = "None"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "version",
            "wording",
            Row("owner", "who"),
            "supporting",
            Row("due", "promise_note"),
            Row("priority", "objective"),
        )

    @property
    def new_day(self):
        return self.cleaned_data["due"] if "due" in self.changed_data else None

    def clean(self):
        data = super().clean()
        due = data.get("due")
        if due and due < self.instance.agreed_on:
            self.add_error("due", "Give a day that is not before the action was agreed")
        if due and "due" in self.changed_data and not (data.get("promise_note") or "").strip():
            self.add_error("promise_note", "Enter why the day changes")
        return data
