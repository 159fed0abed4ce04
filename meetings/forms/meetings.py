import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.db.models import Q
from django.utils import timezone

from board.fields import DayField
from board.forms import NoteForm
from board.models import Board
from meetings.agenda import people_of
from meetings.models import AgendaItem, Meeting
from priorities.models import Priority, Round

from .versioned import VersionedForm


class TimeInput(forms.TextInput):
    def __init__(self):
        super().__init__({"class": "govuk-input--width-5", "inputmode": "text"})

    def format_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else value


class TimeField(forms.TimeField):
    """A time of day: 10:00, 10.00 or 1000."""

    widget = TimeInput
    default_error_messages = {"invalid": "Give a time, such as 10:00"}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H%M", "%I.%M %p", "%I:%M %p"], **kwargs)


def moment(day, time):
    return timezone.make_aware(datetime.datetime.combine(day, time))


class WhenFields(forms.Form):
    """One day and its times of day; `starts_at` and `ends_at` are aware once it is valid, None
    where the day may be left out and is."""

    day = DayField(label="Day", error_messages={"required": "Enter the day"})
    starts = TimeField(label="Starts", error_messages={"required": "Enter when it starts"})
    ends = TimeField(label="Is to end", error_messages={"required": "Enter when it is to end"})
    starts_at = ends_at = None

    def clean(self):
        data = super().clean()
        day, starts, ends = data.get("day"), data.get("starts"), data.get("ends")
        if day and starts and ends:
            if ends <= starts:
                self.add_error("ends", "It must end after it starts")
            else:
                self.starts_at, self.ends_at = moment(day, starts), moment(day, ends)
        return data


class AgainForm(WhenFields):
    """When a meeting that was called off or broken off is held instead, or goes on."""

    venue = forms.CharField(max_length=120, required=False)
    link = forms.URLField(
        label="Link for those who join remotely", required=False, assume_scheme="https"
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.initial |= {
            "starts": timezone.localtime(meeting.starts_at).time(),
            "ends": timezone.localtime(meeting.ends_at).time(),
            "venue": meeting.venue,
            "link": meeting.link,
        }

    def clean(self):
        data = super().clean()
        if self.starts_at and self.starts_at <= self.meeting.starts_at:
            self.add_error("day", f"Give a day after {self.meeting.day:%-d %B %Y}")
        return data

    @property
    def new_date(self):
        """What `plan_again` takes, or nothing when no date is fixed."""
        data = self.cleaned_data
        if self.starts_at is None:
            return None
        return {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "venue": data["venue"],
            "link": data["link"],
        }


class CallOffForm(AgainForm, NoteForm):
    """The reason, and the new date if it is fixed already."""

    field_order = ["note"]

    def __init__(self, transition, *args, meeting, **kwargs):
        super().__init__(transition, *args, meeting=meeting, **kwargs)
        for name in ("day", "starts", "ends"):
            self.fields[name].required = False
        self.fields["day"].label = "New day"
        self.fields["day"].help_text = "Leave it empty when no day is fixed yet"

    def clean(self):
        data = super().clean()
        if data.get("day"):
            for name in ("starts", "ends"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, self.fields[name].error_messages["required"])
        return data


class MeetingForm(WhenFields, forms.ModelForm):
    """Plan or change a meeting: one day, with its times of day."""

    link = forms.URLField(
        label="Link for those who join remotely", required=False, assume_scheme="https"
    )
    began = TimeField(label="Really began", required=False)
    finished = TimeField(label="Really ended", required=False)

    class Meta:
        model = Meeting
        fields = [
            "board",
            "kind",
            "venue",
            "link",
            "focus_priority",
            "reviews_all",
            "round",
            "presiding",
        ]
        help_texts = {"reviews_all": ""}
        labels = {
            "focus_priority": "Focus priority",
            "reviews_all": "It reviews all priorities instead",
            "round": "Round of returns",
            "presiding": "Who presides",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        kept = user.roles.kept
        meeting = self.instance
        self.fields["board"].queryset = Board.objects.filter(pk__in=kept)
        above = Board.objects.filter(reported_by__in=kept).values("pk")
        boards = Q(board__in=kept) | Q(board__in=above)
        self.fields["focus_priority"].queryset = Priority.objects.filter(boards).exclude(
            state=Priority.State.RETIRED
        ) | Priority.objects.filter(pk=meeting.focus_priority_id)
        self.fields["round"].queryset = Round.objects.filter(boards)
        people = [people_of(board, timezone.localdate()) for board in self.fields["board"].queryset]
        self.fields["presiding"].queryset = self.fields["presiding"].queryset.filter(
            Q(pk=meeting.presiding_id) | Q(pk__in=[row.pk for rows in people for row in rows])
        )
        self.fields["focus_priority"].empty_label = "None in particular"
        self.fields["round"].empty_label = "None"
        self.fields["presiding"].empty_label = "The chair"
        self.fields["board"].empty_label = None
        if meeting.pk:
            # The reference names the board: another board is another meeting.
            del self.fields["board"]
            local = timezone.localtime
            self.initial |= {
                "day": meeting.day,
                "starts": local(meeting.starts_at).time(),
                "ends": local(meeting.ends_at).time(),
                "began": meeting.began_at and local(meeting.began_at).time(),
                "finished": meeting.finished_at and local(meeting.finished_at).time(),
            }
        else:
            del self.fields["began"], self.fields["finished"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout()

    def _layout(self):
        rows = [Row("starts", "ends")]
        if self.instance.pk:
            rows.append(Row("began", "finished"))
        who = [] if self.instance.pk else ["board"]
        return Layout(
            Fieldset(
                "Which meeting", *who, "kind", "focus_priority", "reviews_all", "round", "presiding"
            ),
            Fieldset("When and where", "day", *rows, "venue", "link"),
        )

    def clean(self):
        data = super().clean()
        day = data.get("day")
        if self.starts_at:
            self.instance.starts_at, self.instance.ends_at = self.starts_at, self.ends_at
        if self.instance.pk and day:
            began, finished = data.get("began"), data.get("finished")
            if began and finished and finished <= began:
                self.add_error("finished", "It must have ended after it began")
            else:
                self.instance.began_at = moment(day, began) if began else None
                self.instance.finished_at = moment(day, finished) if finished else None
        board = data.get("board") or (self.instance.board if self.instance.pk else None)
        for name in ("focus_priority", "round"):
            record = data.get(name)
            if board and record and record.board_id not in (board.pk, board.reports_to_id):
                self.add_error(name, f"This belongs to another board than {board}")
        if data.get("reviews_all") and data.get("focus_priority"):
            self.add_error(
                "reviews_all", "Choose either a focus priority or the review of all priorities"
            )
        if board and data.get("kind"):
            self._clean_kind(board, data)
        return data

    def _clean_kind(self, board, data):
        group = board.kind == Board.Kind.WORKING_GROUP
        kind = data["kind"]
        if group and kind == Meeting.Kind.ORDINARY:
            data["kind"] = Meeting.Kind.WORKING_GROUP
        elif not group and kind == Meeting.Kind.WORKING_GROUP:
            self.add_error("kind", f"Choose another kind: {board} is not a working group")
        elif kind == Meeting.Kind.EXTRAORDINARY and data.get("round"):
            self.add_error("round", "Choose none: an extraordinary meeting takes no returns")


class AgendaItemForm(VersionedForm):
    class Meta:
        model = AgendaItem
        fields = [
            "title",
            "purpose",
            "presenter",
            "minutes_allotted",
            "priority",
            "recommendation",
            "urgency_reason",
            "urgency_agreed_by",
        ]
        labels = {
            "minutes_allotted": "Minutes",
            "recommendation": "Draft recommendation",
            "urgency_reason": "If it is late: why it cannot wait",
            "urgency_agreed_by": "Who agreed that it is urgent",
        }
        help_texts = {
            "recommendation": "One press turns it into the decision when the item is minuted",
            "presenter": "Post or agency",
        }
        error_messages = {"title": {"required": "Enter the title"}}

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["priority"].queryset = Priority.objects.filter(
            board__in=[meeting.board_id, meeting.board.reports_to_id]
        )
        self.fields["priority"].empty_label = "None"
        self.fields["recommendation"].widget.attrs["rows"] = 3
        self.fields["minutes_allotted"].widget.attrs["class"] = "govuk-input--width-3"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "version",
            "title",
            Row("purpose", "minutes_allotted"),
            "presenter",
            "priority",
            "recommendation",
            Row("urgency_reason", "urgency_agreed_by"),
        )

    def clean(self):
        data = super().clean()
        if bool(data.get("urgency_reason")) != bool(data.get("urgency_agreed_by")):
            if data.get("urgency_reason"):
                self.add_error("urgency_agreed_by", "Enter who agreed that it is urgent")
            else:
                self.add_error("urgency_reason", "Enter why it cannot wait")
        return data
