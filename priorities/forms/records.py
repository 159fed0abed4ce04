"""Priorities, emerging threats and learning, as people type them."""

from django import forms
from django.db.models import Q
from django.forms import inlineformset_factory

from board.fields import DayField, RecordsField
from board.markings import Marking
from board.models import Agency, Appointment, Board, User
from priorities.models import EmergingThreat, Learning, LearningLink, NationalThreat, Priority

from .versions import VersionedForm

LONG = {"rows": 5}


class PriorityForm(VersionedForm):
    class Meta:
        model = Priority
        fields = [
            "board", "name", "slug", "statement", "reason", "lead_agency", "national_threats",
        ]  # fmt: skip
        labels = {
            "slug": "Word in the address",
            "statement": "Statement",
            "reason": "Why it was chosen",
            "lead_agency": "Lead agency",
            "national_threats": "Which lines of the national list it answers to",
        }
        help_texts = {"slug": "Small letters and hyphens, as in modern-slavery. It stays."}
        field_classes = {"national_threats": RecordsField}
        widgets = {
            "statement": forms.Textarea(LONG),
            "reason": forms.Textarea(LONG),
            "national_threats": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        boards = Board.objects.filter(pk__in=user.roles.kept, kind=Board.Kind.BOARD)
        self.fields["board"].queryset = boards
        self.fields["board"].empty_label = None
        if self.instance.pk:
            self.drop("board", "slug")
        self.fields["lead_agency"].queryset = Agency.objects.filter(
            seats__board__in=boards
        ).distinct()
        self.fields["national_threats"].queryset = NationalThreat.objects.current()


class ThreatForm(VersionedForm):
    """An emerging threat, raised or edited by its agency. The marking is for the lead alone."""

    marking = forms.ChoiceField(
        label="Marking",
        choices=Marking.choices,
        widget=forms.RadioSelect({"class": "options--inline"}),
        initial=Marking.OFFICIAL,
    )

    class Meta:
        model = EmergingThreat
        fields = [
            "board", "agency", "title", "description", "priority", "report_text", "marking",
            "shared_with",
        ]  # fmt: skip
        labels = {
            "agency": "Raised by",
            "title": "Title",
            "description": "What you are seeing",
            "priority": "Priority it bears on, if any",
            "report_text": "Text for the report",
            "shared_with": "Agencies that may read it when it is OFFICIAL-SENSITIVE",
        }
        help_texts = {
            "description": "What kind of thing, where, since when.",
            "report_text": "Two or three sentences anyone may read. They go nowhere until your "
            "agency clears them.",
            "shared_with": "The secretary and the chair always may. Nobody else of the Board.",
        }
        field_classes = {"shared_with": RecordsField}
        widgets = {
            "description": forms.Textarea(LONG),
            "report_text": forms.Textarea({"rows": 3}),
            "shared_with": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        roles = user.roles
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=roles.agencies)
        self.fields["agency"].empty_label = None
        self.fields["board"].queryset = Board.objects.filter(
            pk__in=roles.seated, kind=Board.Kind.BOARD
        )
        self.fields["board"].empty_label = None
        self.fields["priority"].queryset = Priority.objects.visible_to(user).in_force()
        self.fields["priority"].required = False
        self.fields["priority"].empty_label = "None of them"
        self.fields["shared_with"].queryset = Agency.objects.visible_to(user)
        gone = []
        if self.instance.pk:
            gone += ["board", "agency"]
            if not roles.lead(self.instance.agency_id):
                gone += ["marking", "shared_with"]
        self.drop(*gone)
        # One choice is no question.
        for name in ("agency", "board"):
            if name in self.fields and self.fields[name].queryset.count() == 1:
                self.fields[name].initial = self.fields[name].queryset.first()
                self.fields[name].widget = forms.HiddenInput()


class LearningForm(VersionedForm):
    day = DayField(label="Date")
    follow_up_by = DayField(label="By when", required=False)

    class Meta:
        model = Learning
        fields = [
            "board", "kind", "title", "day", "place", "who", "agency", "priorities", "themes",
            "meaning", "follow_up_agency", "follow_up_person", "follow_up_by", "report_text",
        ]  # fmt: skip
        labels = {
            "kind": "Kind",
            "title": "Title",
            "place": "Place",
            "who": "Who went, or how many it reached",
            "agency": "Agency that ran it or went, if one",
            "priorities": "Priorities it bears on",
            "themes": "Key themes",
            "meaning": "What it means for us",
            "follow_up_agency": "Agency that follows it up",
            "follow_up_person": "Person who follows it up",
            "report_text": "Text for the report",
        }
        help_texts = {
            "follow_up_agency": "Its people have it on their first page when it is due.",
            "report_text": "It goes nowhere until you clear it.",
        }
        field_classes = {"priorities": RecordsField}
        widgets = {
            "priorities": forms.CheckboxSelectMultiple,
            "themes": forms.Textarea(LONG),
            "meaning": forms.Textarea(LONG),
            "report_text": forms.Textarea(LONG),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = Board.objects.filter(pk__in=user.roles.kept)
        self.fields["board"].empty_label = None
        self.fields["agency"].queryset = Agency.objects.visible_to(user)
        self.fields["agency"].empty_label = "None"
        self.fields["priorities"].queryset = Priority.objects.visible_to(user)
        self.fields["follow_up_agency"].queryset = Agency.objects.visible_to(user)
        self.fields["follow_up_agency"].empty_label = "None"
        sitting = Appointment.objects.current().filter(board__in=user.roles.kept)
        self.fields["follow_up_person"].queryset = User.objects.filter(
            Q(pk=self.instance.follow_up_person_id) | Q(pk__in=sitting.values("person"))
        )
        self.fields["follow_up_person"].empty_label = "Nobody by name"
        if self.instance.pk:
            self.drop("board")

    def clean(self):
        cleaned = super().clean()
        named = cleaned.get("follow_up_agency") or cleaned.get("follow_up_person")
        day = cleaned.get("follow_up_by")
        if named and not day and "follow_up_by" not in self.errors:
            self.add_error("follow_up_by", "Give the day by which it is followed up.")
        if day and not named:
            self.add_error("follow_up_agency", "Say who follows it up: an agency, or a person.")
        return cleaned


class FollowUpForm(VersionedForm):
    class Meta:
        model = Learning
        fields = ["followed_up"]
        labels = {"followed_up": "What came of it"}
        help_texts = {"followed_up": "What was done with it, or why nothing is."}
        widgets = {"followed_up": forms.Textarea(LONG)}


class LinkForm(forms.ModelForm):
    address = forms.URLField(
        label="Address",
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": "Enter a full web address, with https://"},
    )

    class Meta:
        model = LearningLink
        fields = ["label", "address", "dead"]
        labels = {"label": "What the link is", "dead": "It leads nowhere any more"}
        help_texts = {"dead": ""}


LinkFormSet = inlineformset_factory(
    Learning, LearningLink, LinkForm, extra=2, max_num=20, can_delete=True
)
