from django import forms

from board.fields import DayField, RecordsField
from board.models import (
    Agency,
    Board,
    Nomination,
    SharingAgreement,
    SharingSignature,
    TermsOfReference,
)


class NominationForm(forms.ModelForm):
    class Meta:
        model = Nomination
        fields = ["office", "reason", "sought_on", "put_to"]
        field_classes = {"sought_on": DayField}
        labels = {"reason": "Why it is sought", "sought_on": "Sought on", "put_to": "Put to"}

    def __init__(self, board, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.board = board
        parents = Board.objects.filter(pk=board.reports_to_id)
        self.fields["put_to"].queryset = parents
        self.fields["put_to"].initial = parents.first()
        self.fields["put_to"].empty_label = None


class AnswerForm(forms.ModelForm):
    class Meta:
        model = Nomination
        fields = ["answer", "answered_on"]
        field_classes = {"answered_on": DayField}
        labels = {"answer": "What was answered", "answered_on": "Answered on"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = self.fields["answered_on"].required = True


class SignForm(forms.ModelForm):
    class Meta:
        model = SharingSignature
        fields = ["signed_on", "signed_by"]
        field_classes = {"signed_on": DayField}
        labels = {"signed_on": "Signed on", "signed_by": "Post of who signed"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].required = self.fields["signed_by"].required = True


class VersionForm(forms.ModelForm):
    """A new version. `base` is the version whose words were on the page when it was opened."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.required = False


class TermsForm(VersionForm):
    class Meta:
        model = TermsOfReference
        fields = ["text", "reviewed_on", "agreed_on", "review_due"]
        field_classes = {name: DayField for name in ("reviewed_on", "agreed_on", "review_due")}
        labels = {
            "text": "Terms of reference",
            "reviewed_on": "Reviewed on",
            "agreed_on": "Agreed on",
            "review_due": "To be reviewed by",
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 16})}


class AgreementForm(VersionForm):
    agencies = RecordsField(
        Agency.objects.none(),
        label="Who is to sign",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each signs this version anew; the signatures under the earlier one stay there.",
    )

    class Meta:
        model = SharingAgreement
        fields = ["title", "legal_basis", "text", "agreed_on", "review_due"]
        field_classes = {name: DayField for name in ("agreed_on", "review_due")}
        labels = {
            "legal_basis": "Legal basis",
            "text": "Agreement",
            "agreed_on": "Agreed on",
            "review_due": "To be reviewed by",
        }
        help_texts = {"legal_basis": "Such as: section 115 of the Crime and Disorder Act 1998"}
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, board, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = seated(board)


class SignatoriesForm(forms.Form):
    """More agencies to sign a version that is there."""

    agencies = RecordsField(
        Agency.objects.none(),
        label="Who is to sign as well",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose one agency at least."},
    )

    def __init__(self, agreement, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = seated(agreement.board).exclude(
            signatures__agreement=agreement
        )


def seated(board):
    return Agency.objects.filter(pk__in=board.seats.current().values("agency"))
