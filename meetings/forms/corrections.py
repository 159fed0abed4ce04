from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from meetings.models import Correction, Decision, Note
from meetings.wording import resolution

MOVED = (
    "The minutes have changed since you opened this page. Your words are kept below: look at the "
    "paragraph as it reads now, and send them again."
)


class CorrectionForm(forms.ModelForm):
    """A correction of one paragraph of one version: another version on the page is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Correction
        fields = ["wording", "reason"]
        labels = {"wording": "It should read", "reason": "Why"}
        help_texts = {"reason": "Such as: the figure in the paper was 1,250"}
        widgets = {"wording": forms.Textarea({"rows": 6})}
        error_messages = {"wording": {"required": "Enter how it should read"}}

    def __init__(self, *args, circulation, entry, **kwargs):
        """`entry` is the paragraph as that circulation has it."""
        super().__init__(*args, **kwargs)
        self.circulation, self.entry = circulation, entry
        self.initial |= {"wording": entry["text"], "version": circulation.number}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("version", "wording", "reason")

    def clean_wording(self):
        wording = self.cleaned_data["wording"]
        declared, of, _ = self.entry["text"].partition(" declared: ")
        if self.entry["kind"] == "declaration" and not wording.startswith(declared + of):
            raise forms.ValidationError(f"Begin with “{declared + of.rstrip()}”")
        if self.entry["kind"] == "decision":
            decision = self.decision()
            if decision:
                decision.text = wording
                _, wording = resolution(
                    decision, self.circulation.minutes.meeting.board.decision_style
                )
        if wording.strip() == self.entry["text"].strip():
            raise forms.ValidationError("Change the words: these are the ones it has now")
        return wording

    def clean(self):
        data = super().clean()
        if data.get("version") != self.circulation.number:
            self.data = self.data.copy()
            self.data["version"] = self.circulation.number
            raise forms.ValidationError(MOVED, code="stale")
        return data

    @property
    def stale(self):
        return self.has_error("__all__", "stale")

    def decision(self):
        return Decision.objects.filter(pk=self.entry.get("decision")).first()

    def save(self, *, by, at):
        correction = super().save(commit=False)
        correction.minutes = self.circulation.minutes
        correction.circulation = self.circulation
        correction.paragraph = self.entry["number"]
        correction.item_id = self.entry["item"]
        correction.corrects = self.decision()
        correction.was = self.entry["text"]
        correction.proposed_by, correction.proposed_at = by, at
        correction.save()
        return correction


class GroundForm(forms.ModelForm):
    """Why a part of an item is restricted, where the board falls under Schedule 12A."""

    class Meta:
        model = Note
        fields = ["withheld_paragraph", "withheld_note"]
        labels = {
            "withheld_paragraph": "Paragraph of Schedule 12A",
            "withheld_note": "Public interest",
        }
        help_texts = {
            "withheld_note": "Why the public interest in keeping it back outweighs that in telling "
            "it. The Board part and reports print this sentence: say nothing of the matter itself."
        }
        error_messages = {"withheld_paragraph": {"required": "Choose the paragraph"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["withheld_paragraph"].required = True
