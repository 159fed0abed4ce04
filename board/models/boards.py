from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from board.prose import ProseField
from board.terms import Term, TermQuerySet

from .people import Agency, User


class BoardQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(pk__in=user.roles.reach)


class Board(models.Model):
    class Kind(models.TextChoices):
        PARENT = "parent", "Parent committee"
        BOARD = "board", "Board"
        WORKING_GROUP = "working_group", "Working group"

    class ChairTitle(models.TextChoices):
        CHAIR = "Chair"
        CHAIRMAN = "Chairman"

    class DecisionStyle(models.TextChoices):
        AGREED = "agreed", "AGREED"
        RESOLVED = "resolved", "RESOLVED - That …"

    class SpareSlot(models.TextChoices):
        ROTATION = "rotation", "The rotation goes on"
        REVIEW = "review", "A review of all priorities, once a year"

    # Not unique: an error would tell one board of another that shares only the installation.
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    reports_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reported_by"
    )
    established = models.DateField(null=True, blank=True)
    aim = ProseField(blank=True)
    meeting_interval = models.PositiveSmallIntegerField(
        default=3, help_text="Months between ordinary meetings"
    )
    longest_gap = models.PositiveSmallIntegerField(
        default=12, help_text="Months a priority may go without a minute; a longer gap is shown"
    )
    spare_slot = models.CharField(
        max_length=10,
        choices=SpareSlot,
        default=SpareSlot.ROTATION,
        help_text="What a meeting takes that is left in a year once each priority has had one",
    )
    notice_days = models.PositiveSmallIntegerField(
        default=5, help_text="Clear working days; advisory"
    )
    quorum = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Agencies; empty when the board has none"
    )
    remote_counts = models.BooleanField("remote attendance counts towards the quorum", default=True)
    quarter_start_month = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    chair_title = models.CharField(max_length=10, choices=ChairTitle, default=ChairTitle.CHAIR)
    decision_style = models.CharField(
        max_length=10, choices=DecisionStyle, default=DecisionStyle.AGREED
    )
    schedule_12a = models.BooleanField(
        "falls under Schedule 12A",
        default=False,
        help_text="Of the Local Government Act 1972: what is withheld names its paragraph",
    )
    action_prefix = models.CharField(
        max_length=10, default="SOC", help_text="The first part of an action's reference"
    )
    office_email = models.EmailField("office e-mail", blank=True)
    office_phone = models.CharField(max_length=30, blank=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter_start_month__gte=1, quarter_start_month__lte=12),
                name="board_board_quarter_starts_in_a_month",
            ),
            models.CheckConstraint(
                condition=Q(meeting_interval__gte=1, longest_gap__gte=1),
                name="board_board_meets_and_allows_some_months",
            ),
            models.CheckConstraint(
                condition=Q(kind="parent") | Q(reports_to__isnull=False),
                name="board_board_answers_to_somebody",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("board:detail", args=[self.slug])


class Seat(Term):
    """An agency's place on a board."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="seats")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="seats")

    class Meta(Term.Meta):
        ordering = ["agency__name"]
        constraints = [
            *Term.Meta.constraints,
            models.UniqueConstraint(
                fields=["board", "agency"],
                condition=Q(end__isnull=True),
                name="board_seat_one_open_per_agency",
            ),
        ]

    def __str__(self):
        return f"{self.agency} on {self.board}"


class AppointmentQuerySet(TermQuerySet):
    def visible_to(self, user):
        return self.filter(board__in=user.roles.reach)


class Appointment(Term):
    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        ACTING_CHAIR = "acting_chair", "Acting chair"
        DEPUTY_CHAIR = "deputy_chair", "Deputy chair"
        SECRETARY = "secretary", "Secretary"
        MEMBER = "member", "Member"
        SUBSTITUTE = "substitute", "Named substitute"
        OBSERVER = "observer", "Observer"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="appointments")
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    role = models.CharField(max_length=20, choices=Role)
    leaving_announced_on = models.DateField(null=True, blank=True)
    leaving_note = models.CharField(max_length=200, blank=True)

    objects: ClassVar = AppointmentQuerySet.as_manager()

    class Meta(Term.Meta):
        ordering = ["board", "role", "start"]
        constraints = [
            *Term.Meta.constraints,
            models.UniqueConstraint(
                fields=["board", "role"],
                condition=Q(end__isnull=True, role__in=["chair", "acting_chair"]),
                name="board_appointment_one_open_chair",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display().lower()} of {self.board}"


class TermsOfReference(models.Model):
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="terms_of_reference")
    version = models.PositiveSmallIntegerField()
    text = ProseField()
    reviewed_on = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    review_due = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["board", "-version"]
        verbose_name_plural = "terms of reference"
        constraints = [
            models.UniqueConstraint(
                fields=["board", "version"], name="board_termsofreference_one_per_version"
            )
        ]

    def __str__(self):
        return f"Terms of reference of {self.board}, version {self.version}"


class SharingAgreement(models.Model):
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="sharing_agreements")
    title = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    legal_basis = models.CharField(max_length=200, blank=True)
    text = ProseField(blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    review_due = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["board", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "version"], name="board_sharingagreement_one_per_version"
            )
        ]

    def __str__(self):
        return f"{self.title}, version {self.version}"


class SharingSignature(models.Model):
    """One row for each agency that is to sign; unsigned until it has a day."""

    agreement = models.ForeignKey(
        SharingAgreement, on_delete=models.CASCADE, related_name="signatures"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="signatures")
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField("signed by (post)", max_length=120, blank=True)

    class Meta:
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "agency"], name="board_sharingsignature_one_per_agency"
            )
        ]

    def __str__(self):
        return f"{self.agency}: {self.agreement}"


class Nomination(models.Model):
    """An office that is or will be vacant, put to the parent committee, with its answer."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="nominations")
    office = models.CharField(max_length=20, choices=Appointment.Role)
    reason = models.CharField(max_length=300)
    sought_on = models.DateField()
    put_to = models.ForeignKey(
        Board, on_delete=models.PROTECT, related_name="nominations_asked", verbose_name="put to"
    )
    answer = models.CharField(max_length=300, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-sought_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="")
                | Q(answered_on__isnull=False) & ~Q(answer=""),
                name="board_nomination_answer_has_its_day",
            )
        ]

    def __str__(self):
        return f"{self.get_office_display()} of {self.board}"
