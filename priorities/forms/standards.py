"""The national model and how the Board meets it, as people type them."""

from django import forms
from django.utils import timezone

from board.fields import DayField
from board.models import Agency, Board
from priorities.models import Assessment, Standard

from .versions import VersionedForm

LONG = {"rows": 5}


class StandardForm(VersionedForm):
    withdrawn_on = DayField(
        label="No longer part of the model since",
        required=False,
        help_text="Leave empty while it is. What was assessed stays.",
    )

    class Meta:
        model = Standard
        fields = ["board", "theme", "statement", "source", "others", "order", "withdrawn_on"]
        labels = {
            "theme": "Theme",
            "statement": "Statement",
            "source": "Source",
            "others": "As others do it",
            "order": "Place in the list",
        }
        help_texts = {
            "statement": "One sentence that the Board meets, partly meets or does not meet.",
        }
        widgets = {"others": forms.Textarea(LONG)}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = Board.objects.filter(pk__in=user.roles.kept)
        self.fields["board"].empty_label = None
        if self.instance.pk:
            self.drop("board")
        else:
            self.drop("withdrawn_on")


class AssessmentForm(VersionedForm):
    day = DayField(label="Assessed on", initial=timezone.localdate)

    class Meta:
        model = Assessment
        fields = ["day", "verdict", "evidence", "next_step", "owner"]
        labels = {
            "verdict": "The Board meets this",
            "evidence": "Evidence",
            "next_step": "What comes next",
            "owner": "Who sees to it",
        }
        help_texts = {
            "evidence": "It can be handed to a visitor: nothing OFFICIAL-SENSITIVE.",
            "next_step": "Needed unless it is met.",
        }
        widgets = {
            "verdict": forms.RadioSelect,
            "evidence": forms.Textarea(LONG),
            "next_step": forms.Textarea(LONG),
        }
        error_messages = {
            "verdict": {"required": "Choose whether the Board meets this."},
            "evidence": {"required": "Say what shows it."},
        }

    def __init__(self, *args, standard, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.standard, self.instance.made_by = standard, by
        self.instance.statement = standard.statement
        self.fields["verdict"].choices = Assessment.Verdict.choices
        seated = standard.board.seats.current().values("agency")
        self.fields["owner"].queryset = Agency.objects.filter(pk__in=seated)
        self.fields["owner"].empty_label = "Nobody yet"

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("Enter a day that has come.")
        return day

    def clean(self):
        data = super().clean()
        if data.get("verdict") in (Assessment.Verdict.PARTLY, Assessment.Verdict.NOT_MET):
            if not data.get("next_step"):
                self.add_error("next_step", "Say what comes next, or that it is met.")
            if not data.get("owner"):
                self.add_error("owner", "Choose the agency that sees to it.")
        return data
