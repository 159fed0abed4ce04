from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from board.roles import Roles
from board.terms import Term


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A person; without a password they never sign in, such as a guest from Whitehall."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=120, blank=True, help_text="As minutes and reports name it")
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("may edit reference data", default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="board_user_email_is_lower_case"
            )
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def named(self):
        """Name and post; said once where the post is the name."""
        return self.name if self.post in ("", self.name) else f"{self.name}, {self.post}"

    @cached_property
    def roles(self):
        """What this person is today. Loaded once: a request has its own User object."""
        return Roles(self)


class AgencyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own agencies, and those with a seat on a board in reach."""
        return self.filter(
            models.Q(pk__in=user.roles.agencies)
            | models.Q(pk__in=Agency.objects.filter(seats__board__in=user.roles.reach).values("pk"))
        )


class Agency(models.Model):
    class Kind(models.TextChoices):
        POLICE = "police", "Police"
        FIRE = "fire", "Fire and rescue"
        COUNCIL = "council", "Council department"
        HEALTH = "health", "Health"
        PROBATION = "probation", "Probation"
        GOVERNMENT = "government", "Government department"
        VOLUNTARY = "voluntary", "Voluntary sector"
        OTHER = "other", "Other"

    # Not unique: boards that do not see each other may each know a "Police".
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    responsible_authority = models.BooleanField(
        "responsible authority",
        default=False,
        help_text="Under section 5 of the Crime and Disorder Act 1998",
    )
    office_email = models.EmailField("office e-mail", blank=True)
    office_phone = models.CharField(max_length=30, blank=True)
    head = models.CharField(
        "head of the agency",
        max_length=120,
        blank=True,
        help_text="The post to write to when the lead does not answer",
    )
    head_email = models.EmailField("e-mail of the head", blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("board:agency", args=[self.slug])

    @property
    def short(self):
        return self.short_name or self.name


class AgencyMember(Term):
    class Role(models.TextChoices):
        LEAD = "lead", "Lead"
        CONTRIBUTOR = "contributor", "Contributor"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="agency_memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=20, choices=Role)

    class Meta(Term.Meta):
        ordering = ["agency", "role", "start"]

    def __str__(self):
        return f"{self.person}, {self.get_role_display().lower()} for {self.agency}"
