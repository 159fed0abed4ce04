from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from board.fields import RecordsField
from board.markings import Marking
from board.models import Agency
from meetings.models import Paper, Part
from meetings.papers import KINDS, MAX_MEGABYTES, TYPES, read_upload

from .versioned import VersionedForm

Timing = Paper.Timing
ENDINGS = ",".join(f".{kind}" for kind in TYPES)


class PaperForm(VersionedForm):
    """A paper and its file. `cleaned_data["upload"]` is a meetings.papers.Upload or None."""

    upload = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,  # read_upload says what to do about one
        help_text=f"{KINDS}, up to {MAX_MEGABYTES} MB. A PDF joins the pack; any other file stays "
        "by itself on the meeting’s page. Scripts, comments and attached files in a PDF are left "
        "out.",
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )

    class Meta:
        model = Paper
        fields = ["title", "timing", "reason", "part", "marking", "shared_with"]
        labels = {
            "timing": "When it comes",
            "reason": "If it does not come with the agenda: why",
            "shared_with": "If it is restricted: agencies whose members may read it",
        }
        help_texts = {
            "title": "Everybody invited reads the title of a paper in the Board part",
            "shared_with": "The secretary, the chair and who presides always may. Nobody else.",
        }
        field_classes = {"shared_with": RecordsField}
        widgets = {
            "timing": forms.RadioSelect,
            "part": forms.RadioSelect({"class": "options--inline"}),
            "marking": forms.RadioSelect({"class": "options--inline"}),
            "shared_with": forms.CheckboxSelectMultiple,
        }
        error_messages = {"title": {"required": "Enter the title"}}

    def __init__(self, *args, meeting, has_file=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting, self.has_file = meeting, has_file
        paper = self.instance
        published = meeting.published_at is not None
        if paper.pk and (published or paper.timing != Timing.TO_FOLLOW):
            # When it came, and why, is on record.
            del self.fields["timing"], self.fields["reason"]
        else:
            after = (Timing.SUPPLEMENTARY, Timing.TABLED)
            before = (Timing.WITH_AGENDA, Timing.TO_FOLLOW)
            offered = after if published else before
            self.fields["timing"].choices = [(each.value, each.label) for each in offered]
            if not paper.pk:
                self.initial["timing"] = offered[0]
        if has_file and published:
            # What was sent out stays as it was: a new wording is another paper.
            del self.fields["upload"]
        elif has_file:
            self.fields["upload"].label = "Another file instead of this one"
        self.fields["shared_with"].queryset = Agency.objects.filter(
            seats__in=meeting.board.seats.current(meeting.day)
        ).distinct()
        self.helper = FormHelper()
        self.helper.form_tag = False
        order = ["title", "upload", "timing", "reason", "part", "marking", "shared_with"]
        self.helper.layout = Layout(*(name for name in order if name in self.fields), "version")

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        return read_upload(upload, title=self.cleaned_data.get("title", "")) if upload else None

    def clean(self):
        data = super().clean()
        timing = data.get("timing") or self.instance.timing
        if "timing" in self.fields and timing != Timing.WITH_AGENDA and not data.get("reason"):
            self.add_error("reason", "Say why it does not come with the agenda")
        if "upload" in self.fields and "upload" not in self.errors:
            if data.get("upload") and timing == Timing.TO_FOLLOW and not self.meeting.published_at:
                data["timing"], data["reason"] = Timing.WITH_AGENDA, ""
                self._errors.pop("reason", None)
            needed = timing in (Timing.WITH_AGENDA, Timing.SUPPLEMENTARY)
            if needed and not (data.get("upload") or self.has_file):
                self.add_error("upload", "Choose the file, or say that it is to follow")
        if data.get("marking") == Marking.SENSITIVE and data.get("part") == Part.BOARD:
            self.add_error("part", "What is OFFICIAL-SENSITIVE belongs in the restricted part")
        if (
            self.errors
            and self.files.get(self.add_prefix("upload"))
            and "upload" not in self.errors
        ):
            self.add_error("upload", "Choose the file again: the browser does not keep it")
        return data
