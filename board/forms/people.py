from django import forms

from board.fields import DayField
from board.models import AgencyMember, Appointment, Seat, User
from board.sitting import boards_of

ONE_AT_A_TIME = (Appointment.Role.CHAIR, Appointment.Role.ACTING_CHAIR)


class PersonFields(forms.Form):
    """Who it is, by e-mail address; the name makes an account when there is none yet."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    name = forms.CharField(
        label="Name", max_length=120, required=False, help_text="Needed when the person is new here"
    )
    post = forms.CharField(
        label="Post", max_length=120, required=False, help_text="As minutes and reports name it"
    )

    invite = forms.BooleanField(
        label="Send an e-mail with a link to set a password",
        required=False,
        initial=True,
        help_text="To somebody who has none yet. Leave it out for a guest who never signs in.",
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        data = super().clean()
        email = data.get("email")
        self.person = User.objects.filter(email=email).first() if email else None
        if email and not self.person and not data.get("name"):
            self.add_error("name", "Nobody has this address yet: enter the person's name.")
        return data

    def save_person(self, kept):
        """The account of this person, new or found; inside a transaction. `kept` are the ids of
        the boards whose secretary writes: the post of somebody who also sits elsewhere stays."""
        data = self.cleaned_data
        if self.person is None:
            return User.objects.create_user(data["email"], name=data["name"], post=data["post"])
        person, post = self.person, data["post"]
        if post and post != person.post and boards_of([person])[person.pk] <= kept:
            person.post = post
            person.save(update_fields=["post"])
        return person

    @property
    def post_stays(self):
        """A sentence where the post that was typed is not the one on record; else ""."""
        if not self.person or self.cleaned_data["post"] in ("", self.person.post):
            return ""
        return f"The post on record stays: {self.person.post or 'none'}."


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="How you know that it is this person who asks",
        max_length=200,
        help_text="Such as: called back on the number of the office",
    )


class AppointForm(PersonFields):
    field_order = ["email", "name", "post", "role", "seat", "start", "invite"]
    role = forms.ChoiceField(label="Office", choices=Appointment.Role)
    seat = forms.ModelChoiceField(
        Seat.objects.none(), label="For the seat of", required=False, empty_label="No seat"
    )
    start = DayField(label="First day")

    def __init__(self, board, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.board = board
        seats = board.seats.current().select_related("agency")
        self.fields["seat"].queryset = seats
        self.fields["seat"].label_from_instance = lambda seat: seat.agency.name

    def clean(self):
        data = super().clean()
        role, start = data.get("role"), data.get("start")
        if not role or not start:
            return data
        later = self.board.appointments.filter(role=role).exclude(end__lt=start)
        if role in ONE_AT_A_TIME and (holder := later.select_related("person").first()):
            self.add_error(
                "role",
                f"{holder.person} holds this office"
                + (f" until {holder.end:%-d %B %Y}" if holder.end else "")
                + ". End that appointment first, or choose a later first day.",
            )
        elif self.person and later.filter(person=self.person, seat=data.get("seat")).exists():
            self.add_error("email", f"{self.person} holds this office already.")
        return data


class EndForm(forms.Form):
    end = DayField(label="Last day")
    reason = forms.CharField(label="Reason", max_length=200, required=False)

    def __init__(self, term, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.term = term

    def clean_end(self):
        end = self.cleaned_data["end"]
        if end < self.term.start:
            raise forms.ValidationError(
                f"It began on {self.term.start:%-d %B %Y}: give that day or a later one."
            )
        return end


class LeavingForm(forms.ModelForm):
    class Meta:
        model = Appointment
        fields = ["leaving_announced_on", "leaving_note"]
        field_classes = {"leaving_announced_on": DayField}
        labels = {"leaving_announced_on": "Announced on", "leaving_note": "What was said"}
        help_texts = {"leaving_note": "Such as: retires in the new year"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leaving_announced_on"].required = True


class MemberForm(PersonFields):
    field_order = ["email", "name", "post", "role", "start", "invite"]
    role = forms.ChoiceField(label="As", choices=AgencyMember.Role)
    start = DayField(label="First day")

    def __init__(self, agency, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.agency = agency

    def clean(self):
        data = super().clean()
        if self.person and data.get("start"):
            own = self.agency.members.filter(person=self.person, role=data.get("role"))
            if own.exclude(end__lt=data["start"]).exists():
                self.add_error("email", f"{self.person} works for this agency already.")
        return data
