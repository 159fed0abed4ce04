"""What the secretary writes down about a return that came by letter or e-mail."""

from django import forms

from board.fields import DayField
from priorities.models import AgencyReturn

from .versions import VersionedForm


class EntryForm(VersionedForm):
    """Who sent a letter or an e-mail that is typed in, when, and the file itself."""

    sender = forms.CharField(
        label="Sent by",
        max_length=120,
        help_text="The post and agency, as in “Partnership inspector, City police”.",
        error_messages={"required": "Say who sent this return."},
    )
    sent_on = DayField(label="Sent on", error_messages={"required": "Give the day it was sent."})
    original = forms.FileField(
        label="The letter or e-mail itself",
        required=False,
        max_length=120,
        help_text="PDF, Word, OpenDocument, e-mail (.eml, .msg), text or picture; up to 5 MB.",
        error_messages={"empty": "This file is empty: choose another."},
    )

    class Meta:
        model = AgencyReturn
        fields = ()

    def __init__(self, data, files, *, instance, today, has_original):
        written = {"sender": instance.sender, "sent_on": instance.sent_on}
        super().__init__(data, files, instance=instance, initial=written)
        self.today = today
        self.has_original = has_original
        act = data.get("act") if data is not None else ""
        self.needs_original = act in ("enter", "read")
        if act == "read":
            # An e-mail says itself who sent it and when.
            self.fields["sender"].required = self.fields["sent_on"].required = False
        # The file does not save itself, and two senders are not joined into one.
        self.texts, self.prose = ["sender", "sent_on"], []
        if has_original:
            self.fields["original"].label = "Another file instead of the one kept"

    def add_prefix(self, field_name):
        """The two questions are of the same record, and have these two of their own."""
        return f"letter-{field_name}" if field_name in ("version", "seen") else field_name

    def save(self, commit=True):
        """The sender and the day alone: other words of the record may wait for a choice."""
        self.instance.sender = self.cleaned_data["sender"]
        self.instance.sent_on = self.cleaned_data["sent_on"]
        self.instance.version += 1
        self.initial |= {name: self.cleaned_data[name] for name in self.texts}
        self.instance.save(update_fields=["sender", "sent_on", "version"])
        return self.instance

    def clean_sent_on(self):
        day = self.cleaned_data["sent_on"]
        if day and day > self.today:
            raise forms.ValidationError("The day it was sent cannot lie ahead.")
        return day

    def clean_original(self):
        upload = self.cleaned_data["original"]
        if upload is None:
            if self.needs_original and not self.has_original:
                raise forms.ValidationError("Choose the file in which the return came.")
            return None
        if upload.size > 5_000_000:
            raise forms.ValidationError("This file is over 5 MB: choose a smaller one.")
        self.content = upload.read()
        if not is_what_it_says(upload.name, self.content):
            raise forms.ValidationError(
                "This is not a PDF, Word, OpenDocument, e-mail, text or picture file, "
                "or its name says something else."
            )
        return upload


BEGINNINGS = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "msg": b"\xd0\xcf\x11\xe0",
    "doc": b"\xd0\xcf\x11\xe0",
    "png": b"\x89PNG",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
}


def is_what_it_says(name, content):
    """Whether the bytes are of the kind that the file's name promises."""
    kind = name.rpartition(".")[2].lower()
    if kind in ("txt", "eml"):
        return b"\x00" not in content
    return kind in BEGINNINGS and content.startswith(BEGINNINGS[kind])
