"""What a board is, which agencies sit on it, and what may be corrected about its people."""

from calendar import month_name

from django import forms
from django.utils.text import slugify

from board.fields import DayField
from board.forms.facts import FactsForm
from board.models import Agency, Board, Seat, User

NARROW = {"class": "govuk-input--width-3"}
MONTHS = [(number, month_name[number]) for number in range(1, 13)]


class SettingsForm(FactsForm):
    quarter_start_month = forms.TypedChoiceField(
        label="The first quarter begins in",
        choices=MONTHS,
        coerce=int,
        help_text="Rounds that exist keep their months.",
    )

    class Meta:
        model = Board
        fields = [
            "name",
            "established",
            "aim",
            "chair_title",
            "meeting_interval",
            "spare_slot",
            "longest_gap",
            "notice_days",
            "quorum",
            "remote_counts",
            "quarter_start_month",
            "decision_style",
            "action_prefix",
            "schedule_12a",
            "office_email",
            "office_phone",
        ]
        field_classes = {"established": DayField}
        labels = {
            "established": "Set up on",
            "chair_title": "Who presides is called",
            "meeting_interval": "Months between ordinary meetings",
            "spare_slot": "Once each priority has had a meeting in the year",
            "longest_gap": "Months a priority may go without a minute",
            "notice_days": "Notice of a meeting, in clear working days",
            "quorum": "Quorum, in agencies",
            "remote_counts": "Remote attendance counts towards the quorum",
            "decision_style": "A decision is written as",
            "action_prefix": "First part of an action’s reference",
            "schedule_12a": "It falls under Schedule 12A",
            "office_email": "Office e-mail address",
            "office_phone": "Office telephone number",
        }
        help_texts = {
            "meeting_interval": "",
            "spare_slot": "Three priorities in four quarters leave one meeting.",
            "longest_gap": "A longer gap is pointed out when meetings are planned.",
            "notice_days": "Advisory: a shorter notice is pointed out, never refused.",
            "quorum": "Leave it empty if the board has none.",
            "action_prefix": "Actions that exist keep their references.",
            "schedule_12a": (
                "Of the Local Government Act 1972. What is withheld from the public then names "
                "its paragraph."
            ),
        }
        widgets = {
            "aim": forms.Textarea(attrs={"rows": 5}),
            "meeting_interval": forms.NumberInput(NARROW),
            "spare_slot": forms.RadioSelect,
            "longest_gap": forms.NumberInput(NARROW),
            "notice_days": forms.NumberInput(NARROW),
            "quorum": forms.NumberInput(NARROW),
            "action_prefix": forms.TextInput({"class": "govuk-input--width-10"}),
            "chair_title": forms.RadioSelect,
            "decision_style": forms.RadioSelect,
        }

    def clean_meeting_interval(self):
        return self.at_least_one("meeting_interval", "Give a number of months, 1 or more.")

    def clean_longest_gap(self):
        return self.at_least_one("longest_gap", "Give a number of months, 1 or more.")

    def clean_quorum(self):
        return self.at_least_one(
            "quorum", "Give a number of agencies, 1 or more, or leave it empty."
        )

    def at_least_one(self, name, sentence):
        value = self.cleaned_data[name]
        if value == 0:
            raise forms.ValidationError(sentence)
        return value


class CommitteeForm(FactsForm):
    class Meta:
        model = Board
        fields = ["name", "chair_title", "schedule_12a"]
        labels = {
            "name": "Name of the committee",
            "chair_title": "Who presides is called",
            "schedule_12a": "It falls under Schedule 12A",
        }
        help_texts = {"schedule_12a": SettingsForm.Meta.help_texts["schedule_12a"]}
        widgets = {"chair_title": forms.RadioSelect}


class AgencyForm(FactsForm):
    """`known` are the agencies among which a name must not stand twice: those that whoever
    writes may see."""

    class Meta:
        model = Agency
        fields = [
            "name",
            "short_name",
            "kind",
            "responsible_authority",
            "office_email",
            "office_phone",
            "head",
            "head_email",
        ]
        labels = {
            "short_name": "Short name",
            "responsible_authority": "It is a responsible authority",
            "office_email": "Office e-mail address",
            "office_phone": "Office telephone number",
            "head": "Head of the agency",
            "head_email": "E-mail address of the head",
        }
        help_texts = {
            "short_name": "For tables and lists, if the name is long.",
            "head": "The post above the lead, to be written to when the lead does not answer.",
            "responsible_authority": "Under section 5 of the Crime and Disorder Act 1998.",
        }

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["kind"].choices = [("", "Choose a kind"), *Agency.Kind.choices]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.known.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                f"{name} is there already: give it a seat, or enter another name."
            )
        return name


class NewAgencyForm(AgencyForm):
    start = DayField(label="First day of its seat")

    def clean(self):
        # Nobody else can have saved what is not there yet.
        self.cleaned_data["base"] = self.initial["base"]
        return super().clean()

    def save(self, commit=True):
        self.instance.slug = free_slug(self.instance.name)
        return super().save(commit)


def free_slug(name):
    """An address for a new agency, unique in the installation."""
    stem = slugify(name)[:44].strip("-") or "agency"
    taken = set(Agency.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


class SeatForm(forms.ModelForm):
    """A seat for an agency of the same secretary's that has none here."""

    class Meta:
        model = Seat
        fields = ["agency", "start"]
        field_classes = {"start": DayField}
        labels = {"start": "First day"}

    def __init__(self, board, agencies, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.board = board
        self.fields["agency"].queryset = agencies
        self.fields["agency"].empty_label = "Choose an agency"

    def clean(self):
        data = super().clean()
        if data.get("agency") and data.get("start"):
            earlier = self.instance.board.seats.filter(agency=data["agency"])
            if last := earlier.filter(end__gte=data["start"]).order_by("-end").first():
                self.add_error(
                    "start",
                    f"Its last seat runs until {last.end:%-d %B %Y}: choose a later day.",
                )
        return data


class PersonForm(FactsForm):
    class Meta:
        model = User
        fields = ["name", "post"]
        help_texts = {"post": "As minutes and reports name it"}
