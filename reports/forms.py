from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from board.fields import DayField
from board.models import Board
from meetings.forms.versioned import VersionedForm
from priorities.forms.versions import VersionedForm as BoxForm

from .layouts import read_header, typed_labels
from .models import CommitteeReport, Glossary, Paragraph, Phrase, Section
from .models import Layout as ReportLayout
from .phrases import KINDS, validate
from .reading import MAX_BYTES, NotAReport, read_report, text_lines


def helper_of(layout, button):
    helper = FormHelper()
    helper.layout = layout
    helper.add_input(Submit("save", button))
    return helper


def kept_boards(user):
    """The boards this person drafts reports for: those that answer to a committee."""
    return (
        Board.objects.filter(pk__in=user.roles.keeps, reports_to__isnull=False)
        .select_related("reports_to")
        .order_by("kind", "name")
    )


class NextForm(forms.ModelForm):
    """The days of a report: of its committee, and of the period that it covers."""

    class Meta:
        model = CommitteeReport
        fields: tuple[str, ...] = ("committee_date", "period_from", "period_to")
        field_classes = dict.fromkeys(fields, DayField)
        labels = {
            "committee_date": "Date of the committee",
            "period_from": "First day of the period",
            "period_to": "Last day of the period",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in NextForm.Meta.fields:
            self.fields[name].required = True

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", "The last day comes before the first: give a later day.")
        return cleaned


class DraftForm(NextForm):
    """Which period, for whom: the draft writes itself from that."""

    class Meta(NextForm.Meta):
        fields = (
            "board",
            "to_board",
            "committee_date",
            "period_from",
            "period_to",
            "audience",
            "purpose",
            "subject",
            "report_of",
        )
        widgets = {"audience": forms.RadioSelect, "purpose": forms.RadioSelect}
        labels = NextForm.Meta.labels | {
            "board": "From",
            "to_board": "To",
            "audience": "Who may read it",
        }
        help_texts = {
            "audience": "Only words cleared for these readers enter the draft.",
            "subject": "",
        }

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        boards = kept_boards(user)
        self.fields["board"].queryset = boards
        self.fields["board"].empty_label = None
        self.fields["to_board"].queryset = Board.objects.filter(
            pk__in=[board.reports_to_id for board in boards]
        )
        self.fields["to_board"].empty_label = None
        for name in ("subject", "report_of"):
            self.fields[name].required = False
        self.helper = helper_of(
            Layout(
                Row("board", "to_board"),
                "committee_date",
                Row("period_from", "period_to"),
                Row("audience", "purpose"),
                "subject",
                "report_of",
            ),
            "Draft from the record",
        )

    def clean(self):
        cleaned = super().clean()
        board, to_board = cleaned.get("board"), cleaned.get("to_board")
        if board and to_board and board.reports_to_id != to_board.pk:
            self.add_error("to_board", f"The {board} answers to the {board.reports_to}.")
        return cleaned


class ReportForm(BoxForm):
    """Header, summary, recommendations and contact of a draft."""

    place = "Header, summary and contact"

    class Meta:
        model = CommitteeReport
        fields = (
            "subject",
            "report_of",
            "committee_date",
            "purpose",
            "audience",
            "layout",
            "summary",
            "recommendations",
            "appendices",
            "background_papers",
            "contact",
            "changes",
        )
        field_classes = {"committee_date": DayField}
        widgets = {
            "purpose": forms.RadioSelect(attrs={"class": "options--inline"}),
            "audience": forms.RadioSelect(attrs={"class": "options--inline"}),
            "summary": forms.Textarea(attrs={"rows": 5}),
            "recommendations": forms.Textarea(attrs={"rows": 3}),
            "appendices": forms.Textarea(attrs={"rows": 2}),
            "background_papers": forms.Textarea(attrs={"rows": 2}),
            "contact": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {"audience": "Who may read it", "committee_date": "Date of the committee"}
        error_messages = {
            "subject": {"required": "Enter the subject"},
            "report_of": {"required": "Enter whose report it is: post and agency"},
            "changes": {"required": "Enter what changed since the report was last issued"},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        report = self.instance
        if report.changes:
            self.fields["changes"].required = True
        else:  # it was never issued
            del self.fields["changes"]
        self.fields["layout"].queryset = ReportLayout.objects.filter(
            Q(board__isnull=True) | Q(board=report.board_id)
        )
        self.fields["layout"].empty_label = "The usual three rows"
        for part in report.layout.left_out if report.layout else ():
            name = part.replace(" ", "_")
            if getattr(report, name):
                self.fields[name].help_text = "Not printed: this form of report has no such part."
            else:
                del self.fields[name]
        self.rows = {}
        given = dict(report.header_rows)
        labels = typed_labels(read_header(report.layout.header)) if report.layout else []
        for number, label in enumerate(dict.fromkeys([*labels, *given])):
            name = f"row-{number}"
            self.rows[name] = label
            self.fields[name] = forms.CharField(
                label=label.rstrip(":"), max_length=300, required=False, initial=given.get(label)
            )
        self.count_fields()

    def clean(self):
        cleaned = super().clean()
        rows = [[label, cleaned.get(name, "")] for name, label in self.rows.items()]
        self.instance.header_rows = [[label, text] for label, text in rows if text]
        return cleaned


class SectionForm(BoxForm):
    place = "A heading"

    class Meta:
        model = Section
        fields = ("heading",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["heading"].required = False


class ParagraphForm(BoxForm):
    """One box. It may be empty while the report is written; an empty one is not printed."""

    class Meta:
        model = Paragraph
        fields = ("text", "numbered")
        labels = {"numbered": "Numbered"}

    def __init__(self, *args, where="", **kwargs):
        super().__init__(*args, **kwargs)
        self.place = where or "Paragraph"
        self.fields["text"].required = False
        self.fields["text"].label = where or "Paragraph"
        self.summary_label = where
        text = self.initial.get("text") or ""
        rows = sum(max(1, -(-len(line) // 66)) for line in text.split("\n")) + 1
        self.fields["text"].widget = forms.Textarea(
            attrs={"rows": min(max(rows, 3), 24), "aria-label": where or "Paragraph"}
        )

    def save(self, commit=True):
        # Whoever changes what was carried over has looked at it.
        self.instance.carried_from = ""
        return super().save(commit)


class GlossaryForm(VersionedForm):
    class Meta:
        model = Glossary
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 16})}

    def clean_text(self):
        text = self.cleaned_data["text"]
        for line in text.splitlines():
            short, colon, long = line.partition(":")
            if line.strip() and not (short.strip() and colon and long.strip()):
                raise ValidationError(
                    f"Write “{line.strip()[:60]}” as a short form, a colon and the long form."
                )
        return text


class LayoutForm(VersionedForm):
    class Meta:
        model = ReportLayout
        fields = ("name", "header", "order", "lead_in", "marks")
        widgets = {
            "header": forms.Textarea(attrs={"rows": 8}),
            "order": forms.Textarea(attrs={"rows": 8}),
            "marks": forms.RadioSelect,
        }

    def clean_name(self):
        """The board is no field of the form, so the database would be the first to object."""
        name = self.cleaned_data["name"]
        same = ReportLayout.objects.filter(board=self.instance.board, name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another form of this board has that name: enter another.")
        return name


class PhrasesForm(forms.Form):
    """How a board words each kind of drafted paragraph; an emptied box is the usual wording."""

    def __init__(self, board, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.board = board
        self.own = {phrase.kind: phrase for phrase in Phrase.objects.filter(board=board)}
        for name, kind in KINDS.items():
            names = ", ".join(f"{{{each}}}" for each in kind.names)
            self.fields[name] = forms.CharField(
                label=kind.label,
                max_length=1000,
                required=False,
                initial=self.own[name].text if name in self.own else kind.text,
                help_text=f"May use {names}" if names else "",
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self):
        cleaned = super().clean()
        for name in KINDS:
            text = " ".join(cleaned.get(name, "").split())
            try:
                if text:
                    validate(name, text)
            except ValidationError as error:
                self.add_error(name, error)
            cleaned[name] = text
        return cleaned

    def save(self):
        for name, kind in KINDS.items():
            text, own = self.cleaned_data[name], self.own.get(name)
            if text in ("", kind.text):
                if own:
                    own.delete()
            elif own is None or own.text != text:
                own = own or Phrase(board=self.board, kind=name)
                own.text = text
                own.save()


class ImportForm(forms.Form):
    """An earlier report: a file, or its text pasted."""

    board = forms.ModelChoiceField(Board.objects.none(), label="Report of", empty_label=None)
    file = forms.FileField(
        label="File",
        required=False,
        help_text="Plain text, Markdown, Word (.docx) or a web page (.html), up to 2 MB.",
    )
    pasted = forms.CharField(
        label="Or paste its text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "data-pasted": ""}),
    )
    # The same words with their headings and lists, where they were copied from a page or from
    # Word; static/js/import.js fills it in, and empties it when the words are changed afterwards.
    page = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = kept_boards(user)
        self.helper = helper_of(Layout("board", "file", "pasted", "page"), "Read the report")

    def clean_file(self):
        """The lines of the file; None when none was given."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > MAX_BYTES:
            raise ValidationError(f"This file is larger than {MAX_BYTES // 1_000_000} MB.")
        try:
            return read_report(file.read(), file.name)
        except NotAReport as error:
            raise ValidationError(str(error)) from error

    def clean(self):
        cleaned = super().clean()
        pasted = cleaned.get("page") or cleaned.get("pasted") or ""
        self.lines = cleaned.get("file") or text_lines(pasted)
        if not self.errors and not any(map(str.strip, self.lines)):
            self.add_error("file", "Choose a file, or paste the text.")
        return cleaned
